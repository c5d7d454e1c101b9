import type { PolicyDecision } from '../../llm/answer-schema.ts'
import { LlmAgent } from '../../llm/llm-patterns.ts'
import type { SimulationState } from '../../state/state.ts'

const SUBJECTS = ['rate', 'fiscal', 'tax', 'trade', 'monetary', 'interest']

/** A nation's economic policy, decided by a model. `config.system_prompt` and `config.strategy` shape it. */
export class EconLLMAgent extends LlmAgent {
  constructPrompt(observation: SimulationState) {
    const { [this.name]: own, ...others } = observation.agents
    const strategy = this.config['strategy'] ? `Your strategy: ${String(this.config['strategy'])}.` : ''
    const role = this.config['system_prompt'] ?? `You set the economic policy of ${this.name}. ${strategy}`
    const data = { turn: observation.turn + 1, you: own ?? null, others, world: observation.globalState }
    return {
      system: String(role),
      user: `The situation:\n${JSON.stringify(data, null, 2)}\nChoose one policy for this turn: interest rate, tax, fiscal, monetary or trade policy.`,
    }
  }

  validateDecision({ action }: PolicyDecision): boolean {
    return SUBJECTS.some((subject) => action.toLowerCase().includes(subject))
  }
}
