import { canonicalJson, deepEqual, isMap } from '../loop/core/json.ts'
import { type EventType, PHASES, type SimEvent, VERBOSITY_LEVELS, type Verbosity } from '../loop/events/event.ts'
import { admits } from '../loop/events/verbosity.ts'
import type { ComparedVariable, Comparison, Divergence, SimulationDetail } from '../schema.ts'
import type { EventService } from '../service/event-service.ts'
import { type EventTurn, eventTurns } from './event-turns.ts'
import { firstTurnOf, runValues, type TurnValues } from './run-values.ts'
import { byKey, keyOf, variableName } from './variable-keys.ts'

const COMPARED_TYPES: readonly EventType[] = ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL']
/** Differ from run to run without anything in the world being different. */
const VOLATILE = new Set(['action_id', 'duration_ms', 'state_changes'])
const LOOP_PHASES: readonly unknown[] = PHASES
const MAX_SETTINGS = 200

/** What an event says about the world: without ids, times and who it cites. */
export function contentOf(event: SimEvent): string {
  const details = Object.fromEntries(Object.entries(event.details ?? {}).filter(([key]) => !VOLATILE.has(key)))
  return canonicalJson([event.event_type, event.turn_number, event.agent_id ?? null, details])
}

/** Milestones of the loop itself say nothing about the world, and whether they are written is a setting. */
const isCompared = ({ details }: SimEvent): boolean => {
  const milestone = details?.['milestone_type']
  if (milestone === 'phase_transition') return !LOOP_PHASES.includes(details?.['phase_to'])
  return milestone !== 'simulation_start' && milestone !== 'simulation_end'
}

/** Decisions of one turn by agent: taken concurrently they come in any order. */
function settled(events: readonly SimEvent[]): SimEvent[] {
  const decisions = events
    .filter((event) => event.event_type === 'DECISION')
    .sort((a, b) => ((a.agent_id ?? '') < (b.agent_id ?? '') ? -1 : 1))
  let next = 0
  return events.map((event) => (event.event_type === 'DECISION' ? decisions[next++]! : event))
}

function firstDifference(a: EventTurn | undefined, b: EventTurn | undefined): Divergence | undefined {
  const [mine, theirs] = [settled((a?.events ?? []).filter(isCompared)), settled((b?.events ?? []).filter(isCompared))]
  for (let i = 0; i < Math.max(mine.length, theirs.length); i++) {
    const [x, y] = [mine[i] ?? null, theirs[i] ?? null]
    if (x && y && contentOf(x) === contentOf(y)) continue
    const event = (x ?? y)!
    const variable = event.details?.['variable_name']
    return {
      kind: 'event',
      turn: event.turn_number,
      agent_id: event.agent_id ?? null,
      variable: typeof variable === 'string' ? variable : null,
      a: x,
      b: y,
    }
  }
  return undefined
}

type Range = { from: number; to: number }

async function firstEventDifference(
  service: EventService,
  ids: readonly [string, string],
  types: readonly EventType[],
  { from, to }: Range,
): Promise<Divergence | undefined> {
  const open = async (id: string) =>
    eventTurns(await service.exportLines(id, { eventTypes: types, turnStart: from + 1, turnEnd: to }))
  const [a, b] = [await open(ids[0]), await open(ids[1])]
  let [x, y] = [await a.next(), await b.next()]
  try {
    while (!x.done || !y.done) {
      const turn = Math.min(x.done ? Infinity : x.value.turn, y.done ? Infinity : y.value.turn)
      const mine = !x.done && x.value.turn === turn ? x.value : undefined
      const theirs = !y.done && y.value.turn === turn ? y.value : undefined
      const found = firstDifference(mine, theirs)
      if (found) return found
      if (mine) x = await a.next()
      if (theirs) y = await b.next()
    }
    return undefined
  } finally {
    await a.return(undefined)
    await b.return(undefined)
  }
}

