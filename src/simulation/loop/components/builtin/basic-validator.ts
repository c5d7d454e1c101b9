import { show } from '../../core/json.ts'
import type { SimulationState } from '../../state/state.ts'
import type { Action, Verdict } from '../action.ts'
import { BaseValidator } from '../base-validator.ts'

const no = (reason: string): Verdict => ({ valid: false, reason })

/** Rejects empty names and trades nobody could pay. */
export class BasicValidator extends BaseValidator {
  validateAction(action: Action, state: SimulationState): Verdict {
    if (action.actionName.trim() === '') return no('an action needs a name')
    return action.actionName === 'trade' ? judgeTrade(action, state) : true
  }
}

function judgeTrade(action: Action, state: SimulationState): Verdict {
  const { amount, partner } = action.parameters ?? {}
  if (typeof amount !== 'number' || !Number.isFinite(amount))
    return no(`trade needs a numeric amount, not ${show(amount)}`)
  if (partner === undefined || partner === null) return canPay(state, action.agentName, -amount)
  if (typeof partner !== 'string' || !Object.hasOwn(state.agents, partner))
    return no(`unknown partner ${show(partner)}`)
  if (partner === action.agentName) return no('an agent cannot trade with itself')
  return amount >= 0 ? canPay(state, action.agentName, amount) : canPay(state, partner, -amount)
}

function canPay(state: SimulationState, name: string, amount: number): Verdict {
  const wealth = state.agents[name]?.['wealth']
  if (typeof wealth !== 'number' || wealth - amount >= 0) return true
  return no(`${name} has ${wealth} and cannot pay ${amount}`)
}
