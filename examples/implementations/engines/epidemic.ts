// Susceptible, infected, recovered: whoever shares a cell with the infected may catch it, and is over it after some turns.
import { BaseEngine, updateAgent, updateGlobal } from 'troupe/simulation'

const HEALTH = ['susceptible', 'infected', 'recovered']

export class EpidemicEngine extends BaseEngine {
  static variables = {
    agent_vars: {
      health: { type: 'categorical', values: HEALTH, default: 'susceptible' },
      days_infected: { type: 'int', default: 0, min: 0 },
      infected_others: { type: 'int', default: 0, min: 0 },
    },
    global_vars: {
      susceptible: { type: 'int', default: 0 },
      infected: { type: 'int', default: 0 },
      recovered: { type: 'int', default: 0 },
      peak_infected: { type: 'int', default: 0 },
      peak_turn: { type: 'int', default: 0 },
    },
  }

  initializeState(ctx) {
    return this.count(ctx.initialState(), 0)
  }

  applyAction(state, action, ctx) {
    if (action.actionName !== 'move') return state
    return { ...state, spatialState: ctx.map.moveAgent(state.spatialState, action.agentName, action.parameters.target) }
  }

  applyEngineRules(state, ctx) {
    const { beta = 0.5, recovery = 8 } = this.config
    let next = state
    for (const name of Object.keys(state.agents).sort()) {
      const { health, days_infected: days } = state.agents[name]
      if (health === 'infected') {
        const isOver = days + 1 >= recovery
        next = updateAgent(next, name, { days_infected: days + 1, health: isOver ? 'recovered' : health })
      }
      if (health !== 'susceptible') continue
      const here = ctx.space.getAgentPosition(name)
      const sick = ctx.space.getAgentsAt(here).filter((other) => state.agents[other].health === 'infected')
      const source = sick.find(() => ctx.random() < beta)
      if (source === undefined) continue
      ctx.detail('infection', { from: source, to: name, at: here, met: sick.length }, { agentId: name })
      next = updateAgent(next, name, { health: 'infected' })
      next = updateAgent(next, source, { infected_others: next.agents[source].infected_others + 1 })
    }
    const counted = this.count(next, ctx.turn)
    if (state.globalState.infected > 0 && counted.globalState.infected === 0)
      ctx.milestone('spreading', 'over', {
        outcome: 'over',
        description: `The epidemic is over: ${counted.globalState.recovered} were infected`,
      })
    return counted
  }

  count(state, turn: number) {
    const counts = Object.fromEntries(HEALTH.map((health) => [health, 0]))
    for (const { health } of Object.values<any>(state.agents)) counts[health]++
    const isPeak = counts.infected > state.globalState.peak_infected
    return updateGlobal(state, {
      ...counts,
      ...(isPeak ? { peak_infected: counts.infected, peak_turn: turn } : {}),
    })
  }

  checkTermination({ globalState }) {
    return globalState.infected === 0 && { stop: true, reason: 'nobody is infected' }
  }
}
