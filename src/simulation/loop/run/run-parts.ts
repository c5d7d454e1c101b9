import type { BaseAgent } from '../components/base-agent.ts'
import type { BaseEngine } from '../components/base-engine.ts'
import type { BaseValidator } from '../components/base-validator.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import type { SeededRandom } from '../core/random.ts'
import type { EventRef } from '../events/event.ts'
import type { Logger } from '../logging/logger.ts'
import type { ObservationRules } from '../observe/build-observation.ts'
import type { ReasoningChain } from '../state/state.ts'
import type { RunEvents } from './run-events.ts'

/** The model calls of one component since they were last collected. */
export interface LlmBook {
  /** Reference of the last accepted or failed call (about one agent); it is given once. */
  takeRef(agentName?: string): EventRef | undefined
  takeChains(): ReasoningChain[]
}

/** An agent of the run with what the framework remembers of it. */
export type AgentSlot = {
  readonly name: string
  readonly type: string
  readonly config: Record<string, any>
  readonly agent: BaseAgent
  /** Came after the start: a checkpoint has to remember how to make it again. */
  readonly isDynamic: boolean
  readonly llm: LlmBook | undefined
  previous: { action_name: string; parameters: unknown } | null
}

/** Everything a turn works with. */
export type RunParts = {
  readonly runId: string
  readonly runDir: string
  readonly loaded: LoadedConfig
  readonly events: RunEvents
  readonly log: Logger
  readonly random: SeededRandom
  readonly rules: ObservationRules
  readonly engine: BaseEngine
  readonly engineLlm: LlmBook | undefined
  readonly validator: BaseValidator
  readonly validatorLlm: LlmBook | undefined
  /** In configuration order, additions last. */
  readonly slots: Map<string, AgentSlot>
  /** Latest ACTION of each action id. */
  readonly actionRefs: Map<string, EventRef>
  /** One macrotask, so that the event writer gets on. */
  readonly breathe: () => Promise<void>
  readonly now: () => Date
}

const MAX_ACTION_REFS = 50_000

export function rememberAction(parts: RunParts, actionId: string, ref: EventRef): void {
  const { actionRefs } = parts
  actionRefs.delete(actionId)
  actionRefs.set(actionId, ref)
  if (actionRefs.size > MAX_ACTION_REFS) actionRefs.delete(actionRefs.keys().next().value!)
}
