import type { SimulationDetail, WorldState } from '../schema.ts'
import type { EventService } from '../service/event-service.ts'
import { ServiceError } from '../service/service-error.ts'
import { eventTurns } from './event-turns.ts'
import { changeOf, valuesOf } from './variable-keys.ts'

/** Values after a turn; `changed` names those that may differ from the turn before. */
export type TurnValues = { turn: number; values: ReadonlyMap<string, unknown>; changed: readonly string[] }

/** The turn a run starts from: 0, or the checkpoint it goes on from. */
export function firstTurnOf({ checkpoints }: { checkpoints: readonly number[] }): number {
  return checkpoints[0] ?? 0
}

export const recordsState = (detail: Pick<SimulationDetail, 'verbosity'>): boolean =>
  detail.verbosity === 'STATE' || detail.verbosity === 'DETAIL'

async function stateOf(service: EventService, id: string, turn: number): Promise<WorldState | undefined> {
  try {
    return (await service.getState(id, turn)).state
  } catch (error) {
    if (error instanceof ServiceError) return undefined // No usable checkpoint: the changes alone have to serve.
    throw error
  }
}

/**
 * The variables of a run turn by turn, beginning with the state it started from. Recorded at STATE or finer every turn is there;
 * coarser runs have the turns of their checkpoints. The map is one and the same and changes in place.
 */
export async function* runValues(service: EventService, id: string): AsyncGenerator<TurnValues> {
  const [detail, checkpoints] = await Promise.all([service.getSimulation(id), service.getCheckpoints(id)])
  const first = firstTurnOf(checkpoints)
  if (!recordsState(detail)) {
    const turns = [...new Set([...checkpoints.checkpoints, ...(checkpoints.last === null ? [] : [checkpoints.last])])]
    for (const turn of turns.sort((a, b) => a - b)) {
      const state = await stateOf(service, id, turn)
      if (!state) continue
      const values = valuesOf(state)
      yield { turn, values, changed: [...values.keys()] }
    }
    return
  }
  const start = await stateOf(service, id, first)
  const values = start ? valuesOf(start) : new Map<string, unknown>()
  yield { turn: first, values, changed: [...values.keys()] }
  let reached = first
  const lines = await service.exportLines(id, { eventTypes: ['STATE'] })
  for await (const { turn, events } of eventTurns(lines)) {
    if (turn <= first) continue
    for (; reached + 1 < turn; reached++) yield { turn: reached + 1, values, changed: [] }
    const changed = new Set<string>()
    for (const event of events) {
      const change = changeOf(event)
      if (!change) continue
      if (change.key.endsWith('\nlifecycle_status') && change.value === 'absent') {
        const agent = change.key.slice(0, change.key.indexOf('\n') + 1)
        for (const key of values.keys()) if (key.startsWith(agent)) values.delete(key)
      } else values.set(change.key, change.value)
      changed.add(change.key)
    }
    if (events.some((event) => event.details?.['new_value'] === 'active' && event.details['old_value'] === 'absent'))
      await addArrivals(service, id, turn, values, changed)
    reached = turn
    yield { turn, values, changed: [...changed] }
  }
  for (const last = detail.last_turn ?? reached; reached < last; reached++)
    yield { turn: reached + 1, values, changed: [] }
}

/** Agents that came in a turn bring variables no STATE event tells of. */
async function addArrivals(
  service: EventService,
  id: string,
  turn: number,
  values: Map<string, unknown>,
  changed: Set<string>,
): Promise<void> {
  const state = await stateOf(service, id, turn)
  if (!state) return
  for (const [key, value] of valuesOf(state))
    if (!values.has(key)) {
      values.set(key, value)
      changed.add(key)
    }
}
