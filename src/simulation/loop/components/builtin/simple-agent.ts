import type { SimulationState } from '../../state/state.ts'
import { BaseAgent } from '../base-agent.ts'

/** Gains 10 in even states, loses 5 in odd ones. */
export class SimpleAgent extends BaseAgent {
  decideAction(state: SimulationState) {
    const amount = state.turn % 2 === 0 ? 10 : -5
    return { actionName: 'trade', parameters: { amount }, decisionType: 'trade' }
  }
}
