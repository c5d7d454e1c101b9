import type { Json } from '../core/json.ts'
import type { LlmClient } from '../llm/llm-client.ts'
import type { Logger } from '../logging/logger.ts'
import type { SimulationState } from '../state/state.ts'
import type { ActionInput } from './action.ts'
import type { AgentContext } from './context.ts'

/** What the framework builds every component with. */
export type Init = { config: Record<string, any> & { [key: string]: Json }; llm?: LlmClient; logger: Logger }

/** Receives an observation, returns one action a turn. Never changes a state it was given. */
export abstract class BaseAgent {
  readonly name: string
  readonly config: Init['config']
  readonly llm: LlmClient | undefined
  readonly logger: Logger
  #state: SimulationState | null = null

  constructor(init: Init & { name: string }) {
    this.name = init.name
    this.config = init.config
    this.llm = init.llm
    this.logger = init.logger
  }

  abstract decideAction(observation: SimulationState, ctx: AgentContext): ActionInput | Promise<ActionInput>

  /** Called with each turn's observation before `decideAction`. Remembers it. */
  receiveState(state: SimulationState): void | Promise<void> {
    this.#state = state
  }

  /** The last observation; null before the first. */
  getCurrentState(): SimulationState | null {
    return this.#state
  }
}
