import { SimulationError } from '../core/errors.ts'
import type { LlmClient } from '../llm/llm-client.ts'
import type { Logger } from '../logging/logger.ts'
import type { SimulationState } from '../state/state.ts'
import type { Action, Judged } from './action.ts'
import type { Init } from './base-agent.ts'
import type { EngineContext } from './context.ts'

export type EngineInit = Init & {
  interestRate: number | null
  /** Section `simulation` of the effective configuration. */
  simulation: Record<string, any>
  /** Section `agents` of the effective configuration. */
  agents: Record<string, any>[]
}

export type Termination = boolean | { stop: boolean; reason?: string }

/** Runs the apply and rules phases of a turn for an engine; the framework installs it. */
export type TurnRunner = (engine: BaseEngine, judged: readonly Judged[], ctx: EngineContext) => Promise<SimulationState>

const current = new WeakMap<BaseEngine, SimulationState>()
const runners = new WeakMap<BaseEngine, TurnRunner>()

/** Owns the state transitions. Returns new states; never changes one it was given. */
export abstract class BaseEngine {
  /** Own variable definitions, as `state_variables` writes them. */
  static variables?: { agent_vars: Record<string, any>; global_vars: Record<string, any> }

  readonly config: Init['config']
  readonly llm: LlmClient | undefined
  readonly logger: Logger
  readonly interestRate: number | null
  readonly simulation: Record<string, any>
  readonly agents: Record<string, any>[]

  constructor(init: EngineInit) {
    this.config = init.config
    this.llm = init.llm
    this.logger = init.logger
    this.interestRate = init.interestRate
    this.simulation = init.simulation
    this.agents = init.agents
  }

  abstract initializeState(ctx: EngineContext): SimulationState | Promise<SimulationState>
  abstract applyAction(
    state: SimulationState,
    action: Action,
    ctx: EngineContext,
  ): SimulationState | Promise<SimulationState>
  abstract applyEngineRules(state: SimulationState, ctx: EngineContext): SimulationState | Promise<SimulationState>
  abstract checkTermination(state: SimulationState): Termination | Promise<Termination>

  /** Overridden by engines that need the whole set of a turn's valid actions at once. */
  applyActions?(
    state: SimulationState,
    actions: readonly Action[],
    ctx: EngineContext,
  ): SimulationState | Promise<SimulationState>

  /** The state after the last step. Throws before initialisation. */
  getCurrentState(): SimulationState {
    const state = current.get(this)
    if (!state) throw new SimulationError('The engine has no state yet: initializeState has not run')
    return state
  }

  /** Applies a turn's valid actions, then the rules. Final: override applyAction, applyActions or applyEngineRules instead. */
  async runTurn(judged: readonly Judged[], ctx: EngineContext): Promise<SimulationState> {
    const run = runners.get(this)
    if (!run) throw new SimulationError('runTurn works inside a running simulation only')
    return run(this, judged, ctx)
  }
}

export const setEngineState = (engine: BaseEngine, state: SimulationState): void => void current.set(engine, state)
export const setTurnRunner = (engine: BaseEngine, run: TurnRunner): void => void runners.set(engine, run)
