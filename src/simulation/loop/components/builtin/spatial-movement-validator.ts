import type { SimulationState } from '../../state/state.ts'
import type { Action, Verdict } from '../action.ts'
import { BaseValidator } from '../base-validator.ts'
import type { ValidatorContext } from '../context.ts'

/** `move {target}` only to a neighbouring location; everything else passes. */
export class SpatialMovementValidator extends BaseValidator {
  validateAction(action: Action, _: SimulationState, ctx: ValidatorContext): Verdict {
    if (action.actionName !== 'move') return true
    const target = action.parameters?.['target']
    const position = ctx.space.getAgentPosition(action.agentName)
    if (position === null) return { valid: false, reason: `${action.agentName} has no position` }
    if (typeof target === 'string' && target !== position && ctx.space.isAdjacent(position, target)) return true
    const near = ctx.space.getNeighbors(position).join(', ') || 'none'
    return { valid: false, reason: `${String(target)} is not next to ${position}; neighbours are ${near}` }
  }
}
