// What the market allows: offers to others that can be paid, answers to offers one has. `closed: true` allows no trade at all.
import { BaseValidator } from 'troupe/simulation'
import type { Trader } from '../_market.ts'

export class MarketRulesValidator extends BaseValidator {
  validateAction({ actionName, agentName, parameters = {} }, state) {
    const me: Trader = state.agents[agentName]
    if (actionName === 'hold') return true
    if (this.config.closed) return { valid: false, reason: 'the market is closed' }
    if (actionName === 'offer') {
      const { to, amount, price } = parameters
      const partner: Trader | undefined = state.agents[to]
      if (!partner || to === agentName) return { valid: false, reason: `${to} is nobody to trade with` }
      if (!(amount > 0) || !(price >= 0)) return { valid: false, reason: 'amount and price must be positive' }
      return price <= me.coins || { valid: false, reason: `${agentName} has ${me.coins} coins and offers ${price}` }
    }
    const known = me.offers.some(([, , , id]) => id === parameters.in_response_to)
    return known || { valid: false, reason: `there is no offer ${parameters.in_response_to}` }
  }
}
