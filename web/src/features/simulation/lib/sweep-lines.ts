import type { Point } from '../../../viewers/line-path.ts'
import type { Sweep } from '../types.ts'

/**
 * A measure over the first varied setting whose values are numbers; a line for each combination of the other settings. Undefined
 * when no setting is a number or nothing has been measured.
 */
export function sweepLines(
  { parameters, groups }: Pick<Sweep, 'parameters' | 'groups'>,
  measure: string,
): { path: string; lines: { id: string; label: string; points: Point[] }[] } | undefined {
  const axis = parameters.find(({ values }) => values.length > 1 && values.every((value) => typeof value === 'number'))
  if (!axis) return undefined
  const lines = new Map<string, Point[]>()
  for (const { parameters: own, measures } of groups) {
    const y = measures[measure]?.mean
    if (y === null || y === undefined) continue
    const { [axis.path]: x, ...others } = own
    const label =
      Object.entries(others)
        .map(
          ([path, value]) => `${path.split('.').at(-1)} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
        )
        .join(', ') || measure
    lines.set(label, [...(lines.get(label) ?? []), { x: x as number, y }])
  }
  if (lines.size === 0) return undefined
  const drawn = [...lines].map(([label, points]) => ({ id: label, label, points: points.sort((a, b) => a.x - b.x) }))
  return { path: axis.path.split('.').at(-1) ?? axis.path, lines: drawn.slice(0, 8) }
}
