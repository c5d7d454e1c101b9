import { messageOf } from '../core/errors.ts'
import {
  type ActionInput,
  type Common,
  causeIds,
  type DecisionInput,
  type DetailInput,
  type EventFactory,
  type MilestoneInput,
  type StateInput,
  type SystemInput,
} from '../events/build-event.ts'
import type { Cause, EventRef, EventType, SimEvent } from '../events/event.ts'
import type { Logger } from '../logging/logger.ts'

/** Where events go: the writer, or nowhere when the stream is off. */
export interface EventSink {
  admits(type: EventType): boolean
  noteFiltered(): void
  emit(event: SimEvent): EventRef
}

export const nullSink: EventSink = {
  admits: () => false,
  noteFiltered: () => undefined,
  emit: (event) => ({ id: null, causeIds: event.caused_by ?? [] }),
}

type Without<T> = Omit<T, keyof Common> & Pick<Common, 'description' | 'extra'> & { causedBy: readonly Cause[] }
type Actual<T> = T & Common

/**
 * The emission points of one run. Knows the turn and the open phase; every method gives the reference to cite, also when the
 * level keeps the event out. A problem with an event is logged and never reaches the simulation.
 */
export class RunEvents {
  readonly runId: string
  readonly #sink: EventSink
  readonly #make: EventFactory
  readonly #log: Logger
  /** Number of the turn in progress. */
  turn = 0
  /** What opened the current phase: its phase_transition, or turn_start when those are off. */
  phase: EventRef = { id: null, causeIds: [] }

  constructor(runId: string, sink: EventSink, make: EventFactory, log: Logger) {
    this.runId = runId
    this.#sink = sink
    this.#make = make
    this.#log = log
  }

  wants(type: EventType): boolean {
    return this.#sink.admits(type)
  }

  #emit<T>(type: EventType, input: Without<T>, build: (input: Actual<T>) => SimEvent): EventRef {
    if (!this.#sink.admits(type)) {
      this.#sink.noteFiltered()
      return { id: null, causeIds: causeIds(input.causedBy) }
    }
    try {
      return this.#sink.emit(
        build({ ...input, simulationId: this.runId, turnNumber: this.turn } as unknown as Actual<T>),
      )
    } catch (error) {
      this.#log.warning('event_not_emitted', { event_type: type, error: messageOf(error) })
      return { id: null, causeIds: causeIds(input.causedBy) }
    }
  }

  milestone(input: Without<MilestoneInput>): EventRef {
    return this.#emit<MilestoneInput>('MILESTONE', input, this.#make.milestone)
  }
  decision(input: Without<DecisionInput>): EventRef {
    return this.#emit<DecisionInput>('DECISION', input, this.#make.decision)
  }
  action(input: Without<ActionInput>): EventRef {
    return this.#emit<ActionInput>('ACTION', input, this.#make.action)
  }
  state(input: Without<StateInput>): EventRef {
    return this.#emit<StateInput>('STATE', input, this.#make.state)
  }
  detail(input: Without<DetailInput>): EventRef {
    return this.#emit<DetailInput>('DETAIL', input, this.#make.detail)
  }
  system(input: Without<SystemInput>): EventRef {
    return this.#emit<SystemInput>('SYSTEM', input, this.#make.system)
  }
}
