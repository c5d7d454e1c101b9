import { type SimulationState, updateGlobal } from '../../state/state.ts'

const strengthOf = (state: SimulationState, name: string): number =>
  Number(state.agents[name]?.['economic_strength'] ?? 0)

export const totalValue = (state: SimulationState): number =>
  Object.keys(state.agents).reduce((sum, name) => sum + strengthOf(state, name), 0)

/** Every economic_strength × (1 + rate); total_economic_value is their sum. */
export function grow(state: SimulationState, rate: number): SimulationState {
  const agents = Object.fromEntries(
    Object.entries(state.agents).map(([name, agent]) => [
      name,
      { ...agent, economic_strength: strengthOf(state, name) * (1 + rate) },
    ]),
  )
  const grown = { ...state, agents }
  return updateGlobal(grown, { total_economic_value: totalValue(grown) })
}
