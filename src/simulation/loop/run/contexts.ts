import type { AgentContext, ComponentContext, SystemOptions, ValidatorContext } from '../components/context.ts'
import type { Cause, EventRef, EventType, SystemStatus } from '../events/event.ts'
import type { Logger } from '../logging/logger.ts'
import { SpatialQueries } from '../spatial/queries.ts'
import type { SpatialState } from '../state/state.ts'
import type { RunParts } from './run-parts.ts'

/** What all components get. */
export class BaseContext implements ComponentContext {
  readonly runId: string
  readonly turn: number
  readonly logger: Logger
  protected readonly parts: RunParts
  #space: SpatialQueries | undefined
  #spaceOf: SpatialState | null = null

  constructor(parts: RunParts, logger: Logger) {
    this.parts = parts
    this.runId = parts.runId
    this.turn = parts.events.turn
    this.logger = logger
  }

  /** Says which state the coming call is about. */
  lookAt(spatialState: SpatialState | null): void {
    if (this.#space && this.#spaceOf === spatialState) return
    this.#spaceOf = spatialState
    this.#space = undefined
  }

  get space(): SpatialQueries {
    this.#space ??= new SpatialQueries(this.#spaceOf)
    return this.#space
  }

  random(): number {
    return this.parts.random.next()
  }

  wants(type: EventType): boolean {
    return this.parts.events.wants(type)
  }

  yield(): Promise<void> {
    return this.parts.breathe()
  }

  protected emitSystem(status: SystemStatus, options: SystemOptions, fallback: readonly Cause[]): EventRef {
    const { errorType, systemEventType, retryCount, message, description, agentName, causedBy, extra } = options
    return this.parts.events.system({
      status,
      errorType,
      systemEventType,
      retryCount,
      description: description ?? message,
      causedBy: causedBy ?? fallback,
      extra: {
        ...extra,
        ...(message === undefined ? {} : { message }),
        ...(agentName === undefined ? {} : { agent_name: agentName }),
      },
    })
  }
}

export class AgentRunContext extends BaseContext implements AgentContext {
  readonly cited: Cause[] = []

  cite(cause: Cause): void {
    this.cited.push(cause)
  }
}

export class ValidatorRunContext extends BaseContext implements ValidatorContext {
  readonly #decisionOf: (agent: string) => EventRef | undefined

  constructor(parts: RunParts, logger: Logger, decisionOf: (agent: string) => EventRef | undefined) {
    super(parts, logger)
    this.#decisionOf = decisionOf
  }

  /** The DECISION behind an action being judged. */
  decisionOf(agent: string): EventRef | undefined {
    return this.#decisionOf(agent)
  }

  system(status: SystemStatus, options: SystemOptions = {}): EventRef {
    return this.emitSystem(status, options, [this.parts.events.phase])
  }
}
