import type { RunSeries } from '../types.ts'
import { chartLines } from './chart-lines.ts'

/**
 * The lines of one variable in both runs: the same colour for the same agent, the second run dashed, each to its own end. Lines
 * that differ come first, since not all can be shown.
 */
export function pairLines(a: RunSeries, b: RunSeries, first: readonly string[], most: number) {
  const all = [...new Set([...a.series, ...b.series].map(({ name }) => name))]
  const names = [...all.filter((name) => first.includes(name)), ...all.filter((name) => !first.includes(name))]
  const shown = names.slice(0, most)
  const side = (reply: RunSeries, dashed: boolean) =>
    chartLines(reply)
      .filter(({ id }) => shown.includes(id))
      .map((line) => ({
        ...line,
        id: `${dashed ? 'b' : 'a'}${line.id}`,
        label: `${line.label} ${dashed ? '(second)' : '(first)'}`,
        color: `var(--series-${(shown.indexOf(line.id) % 8) + 1})`,
        dashed,
      }))
  return [...side(a, false), ...side(b, true)]
}
