import type { Point } from '../../../viewers/line-path.ts'
import type { RunSeries } from '../types.ts'

export type ChartLine = { id: string; label: string; points: Point[] }

/** The lines of a series reply, each held to the end of the range: a variable keeps its value until it changes. */
export function chartLines(reply: RunSeries, end = reply.to_turn): ChartLine[] {
  return reply.series.map(({ name, points }) => {
    const line = points.map(([x, y]) => ({ x, y }))
    const last = line.at(-1)
    if (last && last.x < end) line.push({ x: end, y: last.y })
    return { id: name, label: name, points: line }
  })
}