/** Where the variables of both runs part, each on its own; only turns both runs have count. */
async function compareVariables(
  service: EventService,
  ids: readonly [string, string],
  { from, to }: Range,
): Promise<{ parted: ComparedVariable[]; variables: number; turns: number }> {
  const [a, b] = [runValues(service, ids[0]), runValues(service, ids[1])]
  const parted = new Map<string, ComparedVariable>()
  const seen = new Set<string>()
  let turns = 0
  const look = (x: TurnValues, y: TurnValues) => {
    turns++
    for (const key of new Set([...x.changed, ...y.changed, ...parted.keys()])) {
      seen.add(key)
      const [mine, theirs] = [x.values.get(key) ?? null, y.values.get(key) ?? null]
      const known = parted.get(key)
      if (known) {
        known.last_a = mine
        known.last_b = theirs
        known.max_difference = larger(known.max_difference, difference(mine, theirs))
      } else if (!deepEqual(mine, theirs)) {
        const { agent, variable } = keyOf(key)
        parted.set(key, {
          name: variableName({ agent, variable }),
          agent_id: agent ?? null,
          variable,
          first_turn: x.turn,
          a: mine,
          b: theirs,
          last_a: mine,
          last_b: theirs,
          max_difference: difference(mine, theirs),
        })
      }
    }
  }
  let [x, y] = [await a.next(), await b.next()]
  while (!x.done && !y.done) {
    if (x.value.turn > to || y.value.turn > to) break
    const gap = x.value.turn - y.value.turn
    if (gap === 0) {
      if (x.value.turn >= from) {
        // At the first common turn everything is compared, not only what changed.
        const all = turns === 0 ? [...x.value.values.keys(), ...y.value.values.keys()] : undefined
        look(all ? { ...x.value, changed: all } : x.value, y.value)
      }
    }
    if (gap <= 0) x = await a.next()
    if (gap >= 0) y = await b.next()
  }
  await Promise.all([a.return(undefined), b.return(undefined)])
  const list = [...parted].sort(([p, q], [r, s]) => q.first_turn - s.first_turn || byKey(p, r)).map(([, one]) => one)
  return { parted: list, variables: seen.size, turns }
}

const difference = (a: unknown, b: unknown): number | null =>
  typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) : null
const larger = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b))

/** Settings in which two configurations differ, by dotted path. */
function settingsBetween(a: unknown, b: unknown): Comparison['settings'] {
  const found: Comparison['settings'] = []
  const walk = (x: unknown, y: unknown, at: string) => {
    if (found.length >= MAX_SETTINGS || deepEqual(x, y)) return
    if (Array.isArray(x) && Array.isArray(y)) {
      for (let i = 0; i < Math.max(x.length, y.length); i++) walk(x[i], y[i], `${at}[${i}]`)
    } else if (isMap(x) && isMap(y)) {
      for (const key of [...new Set([...Object.keys(x), ...Object.keys(y)])].sort())
        walk(x[key], y[key], at ? `${at}.${key}` : key)
    } else found.push({ path: at, a: x ?? null, b: y ?? null })
  }
  walk(a ?? {}, b ?? {}, '')
  return found
}

const coarser = (a: Verbosity | null, b: Verbosity | null): Verbosity => {
  const ranks = [a ?? 'MILESTONE', b ?? 'MILESTONE'].map((level) => VERBOSITY_LEVELS.indexOf(level as Verbosity))
  return VERBOSITY_LEVELS[Math.min(...ranks)]!
}

const sideOf = (detail: SimulationDetail, first: number): Comparison['a'] => ({
  run_id: detail.id,
  name: detail.name,
  status: detail.status,
  seed: (detail.config?.['simulation'] as { seed?: number } | undefined)?.seed ?? null,
  verbosity: detail.verbosity,
  first_turn: first,
  last_turn: detail.last_turn ?? first,
})

/**
 * Compares two runs over the turns both have: the first event that differs at the coarser of their levels, the first turn at
 * which each variable differs, and the settings that differ. Ids, times and durations never count. Throws NOT_FOUND.
 */
export async function compareRuns(service: EventService, idA: string, idB: string): Promise<Comparison> {
  const ids = [idA, idB] as const
  const [detailA, detailB] = [await service.getSimulation(idA), await service.getSimulation(idB)]
  const firsts = [
    firstTurnOf(await service.getCheckpoints(idA)),
    firstTurnOf(await service.getCheckpoints(idB)),
  ] as const
  const [a, b] = [sideOf(detailA, firsts[0]), sideOf(detailB, firsts[1])]
  const range = { from: Math.max(a.first_turn, b.first_turn), to: Math.min(a.last_turn, b.last_turn) }
  const level = coarser(a.verbosity, b.verbosity)
  const types = COMPARED_TYPES.filter((type) => admits(level, type))
  const { parted, variables } = await compareVariables(service, ids, range)
  const event = range.to > range.from ? await firstEventDifference(service, ids, types, range) : undefined
  const state = parted[0]
  const divergence: Divergence | null =
    state && (!event || state.first_turn < event.turn)
      ? { kind: 'state', turn: state.first_turn, agent_id: state.agent_id, variable: state.variable, a: null, b: null }
      : (event ?? null)
  return {
    a,
    b,
    same: divergence === null,
    compared: { from_turn: range.from, to_turn: range.to, level, variables },
    divergence,
    variables: parted,
    settings: settingsBetween(detailA.config, detailB.config).filter(({ path }) => !path.startsWith('event_stream.')),
  }
}
