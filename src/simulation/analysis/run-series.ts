import { EVENT_TYPES, type SimEvent } from '../loop/events/event.ts'
import type { RunSeries, WorldState } from '../schema.ts'
import type { EventService } from '../service/event-service.ts'
import { readEvents } from '../service/read-events.ts'
import { type RunIndex, typeOfKind } from '../service/run-index.ts'
import { ServiceError } from '../service/service-error.ts'
import { lastCompletedTurn } from '../service/state-at.ts'
import { firstTurnOf, recordsState, runValues } from './run-values.ts'
import { byKey, changeOf, keyOf, keyText, valuesOf, variableName } from './variable-keys.ts'

const STATE = EVENT_TYPES.indexOf('STATE')
const PREFIX = 'STATE:'
export const MAX_POINTS = 2000
export const MAX_LINES = 64

export type SeriesQuery = {
  /** Names of variables, or `agent.variable`; the liveliest when absent. */
  variables?: readonly string[] | undefined
  turnStart?: number | undefined
  turnEnd?: number | undefined
  /** Most points a line: of each stretch of turns the last value stays. */
  points?: number | undefined
  lines?: number | undefined
}

const asNumber = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : undefined

/** How often each variable changed, by the index alone. */
const changeCounts = ({ subjects }: RunIndex): Map<string, number> =>
  new Map(
    subjects.names.flatMap((name, i) =>
      name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), subjects.counts[i]!] as const] : [],
    ),
  )

/** One event of each variable that has no value at the start: it tells scope and kind. */
function firstChanges(index: RunIndex, known: ReadonlySet<string>): number[] {
  const wanted = new Set(
    [...changeCounts(index).keys()].filter((name) => !known.has(name)).map((name) => PREFIX + name),
  )
  const missing = new Set([...wanted].map((name) => index.subjects.find(name)))
  const positions: number[] = []
  for (let position = 0; position < index.length && missing.size > 0; position++)
    if (missing.delete(index.subject.get(position))) positions.push(position)
  return positions
}

type Stretch = { from: number; to: number; size: number }

/** The last change of each chosen variable in each stretch of turns. */
function lastChanges(index: RunIndex, wanted: ReadonlySet<number>, { from, to, size }: Stretch): Map<string, number[]> {
  const lines = new Map<string, Map<number, number>>()
  for (let position = 0; position < index.length; position++) {
    if (typeOfKind(index.kind.get(position)) !== STATE) continue
    const subject = index.subject.get(position)
    const turn = index.turn.get(position)
    if (!wanted.has(subject) || turn <= from || turn > to) continue
    const { actor } = index.combinations[index.agents.get(position)]!
    const agent = actor < 0 ? undefined : index.agentNames.names[actor]
    const key = keyText(agent, index.subjects.names[subject]!.slice(PREFIX.length))
    let line = lines.get(key)
    if (!line) lines.set(key, (line = new Map()))
    line.set(Math.floor((turn - from - 1) / size), position)
  }
  return new Map([...lines].map(([key, line]) => [key, [...line.values()]]))
}

/** Variables a line can show, liveliest first. */
function catalogue(counts: ReadonlyMap<string, number>, start: ReadonlyMap<string, unknown>): RunSeries['variables'] {
  const found = new Map<string, RunSeries['variables'][number]>()
  for (const [key, value] of start) {
    const { agent, variable } = keyOf(key)
    if (asNumber(value) === undefined) continue
    const scope = agent === undefined ? 'global' : 'agent'
    const known = found.get(variable) ?? { name: variable, scope, lines: 0, changes: counts.get(variable) ?? 0 }
    known.lines++
    found.set(variable, known)
  }
  return [...found.values()].sort((a, b) => b.changes - a.changes || (a.name < b.name ? -1 : 1))
}

const isChosen = (key: string, names: readonly string[]): boolean => {
  const { agent, variable } = keyOf(key)
  return names.includes(variable) || names.includes(variableName({ agent, variable }))
}

async function startState(service: EventService, id: string, turn: number): Promise<WorldState | undefined> {
  try {
    return (await service.getState(id, turn)).state
  } catch (error) {
    if (error instanceof ServiceError) return undefined
    throw error
  }
}

