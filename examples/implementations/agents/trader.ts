// A household that makes one good and needs four: it answers offers first, then buys what it lacks most from the cheapest seller.
import { BaseAgent } from 'troupe/simulation'
import { GOODS, type Trader } from '../_market.ts'

export class TraderAgent extends BaseAgent {
  decideAction(state, ctx) {
    const me: Trader = state.agents[this.name]
    const { patience = 0.9 } = this.config
    const waiting = me.offers[0]
    if (waiting) {
      const [buyer, amount, price, offerId] = waiting
      const fair = price >= patience * me.price * amount
      const actionName = fair && (me.goods[me.produces] ?? 0) >= amount ? 'accept' : 'decline'
      return { actionName, parameters: { buyer, in_response_to: offerId }, decisionType: 'answer' }
    }
    return this.buy(state, me, ctx.turn) ?? { actionName: 'hold' }
  }

  /** Others are seen from outside only: what they make and, with noise, what they ask. */
  buy(state, me: Trader, turn: number) {
    const lot = Number(this.config.lot ?? 8)
    const wanted = GOODS.filter((good) => good !== me.produces && (me.goods[good] ?? 0) < lot / 2)
    wanted.sort((a, b) => (me.goods[a] ?? 0) - (me.goods[b] ?? 0))
    for (const good of wanted) {
      const sellers = Object.values<Trader>(state.agents).filter(({ produces }) => produces === good)
      sellers.sort((a, b) => a.price - b.price || (a.name < b.name ? -1 : 1))
      const seller = sellers[0]
      if (!seller || me.bought.includes(good)) continue
      const price = Math.round(seller.price * lot * 100) / 100
      if (price > me.coins) continue
      return {
        actionName: 'offer',
        // Its own id, since the offer keeps it in the state: a generated one would differ in every repetition.
        actionId: `${this.name}-${turn}`,
        parameters: { to: seller.name, good, amount: lot, price },
        decisionType: 'buy',
        interaction: { type: 'offer', participants: [this.name, seller.name] },
      }
    }
    return undefined
  }
}
