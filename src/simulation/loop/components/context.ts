import type { Cause, EventRef, EventType, SystemStatus } from '../events/event.ts'
import type { Logger } from '../logging/logger.ts'
import type { SpatialMutations } from '../spatial/mutations.ts'
import type { SpatialQueries } from '../spatial/queries.ts'
import type { SimulationState } from '../state/state.ts'

/** What every component method gets beside its data. */
export interface ComponentContext {
  readonly runId: string
  /** The turn in progress; 0 during initialisation. */
  readonly turn: number
  readonly logger: Logger
  /** Next number of the run's seeded generator, 0 ≤ x < 1. */
  random(): number
  /** Queries on the state given to this call. */
  readonly space: SpatialQueries
  /** Would an event of this type be written? */
  wants(type: EventType): boolean
  /** Lets the event writer work during a long computation. */
  yield(): Promise<void>
}

export interface AgentContext extends ComponentContext {
  /** Adds a cause to the coming DECISION. */
  cite(cause: Cause): void
}

export type SystemOptions = {
  errorType?: string
  systemEventType?: string
  retryCount?: number
  message?: string
  description?: string
  agentName?: string
  causedBy?: readonly Cause[]
  extra?: Readonly<Record<string, unknown>>
}

export interface ValidatorContext extends ComponentContext {
  system(status: SystemStatus, options?: SystemOptions): EventRef
}

export interface EngineContext extends ComponentContext {
  readonly map: SpatialMutations
  /** The state built from definitions and configuration; for `initializeState`. */
  initialState(): SimulationState
  detail(
    type: string,
    values: Readonly<Record<string, unknown>>,
    options?: { agentId?: string; causedBy?: readonly Cause[]; description?: string },
  ): EventRef
  /** Reports a change with its exact cause; the automatic comparison leaves this variable out in this step. */
  change(
    variable: string,
    oldValue: unknown,
    newValue: unknown,
    options?: { agentId?: string; causedBy?: readonly Cause[]; description?: string },
  ): EventRef
  milestone(
    from: string,
    to: string,
    options?: { outcome?: string; description?: string; causedBy?: readonly Cause[] },
  ): EventRef
  system(status: SystemStatus, options?: SystemOptions): EventRef
  /** Interaction keys of the coming ACTION: call before anything is reported for it. */
  interaction(type: string, participants: readonly string[]): void
  /** The coming ACTION answers an earlier one: its action id, event id or reference. */
  respondsTo(action: Cause): void
}
