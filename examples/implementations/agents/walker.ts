// Somebody on the grid: stays at home with a probability, else goes to a neighbouring cell.
import { BaseAgent } from 'troupe/simulation'

export class WalkerAgent extends BaseAgent {
  decideAction(_, ctx) {
    const here = ctx.space.getAgentPosition(this.name)
    const ways = here === null ? [] : ctx.space.getNeighbors(here)
    if (ways.length === 0 || ctx.random() < Number(this.config.stay_home ?? 0)) return { actionName: 'stay' }
    const target = ways[Math.floor(ctx.random() * ways.length)]
    return { actionName: 'move', parameters: { target }, decisionType: 'walk' }
  }
}
