import fs from 'node:fs'
import { checkpointFile, listCheckpoints } from '../loop/checkpoints/checkpoint-store.ts'
import { isMap } from '../loop/core/json.ts'
import { EVENT_TYPES, type SimEvent } from '../loop/events/event.ts'
import type { StateResponse, WorldState } from '../schema.ts'
import { MARK, markOfKind, type RunIndex, typeOfKind } from './run-index.ts'
import type { RunScan } from './run-scan.ts'
import { chronological, windowOf } from './select-events.ts'

const STATE = EVENT_TYPES.indexOf('STATE')

const emptyWorld = (turn: number): WorldState => ({
  turn,
  agents: {},
  global_state: {},
  reasoning_chains: [],
  paused_agents: [],
  auto_resume: {},
  spatial_state: null,
})

function readState(runDir: string, turn: number | 'last'): WorldState | undefined {
  try {
    const content: unknown = JSON.parse(fs.readFileSync(checkpointFile(runDir, turn), 'utf8'))
    const state = isMap(content) ? content['state'] : undefined
    return isMap(state) && Number.isSafeInteger(state['turn']) ? (state as WorldState) : undefined
  } catch {
    return undefined // Missing or unreadable: the next older checkpoint serves.
  }
}

/** The state of the nearest usable checkpoint at or before a turn, `last.json` included. */
function nearestCheckpoint(runDir: string, turn: number): WorldState | undefined {
  const last = readState(runDir, 'last')
  const turns = listCheckpoints(runDir).filter((candidate) => candidate <= turn)
  if (last && last.turn <= turn && last.turn > (turns.at(-1) ?? -1)) return last
  for (const candidate of turns.reverse()) {
    const state = readState(runDir, candidate)
    if (state) return state
  }
  return last && last.turn <= turn ? last : undefined
}

/** The latest change of each variable in the turns after `from` up to `to`, newest value only; and what spoils completeness. */
function changesBetween(index: RunIndex, from: number, to: number) {
  const order = chronological(index)
  const latest = new Map<string, number>()
  let count = 0
  let isBroken = false
  let ended = false
  const [first, end] = order ? [0, index.length] : windowOf(index, { turnStart: from + 1, turnEnd: to })
  for (let rank = end - 1; rank >= first; rank--) {
    const position = order ? order[rank]! : rank
    const turn = index.turn.get(position)
    if (turn <= from || turn > to) continue
    const kind = index.kind.get(position)
    const mark = markOfKind(kind)
    if (mark === MARK.turn_end && turn === to) ended = true
    if (
      mark === MARK.events_dropped ||
      mark === MARK.events_lost ||
      mark === MARK.agent_added ||
      mark === MARK.stream_repaired
    )
      isBroken = true
    if (typeOfKind(kind) !== STATE) continue
    count++
    const key = `${index.agents.get(position)}:${index.subject.get(position)}`
    if (!latest.has(key)) latest.set(key, position)
  }
  return { positions: [...latest.values()].sort((a, b) => index.compare(a, b)), count, isBroken, ended }
}

type Bare = Record<string, any>

/** Names come from files: a map without a prototype cannot be led astray by one like "constructor". */
const bare = (map: unknown): Bare => Object.assign(Object.create(null), map)

function loosen(world: WorldState, turn: number): void {
  const passed = turn - world.turn
  const counters = Object.entries(world.auto_resume ?? {}).map(([name, turns]) => [name, turns - passed] as const)
  world.auto_resume = bare(Object.fromEntries(counters.filter(([, turns]) => turns > 0)))
  world.turn = turn
  world.reasoning_chains = []
  world.paused_agents ??= []
  world.agents = bare(Object.fromEntries(Object.entries(world.agents).map(([name, agent]) => [name, bare(agent)])))
  world.global_state = bare(world.global_state)
  if (isMap(world.spatial_state)) world.spatial_state['agent_positions'] = bare(world.spatial_state['agent_positions'])
}

function applyChange(world: WorldState, event: SimEvent): void {
  const variable = String(event.details?.['variable_name'] ?? '')
  const value = event.details?.['new_value'] ?? null
  const name = event.agent_id
  if (!name) world.global_state[variable] = value
  else if (variable === 'lifecycle_status') applyStatus(world, name, value)
  else if (variable === 'location') {
    const positions = world.spatial_state?.['agent_positions'] as Bare | undefined
    if (positions && value === null) delete positions[name]
    else if (positions) positions[name] = value
  } else {
    world.agents[name] ??= bare({ name })
    world.agents[name][variable] = value
  }
}

function applyStatus(world: WorldState, name: string, status: unknown): void {
  world.paused_agents = world.paused_agents.filter((other) => other !== name)
  if (status === 'paused') world.paused_agents = [...world.paused_agents, name].sort()
  else delete world.auto_resume[name]
  if (status === 'absent') delete world.agents[name]
  if (status === 'active') world.agents[name] ??= bare({ name })
}

/** Turn of the first event: 0, or N for a run resumed from turn N. */
export const firstTurn = (index: RunIndex): number => (index.length === 0 ? 0 : index.minTurn)

/** The last turn with a turn_end; the first turn of the run when none has ended. */
export function lastCompletedTurn(index: RunIndex): number {
  for (let position = index.length - 1; position >= 0; position--)
    if (markOfKind(index.kind.get(position)) === MARK.turn_end) return index.turn.get(position)
  return firstTurn(index)
}

/**
 * The state after a turn, from the nearest checkpoint and the STATE events since. Undefined for a turn past the end or before
 * the run. `read` fetches events by position.
 */
export async function stateAt(
  scan: RunScan,
  turn: number,
  read: (positions: readonly number[]) => Promise<SimEvent[]>,
): Promise<StateResponse | undefined> {
  const { index } = scan
  const base = nearestCheckpoint(scan.dir, turn)
  if (base?.turn === turn)
    return { turn, state: base, complete: true, source: { checkpoint_turn: turn, applied_changes: 0 } }
  if (turn > index.maxTurn || turn < firstTurn(index)) return undefined
  const from = base?.turn ?? -1
  const { positions, count, isBroken, ended } = changesBetween(index, from, turn)
  const world: WorldState = base ? structuredClone(base) : emptyWorld(turn)
  loosen(world, turn)
  for (const event of await read(positions)) applyChange(world, event)
  const level = index.highlights.verbosity
  const hasStates = level === 'STATE' || level === 'DETAIL'
  const complete = base !== undefined && hasStates && !isBroken && ended
  return { turn, state: world, complete, source: { checkpoint_turn: base?.turn ?? null, applied_changes: count } }
}
