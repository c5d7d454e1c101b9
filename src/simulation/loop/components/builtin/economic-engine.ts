import { type SimulationState, updateGlobal } from '../../state/state.ts'
import type { Action } from '../action.ts'
import { BaseEngine } from '../base-engine.ts'
import type { EngineContext } from '../context.ts'
import { grow, totalValue } from './economic-growth.ts'
import { applyMove } from './move-agent.ts'

const DEFAULT_RATE = 0.05

/** Economies that grow by one interest rate a turn. Actions are recorded; only `move` has an effect. */
export class EconomicEngine extends BaseEngine {
  static requiredVariables = { agent: ['economic_strength'], global: ['total_economic_value'] }
  static primaryVariable = { agent: 'economic_strength', global: 'total_economic_value' }

  initializeState(ctx: EngineContext): SimulationState {
    const state = ctx.initialState()
    const changes: Record<string, number> = { total_economic_value: totalValue(state) }
    // The engine's own setting wins over the variable's default, an explicit variable over the engine's default.
    const rate = this.interestRate
    if ('interest_rate' in state.globalState && rate !== null && rate !== DEFAULT_RATE) changes['interest_rate'] = rate
    return updateGlobal(state, changes)
  }

  applyAction(state: SimulationState, action: Action, ctx: EngineContext): SimulationState {
    return action.actionName === 'move' ? applyMove(state, action, ctx) : state
  }

  applyEngineRules(state: SimulationState, ctx: EngineContext): SimulationState {
    const variable = state.globalState['interest_rate']
    const rate = typeof variable === 'number' ? variable : (this.interestRate ?? 0)
    const grown = grow(state, rate)
    const total = grown.globalState['total_economic_value']
    if (ctx.wants('DETAIL')) ctx.detail('economic_growth', { interest_rate: rate, total_economic_value: total })
    return grown
  }

  checkTermination(): boolean {
    return false
  }
}
