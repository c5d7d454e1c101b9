import { randomUUID } from 'node:crypto'
import { InvalidActionError } from '../core/errors.ts'
import { isMap, type JsonMap } from '../core/json.ts'

export const LIFECYCLE_OPERATIONS = ['add_agent', 'remove_agent', 'pause_agent', 'resume_agent'] as const
export type LifecycleOperation = (typeof LIFECYCLE_OPERATIONS)[number]

export type LifecycleRequest = {
  readonly operation: LifecycleOperation
  readonly target: string
  readonly initial_state?: JsonMap
  readonly type?: string
  readonly auto_resume_turns?: number | null
}

export type PolicyDecision = {
  readonly action: string
  readonly reasoning: string
  readonly confidence: number
  readonly parameters?: JsonMap
}
export type ValidationResult = {
  readonly is_valid: boolean
  readonly reasoning: string
  readonly confidence: number
  readonly action_evaluated: string
}

export interface Action {
  readonly actionId: string
  readonly agentName: string
  readonly actionName: string
  readonly parameters?: JsonMap
  /** Natural-language form. */
  readonly actionString?: string
  readonly decisionType?: string
  readonly interaction?: { readonly type: string; readonly participants: readonly string[] }
  readonly lifecycle?: LifecycleRequest
  readonly validated: boolean
  readonly validationTimestamp?: string
  readonly policyDecision?: PolicyDecision
  readonly validationResult?: ValidationResult
}

/** What an agent may return: only the name of the action is needed. */
export type ActionInput = Partial<Action> & { actionName: string }

export type Verdict = boolean | { readonly valid: boolean; readonly reason?: string }
export type Judged = { readonly action: Action; readonly valid: boolean; readonly reason?: string }

/** Makes what an agent returned a whole action of that agent. Throws InvalidActionError when it is none. */
export function completeAction(given: unknown, agentName: string): { action: Action; wrongName?: string } {
  if (!isMap(given))
    throw new InvalidActionError(`${agentName} returned no action: an object with actionName is needed`)
  if (typeof given['actionName'] !== 'string')
    throw new InvalidActionError(`${agentName} returned an action without actionName: it must be text`)
  const id = given['actionId']
  const action: Action = {
    ...given,
    actionId: typeof id === 'string' && id !== '' ? id : randomUUID(),
    agentName,
    actionName: given['actionName'],
    validated: false,
  }
  const named = given['agentName']
  return named === undefined || named === agentName ? { action } : { action, wrongName: String(named) }
}
