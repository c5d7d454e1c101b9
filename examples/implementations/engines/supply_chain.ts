// Goods flow down a network of companies, orders flow up. What leaves takes two turns a hop; a broken road stops it.
import { BaseEngine, spatial, updateAgent, updateGlobal } from 'troupe/simulation'

const round = (value: number) => Math.round(value * 100) / 100
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)

type Shipment = [arrival: number, amount: number]
type Company = {
  name: string
  stock: number
  backlog: number
  on_order: number
  ordered: number
  asked: number
  forecast: number
  lead_time: number
  pipeline: Shipment[]
  owed: Record<string, number>
}

export class SupplyChainEngine extends BaseEngine {
  /** Who delivers to whom, by the configuration of the agents. */
  get suppliers(): Record<string, string | null> {
    return Object.fromEntries(this.agents.map(({ name, config }) => [name, config.supplier ?? null]))
  }

  initializeState(ctx) {
    return ctx.initialState()
  }

  /** All orders of a turn together: what a company asks for does not depend on who asked first. */
  applyActions(state, actions) {
    let next = state
    for (const { agentName, actionName, parameters } of actions) {
      if (actionName !== 'order' || !(parameters?.amount >= 0)) continue
      const { on_order: onOrder } = next.agents[agentName]
      const { amount } = parameters
      next = updateAgent(next, agentName, { ordered: amount, on_order: round(onOrder + amount) })
    }
    return next
  }

  applyAction(state) {
    return state
  }

  applyEngineRules(state, ctx) {
    let next = this.roads(state, ctx)
    next = this.receive(next, ctx.turn)
    const demand = this.demand(ctx)
    // From the customers up: who sells to customers ships first, then asks its supplier.
    for (const name of this.downstreamFirst()) next = this.serve(next, name, demand, ctx)
    const companies = Object.values<Company>(next.agents)
    const shops = companies.filter(({ name }) => this.clientsOf(name).length === 0)
    return updateGlobal(next, {
      demand: round(demand * shops.length),
      shop_backlog: round(sum(shops.map(({ backlog }) => backlog))),
      stock_total: round(sum(companies.map(({ stock }) => stock))),
      cost_total: round(state.globalState.cost_total + sum(companies.map((one) => one.stock * 0.5 + one.backlog))),
    })
  }

  clientsOf(name: string): string[] {
    return Object.entries(this.suppliers)
      .filter(([, supplier]) => supplier === name)
      .map(([client]) => client)
  }

  downstreamFirst(): string[] {
    const height = (name: string): number => Math.max(0, ...this.clientsOf(name).map((client) => 1 + height(client)))
    return Object.keys(this.suppliers).sort((a, b) => height(a) - height(b) || (a < b ? -1 : 1))
  }

  /** Closes and opens roads as the configuration says. */
  roads(state, ctx) {
    let map = state.spatialState
    for (const { from, to, closes, opens } of this.config.disruptions ?? []) {
      const told = (outcome: string) => ({ outcome, description: `The road ${from} – ${to} is ${outcome}` })
      if (ctx.turn === closes) {
        map = ctx.map.removeConnection(map, from, to, 'default')
        ctx.milestone('open', 'closed', told('closed'))
      }
      if (ctx.turn === opens) {
        map = ctx.map.addConnection(map, from, to, 'default')
        ctx.milestone('closed', 'open', told('open'))
      }
    }
    return map === state.spatialState ? state : { ...state, spatialState: map }
  }

  receive(state, turn: number) {
    let next = state
    for (const { name, pipeline, stock, on_order: onOrder } of Object.values<Company>(state.agents)) {
      const arrived = sum(pipeline.filter(([at]) => at <= turn).map(([, amount]) => amount))
      next = updateAgent(next, name, {
        pipeline: pipeline.filter(([at]) => at > turn),
        stock: round(stock + arrived),
        on_order: Math.max(0, round(onOrder - arrived)),
      })
    }
    return next
  }

  /** What the customers of one shop want this turn. */
  demand(ctx): number {
    const { base = 4, step = 8, step_turn: stepTurn = 20, noise = 1 } = this.config
    return round((ctx.turn >= stepTurn ? step : base) + (ctx.random() - 0.5) * noise)
  }

  serve(state, name: string, demand: number, ctx) {
    const company: Company = state.agents[name]
    const clients = this.clientsOf(name)
    const asked = clients.length === 0 ? demand : sum(clients.map((client) => state.agents[client].ordered))
    const owed: Record<string, number> = { ...company.owed }
    if (clients.length === 0) owed.customers = round((owed.customers ?? 0) + demand)
    for (const client of clients) owed[client] = round((owed[client] ?? 0) + state.agents[client].ordered)
    let next = state
    let { stock } = company
    const wanted = sum(Object.values(owed))
    const share = wanted === 0 ? 0 : Math.min(1, stock / wanted)
    for (const [client, amount] of Object.entries(owed)) {
      const hops = client === 'customers' ? 0 : this.hops(next, name, client)
      if (hops < 0) continue
      const sent = round(amount * share)
      owed[client] = round(amount - sent)
      stock = Math.max(0, round(stock - sent))
      if (client === 'customers' || sent === 0) continue
      const { pipeline } = next.agents[client]
      next = updateAgent(next, client, { pipeline: [...pipeline, [ctx.turn + 2 * hops, sent]] })
    }
    const { smoothing = 0.2, production_time: time = 2 } = this.config
    const made = this.suppliers[name] === null ? company.ordered : 0
    return updateAgent(next, name, {
      stock,
      owed,
      asked: round(asked),
      backlog: round(sum(Object.values(owed))),
      forecast: round(company.forecast + smoothing * (asked - company.forecast)),
      ...(made > 0 ? { pipeline: [...company.pipeline, [ctx.turn + time, made]] } : {}),
    })
  }

  /** −1 when no road leads there now. */
  hops(state, from: string, to: string): number {
    const roads = spatial(state.spatialState)
    return roads.getDistance(roads.getAgentPosition(from), roads.getAgentPosition(to))
  }

  checkTermination() {
    return false
  }
}
