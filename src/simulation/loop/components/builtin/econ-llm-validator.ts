import { LlmValidator } from '../../llm/llm-patterns.ts'
import type { SimulationState } from '../../state/state.ts'
import type { Action } from '../action.ts'

/** Lets economic policy pass, by a model's judgement. */
export class EconLLMValidator extends LlmValidator {
  constructValidationPrompt(action: Action, state: SimulationState) {
    const proposed = {
      agent: action.agentName,
      action: action.actionString ?? action.actionName,
      parameters: action.parameters ?? {},
    }
    return `Action:\n${JSON.stringify(proposed, null, 2)}\nWorld:\n${JSON.stringify(state.globalState, null, 2)}\nIs this action possible within the domain?`
  }

  getDomainDescription(): string {
    return 'Economic policy: interest rates, taxes, spending, money supply, trade and their regulation.'
  }
}