/**
 * Histories of numeric variables, thin enough to draw however long the run is: only the events that stay are read. Runs recorded
 * below STATE have the values of their checkpoints. Throws NOT_FOUND.
 */
export async function runSeries(service: EventService, id: string, query: SeriesQuery = {}): Promise<RunSeries> {
  const [detail, checkpoints] = [await service.getSimulation(id), await service.getCheckpoints(id)]
  const first = firstTurnOf(checkpoints)
  const last = await service.follow(id, ({ index }) => lastCompletedTurn(index))
  const from = Math.max(first, query.turnStart ?? first)
  const to = Math.max(from, Math.min(last, query.turnEnd ?? last))
  const world = await startState(service, id, from)
  const start = world ? valuesOf(world) : new Map<string, unknown>()
  const counts = await service.follow(id, ({ index }) => changeCounts(index))
  const found = await service.follow(id, (scan) =>
    readEvents(scan, firstChanges(scan.index, new Set([...start.keys()].map((key) => keyOf(key).variable)))),
  )
  const later = found.flatMap((event) => changeOf(event) ?? [])
  const variables = catalogue(counts, new Map([...start, ...later.map(({ key, value }) => [key, value] as const)]))
  const names = query.variables?.length ? query.variables : variables.slice(0, 1).map(({ name }) => name)
  const points = Math.min(MAX_POINTS, query.points ?? 400)
  const size = Math.max(1, Math.ceil((to - from) / points))
  const keys = [...start.keys()].filter((key) => isChosen(key, names) && asNumber(start.get(key)) !== undefined)
  const lines = new Map<string, [number, number][]>()
  for (const key of keys.sort(byKey)) lines.set(key, [[from, asNumber(start.get(key))!]])
  const most = Math.min(MAX_LINES, query.lines ?? 24)
  const stretch = { from, to, size }
  let total = lines.size
  for (const key of [...lines.keys()].slice(most)) lines.delete(key)
  if (recordsState(detail)) total += await fromChanges(service, id, lines, names, stretch, most, start)
  else await fromCheckpoints(service, id, lines, stretch)
  const series = [...lines].map(([key, own]) => {
    const { agent, variable } = keyOf(key)
    return { name: variableName({ agent, variable }), agent_id: agent ?? null, variable, points: own }
  })
  return { from_turn: from, to_turn: to, turns_per_point: size, variables, series, series_total: total }
}

async function fromChanges(
  service: EventService,
  id: string,
  lines: Map<string, [number, number][]>,
  names: readonly string[],
  stretch: Stretch,
  most: number,
  known: ReadonlyMap<string, unknown>,
): Promise<number> {
  let arrivals = 0
  const bare = names.map((name) => name.slice(name.lastIndexOf('.') + 1))
  const events = await service.follow(id, async (scan) => {
    const { index } = scan
    const wanted = new Set(
      [...names, ...bare].map((name) => index.subjects.find(PREFIX + name)).filter((n) => n !== undefined),
    )
    const changes = lastChanges(index, wanted, stretch)
    // Agents that came later have no value at the start.
    for (const key of [...changes.keys()].sort(byKey))
      if (!lines.has(key) && isChosen(key, names) && !known.has(key)) {
        arrivals++
        if (lines.size < most) lines.set(key, [])
      }
    const positions = [...changes].flatMap(([key, own]) => (lines.has(key) ? own : []))
    return readEvents(
      scan,
      positions.sort((a, b) => a - b),
    )
  })
  for (const event of events) addPoint(lines, event)
  return arrivals
}

function addPoint(lines: Map<string, [number, number][]>, event: SimEvent): void {
  const change = changeOf(event)
  const value = change && asNumber(change.value)
  if (value !== undefined) lines.get(change!.key)?.push([event.turn_number, value])
}

async function fromCheckpoints(
  service: EventService,
  id: string,
  lines: Map<string, [number, number][]>,
  { from, to }: Stretch,
): Promise<void> {
  for await (const { turn, values } of runValues(service, id)) {
    if (turn <= from || turn > to) continue
    for (const [key, points] of lines) {
      const value = asNumber(values.get(key))
      if (value !== undefined) points.push([turn, value])
    }
  }
}
