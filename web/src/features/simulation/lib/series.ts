import type { Point } from '../../../viewers/line-path.ts'
import type { SimEvent, SimState } from '../types.ts'

/** A number out of a value: numbers and booleans; anything else has no line. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  return typeof value === 'boolean' ? Number(value) : undefined
}

export type VariableSeries = { variable: string; agent: string | undefined; points: Point[] }

const keyOf = (variable: string, agent: string | undefined) => (agent === undefined ? variable : `${agent}.${variable}`)

/** The name of a series: `wealth` of an agent, or a global variable. */
export const seriesName = (series: Pick<VariableSeries, 'variable' | 'agent'>) => keyOf(series.variable, series.agent)

/** The history of every numeric variable from its changes, begun with the values of `initial`; the last change of a turn counts. */
export function seriesOf(events: readonly SimEvent[], initial?: SimState): VariableSeries[] {
  const all = new Map<string, VariableSeries>()
  const put = (variable: string, agent: string | undefined, turn: number, raw: unknown) => {
    const y = asNumber(raw)
    if (y === undefined) return
    const key = keyOf(variable, agent)
    const series = all.get(key) ?? { variable, agent, points: [] }
    const last = series.points.at(-1)
    if (last && last.x === turn) last.y = y
    else series.points.push({ x: turn, y })
    all.set(key, series)
  }
  if (initial) {
    for (const [name, value] of Object.entries(initial.global_state)) put(name, undefined, initial.turn, value)
    for (const [agent, state] of Object.entries(initial.agents))
      for (const [name, value] of Object.entries(state)) if (name !== 'name') put(name, agent, initial.turn, value)
  }
  for (const event of events) {
    const variable = event.details?.variable_name
    if (typeof variable !== 'string') continue
    const from = asNumber(event.details?.old_value)
    const key = keyOf(variable, event.agent_id)
    if (!all.has(key) && from !== undefined) put(variable, event.agent_id, event.turn_number - 1, from)
    put(variable, event.agent_id, event.turn_number, event.details?.new_value)
  }
  return [...all.values()]
}

/** Numeric variables by how often they change, the most telling first: global ones before those of agents when equally lively. */
export function variablesOf(series: readonly VariableSeries[]): string[] {
  const changes = new Map<string, number>()
  for (const one of series) changes.set(one.variable, (changes.get(one.variable) ?? 0) + one.points.length)
  return [...changes].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name)
}

/** Extends every line to the last turn, since a variable keeps its value until it changes. */
export function holdTo(series: readonly VariableSeries[], turn: number): VariableSeries[] {
  return series.map((one) => {
    const last = one.points.at(-1)
    return last && last.x < turn ? { ...one, points: [...one.points, { x: turn, y: last.y }] } : one
  })
}

/** The first turn at which two runs differ in a variable both have; undefined when they never do. */
export function firstDivergence(
  a: readonly VariableSeries[],
  b: readonly VariableSeries[],
): { turn: number; name: string } | undefined {
  const others = new Map(b.map((one) => [seriesName(one), one.points]))
  let first: { turn: number; name: string } | undefined
  for (const one of a) {
    const other = others.get(seriesName(one))
    if (!other) continue
    const turns = [...new Set([...one.points, ...other].map((point) => point.x))].sort((x, y) => x - y)
    const common = Math.min(one.points.at(-1)?.x ?? 0, other.at(-1)?.x ?? 0)
    const [mine, theirs] = [cursor(one.points), cursor(other)]
    for (const turn of turns) {
      if (turn > common || (first && turn >= first.turn)) break
      const [p, q] = [mine(turn), theirs(turn)]
      if (p === undefined || q === undefined || Math.abs(p - q) <= 1e-9 * Math.max(1, Math.abs(p))) continue
      first = { turn, name: seriesName(one) }
      break
    }
  }
  return first
}

/** Reads values at rising turns without searching again. */
function cursor(points: readonly Point[]): (turn: number) => number | undefined {
  let i = -1
  return (turn) => {
    while (i + 1 < points.length && points[i + 1]!.x <= turn) i++
    return points[i]?.y
  }
}
