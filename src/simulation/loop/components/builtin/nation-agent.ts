import { show } from '../../core/json.ts'
import { BaseAgent } from '../base-agent.ts'
import type { ConfigCheck } from '../component-class.ts'

const STRATEGIES = ['grow', 'maintain', 'decline']

/** Follows one fixed strategy: `config.strategy`, default grow. */
export class NationAgent extends BaseAgent {
  static checkConfig: ConfigCheck = (config, add) => {
    const strategy = config['strategy']
    if (strategy !== undefined && !STRATEGIES.includes(strategy))
      add(['strategy'], `one of ${STRATEGIES.join(', ')}`, show(strategy), 'Choose a strategy.')
  }

  decideAction() {
    const strategy = String(this.config['strategy'] ?? 'grow')
    return { actionName: strategy, parameters: { strategy }, decisionType: 'strategy' }
  }
}
