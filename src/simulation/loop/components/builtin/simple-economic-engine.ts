import { type SimulationState, updateAgent, updateGlobal } from '../../state/state.ts'
import type { Action } from '../action.ts'
import { BaseEngine } from '../base-engine.ts'
import type { EngineContext } from '../context.ts'
import { applyMove } from './move-agent.ts'

const wealthOf = (state: SimulationState, name: string): number => Number(state.agents[name]?.['wealth'] ?? 0)

const totalWealth = (state: SimulationState): number =>
  Object.keys(state.agents).reduce((sum, name) => sum + wealthOf(state, name), 0)

/** Agents with wealth that trade with the market or with each other. Runs until max_turns. */
export class SimpleEconomicEngine extends BaseEngine {
  static override variables = {
    agent_vars: { wealth: { type: 'float', default: 1000 } },
    global_vars: { total_wealth: { type: 'float', default: 0 } },
  }
  static primaryVariable = { agent: 'wealth', global: 'total_wealth' }

  initializeState(ctx: EngineContext): SimulationState {
    const state = ctx.initialState()
    return updateGlobal(state, { total_wealth: totalWealth(state) })
  }

  applyAction(state: SimulationState, action: Action, ctx: EngineContext): SimulationState {
    if (action.actionName === 'move') return applyMove(state, action, ctx)
    if (action.actionName !== 'trade') return state
    const { amount, partner } = action.parameters ?? {}
    if (typeof amount !== 'number' || !Number.isFinite(amount)) return state
    const actor = action.agentName
    if (typeof partner !== 'string') return updateAgent(state, actor, { wealth: wealthOf(state, actor) + amount })
    if (partner === actor || !Object.hasOwn(state.agents, partner)) return state
    if (!action.interaction) ctx.interaction('trade', [actor, partner])
    const paid = updateAgent(state, actor, { wealth: wealthOf(state, actor) - amount })
    return updateAgent(paid, partner, { wealth: wealthOf(state, partner) + amount })
  }

  applyEngineRules(state: SimulationState, ctx: EngineContext): SimulationState {
    const total = totalWealth(state)
    if (ctx.wants('DETAIL')) {
      const summands = Object.fromEntries(Object.keys(state.agents).map((name) => [name, wealthOf(state, name)]))
      ctx.detail('wealth_total', { ...summands, total }, { description: 'Sum of wealth' })
    }
    return updateGlobal(state, { total_wealth: total })
  }

  checkTermination(): boolean {
    return false
  }
}
