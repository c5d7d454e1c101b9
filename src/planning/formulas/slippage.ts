import { networkOf, type PathNode } from './critical-path.ts'
import { daysBetween, round } from './round.ts'

const DAY_MS = 86_400_000

/**
 * A node of today's network with what was first planned for it. `start`/`end` are the current dates; the planned duration is that of
 * its first version.
 */
export type ForecastNode = PathNode & {
  planned_end: string
  planned_duration_days: number
  finished: boolean
  retrospective?: boolean
}

/**
 * The forecast finish of every node: the latest of its planned date, its current end, now when a task is still open, and what its
 * predecessors push it to. A delay entered at several nodes counts once. Contract 6.9.
 */
export function forecastFinishes(nodes: readonly ForecastNode[], now: Date): Map<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const { order, before } = networkOf(nodes)
  const finish = new Map<string, number>()
  for (const { id } of order) {
    const node = byId.get(id)!
    const open = node.kind === 'task' && !node.finished && !node.retrospective
    finish.set(
      id,
      Math.max(
        Date.parse(node.planned_end),
        ...(node.kind === 'task' ? [Date.parse(node.end)] : []),
        ...(open ? [now.getTime()] : []),
        ...before.get(id)!.map((edge) => finish.get(edge.id)! + (edge.lag + node.planned_duration_days) * DAY_MS),
      ),
    )
  }
  return finish
}

/** The forecast finish of the node that ends the baseline path, as a date-time; null without nodes. */
export function forecastEnd(nodes: readonly ForecastNode[], now: Date, endId: string | undefined): string | null {
  if (nodes.length === 0) return null
  const finish = forecastFinishes(nodes, now)
  const end = (endId && finish.get(endId)) || Math.max(...finish.values())
  return new Date(end).toISOString()
}

/** Days late over days planned, in percent; never negative; null without a span. */
export function timelineSlippage(baselineStart: string, baselineEnd: string, forecast: string): number | null {
  const planned = daysBetween(baselineStart, baselineEnd)
  if (!(planned > 0)) return null
  return round((Math.max(0, daysBetween(baselineEnd, forecast)) / planned) * 100)
}
