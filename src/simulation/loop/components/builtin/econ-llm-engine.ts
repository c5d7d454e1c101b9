import { number, type StateUpdate, stateUpdateSchema } from '../../llm/answer-schema.ts'
import { LlmEngine } from '../../llm/llm-patterns.ts'
import { type SimulationState, updateGlobal } from '../../state/state.ts'
import type { Action } from '../action.ts'
import type { EngineContext } from '../context.ts'
import { grow, totalValue } from './economic-growth.ts'

const schema = stateUpdateSchema({ new_interest_rate: number(-1, 1) })

/** A model sets the interest rate after each action; every economy then grows by it. */
export class EconLLMEngine extends LlmEngine {
  static requiredVariables = { agent: ['economic_strength'], global: ['interest_rate', 'total_economic_value'] }
  static primaryVariable = { agent: 'economic_strength', global: 'total_economic_value' }

  override get updateSchema() {
    return schema
  }

  initializeState(ctx: EngineContext): SimulationState {
    const state = ctx.initialState()
    const rate = this.interestRate ?? Number(state.globalState['interest_rate'] ?? 0)
    return updateGlobal(state, { interest_rate: rate, total_economic_value: totalValue(state) })
  }

  constructStateUpdatePrompt(action: Action, globalState: Readonly<Record<string, any>>) {
    const applied = {
      agent: action.agentName,
      action: action.actionString ?? action.actionName,
      parameters: action.parameters ?? {},
    }
    return `World:\n${JSON.stringify(globalState, null, 2)}\nAction applied:\n${JSON.stringify(applied, null, 2)}\nWhich interest rate follows (as a fraction, for example 0.05)?`
  }

  applyStateUpdate(decision: StateUpdate, state: SimulationState): SimulationState {
    return updateGlobal(state, { interest_rate: decision['new_interest_rate'] })
  }

  override applyEngineRules(state: SimulationState): SimulationState {
    return grow(state, Number(state.globalState['interest_rate'] ?? 0))
  }

  checkTermination(): boolean {
    return false
  }
}
