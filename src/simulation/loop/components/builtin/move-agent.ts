import type { SimulationState } from '../../state/state.ts'
import type { Action } from '../action.ts'
import type { EngineContext } from '../context.ts'

/** Sets the actor's position for `move {target}`; without a map, or when the target is no location, nothing happens. */
export function applyMove(state: SimulationState, action: Action, ctx: EngineContext): SimulationState {
  const target = action.parameters?.['target']
  if (!state.spatialState || typeof target !== 'string' || !Object.hasOwn(state.spatialState.locations, target))
    return state
  return { ...state, spatialState: ctx.map.moveAgent(state.spatialState, action.agentName, target) }
}
