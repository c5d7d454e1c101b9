// A village market: goods are made and eaten, offers answered a turn later, prices follow stocks. Coins never appear or vanish.
import { BaseEngine, updateAgent, updateGlobal } from 'troupe/simulation'
import { GOODS, type Offer, type Trader } from '../_market.ts'

const round = (value: number) => Math.round(value * 100) / 100

export class MarketEngine extends BaseEngine {
  initializeState(ctx) {
    const state = ctx.initialState()
    return updateGlobal(state, { coins_total: round(sum(state, ({ coins }) => coins)) })
  }

  applyAction(state, action, ctx) {
    const { actionName, agentName, parameters = {} } = action
    if (actionName === 'offer') {
      const { to, good, amount, price } = parameters
      const offers = [...state.agents[to].offers, [agentName, amount, price, action.actionId]]
      const asked = updateAgent(state, to, { offers })
      return updateAgent(asked, agentName, { bought: [...state.agents[agentName].bought, good] })
    }
    if (actionName !== 'accept' && actionName !== 'decline') return state
    const seller: Trader = state.agents[agentName]
    const offer = seller.offers.find(([, , , id]) => id === parameters.in_response_to)
    if (!offer) return state
    const [buyerName, amount, price] = offer
    const answered = this.close(state, agentName, offer)
    const buyer: Trader = answered.agents[buyerName]
    if (actionName === 'decline' || buyer.coins < price) return answered
    ctx.interaction('trade', [agentName, buyerName])
    const good = seller.produces
    ctx.detail('exchange', { good, amount, price, each: round(price / amount) }, { agentId: agentName })
    const given = updateAgent(answered, agentName, {
      goods: { ...seller.goods, [good]: seller.goods[good] - amount },
      coins: round(seller.coins + price),
    })
    const paid = updateAgent(given, buyerName, {
      goods: { ...buyer.goods, [good]: (buyer.goods[good] ?? 0) + amount },
      coins: round(buyer.coins - price),
    })
    return updateGlobal(paid, { trades: state.globalState.trades + 1 })
  }

  /** The offer is off the seller's table and the buyer may ask again. */
  close(state, sellerName: string, offer: Offer) {
    const seller: Trader = state.agents[sellerName]
    const [buyerName] = offer
    const without = updateAgent(state, sellerName, { offers: seller.offers.filter((other) => other !== offer) })
    const { bought }: Trader = without.agents[buyerName]
    return updateAgent(without, buyerName, { bought: bought.filter((good) => good !== seller.produces) })
  }

  applyEngineRules(state, ctx) {
    const { yield: harvest = 4, capacity = 32 } = this.config
    let next = state
    let [made, eaten] = [0, 0]
    for (const trader of Object.values<Trader>(state.agents)) {
      const goods = { ...trader.goods }
      const room = Math.max(0, Math.min(harvest, capacity - goods[trader.produces]))
      goods[trader.produces] += room
      made += room
      const meals = GOODS.map((good) => {
        const meal = Math.min(1, goods[good] ?? 0)
        goods[good] = (goods[good] ?? 0) - meal
        return meal
      })
      const today = meals.reduce((a, b) => a + b, 0)
      eaten += today
      const stock = goods[trader.produces]
      const change = stock > capacity * 0.8 ? 0.95 : stock < capacity * 0.4 ? 1.05 : 1
      next = updateAgent(next, trader.name, {
        goods,
        price: Math.max(0.1, Math.round(trader.price * change * 1000) / 1000),
        welfare: trader.welfare + today,
      })
    }
    ctx.detail('harvest', { made, eaten })
    const { goods_made, goods_eaten } = state.globalState
    return updateGlobal(next, {
      goods_made: goods_made + made,
      goods_eaten: goods_eaten + eaten,
      eaten_today: eaten,
      coins_total: round(sum(next, ({ coins }) => coins)),
    })
  }

  checkTermination() {
    return false
  }
}

const sum = (state, of: (trader: Trader) => number): number =>
  Object.values<Trader>(state.agents).reduce((total, trader) => total + of(trader), 0)
