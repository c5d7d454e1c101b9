// A link of a supply chain: forecasts what its clients will order and orders up to what the lead time needs.
import { BaseAgent } from 'troupe/simulation'

export class CompanyAgent extends BaseAgent {
  decideAction(state) {
    const { stock, backlog, on_order: onOrder, forecast, lead_time: lead, asked } = state.agents[this.name]
    const { cover = 1 } = this.config
    const target = forecast * (lead + cover)
    const amount = Math.max(0, Math.round((asked + target - (stock + onOrder - backlog)) * 100) / 100)
    return { actionName: 'order', parameters: { amount }, decisionType: 'replenish' }
  }
}
