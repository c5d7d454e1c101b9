import { UsageError } from '../loop/core/errors.ts'
import type { EventService } from '../service/event-service.ts'
import { isWanted } from './metrics-csv.ts'
import { type PlotLine, plotSvg } from './plot-svg.ts'
import { runValues } from './run-values.ts'
import { byKey, keyOf, variableName } from './variable-keys.ts'

const number = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : undefined

/** Points of numeric variables by turn. */
async function linesOf(
  service: EventService,
  id: string,
): Promise<Map<string, PlotLine & { points: [number, number][] }>> {
  const lines = new Map<string, PlotLine & { points: [number, number][] }>()
  for await (const { turn, values } of runValues(service, id))
    for (const [key, value] of values) {
      const y = number(value)
      if (y === undefined) continue
      const line = lines.get(key) ?? { label: variableName(keyOf(key)), points: [] }
      line.points.push([turn, y])
      lines.set(key, line)
    }
  return lines
}

/**
 * Variables of one run, or of several with their ids as labels, as SVG: a panel for each group of names. Throws NOT_FOUND,
 * UsageError for a name no run has.
 */
export async function plotRuns(
  service: EventService,
  ids: readonly string[],
  groups: readonly (readonly string[])[],
  title?: string,
): Promise<string> {
  const runs = await Promise.all(ids.map(async (id) => ({ id, lines: await linesOf(service, id) })))
  const chosen = groups.length > 0 ? groups : [defaultGroup(runs[0]!.lines.keys())]
  const panels = chosen.map((names) => {
    const lines = runs.flatMap(({ id, lines: own }, run) =>
      [...own]
        .filter(([key]) => isWanted(key, names))
        .sort(([a], [b]) => byKey(a, b))
        .map(([, line]) => ({
          label: runs.length > 1 ? `${line.label} (${id})` : line.label,
          points: line.points,
          dashed: run > 0,
        })),
    )
    if (lines.length === 0) throw new UsageError(`No run has a numeric variable named ${names.join(', ')}`)
    return { title: names.join(', '), lines }
  })
  return plotSvg({ title: title ?? ids.join(' and '), xLabel: 'turn', panels })
}

/** Global variables, else those of agents. */
function defaultGroup(keys: Iterable<string>): string[] {
  const known = [...keys].map(keyOf)
  const globals = known.filter(({ agent }) => agent === undefined)
  return [...new Set((globals.length > 0 ? globals : known).map(({ variable }) => variable))].slice(0, 8)
}
