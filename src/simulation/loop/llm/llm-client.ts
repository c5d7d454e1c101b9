import type { Cause } from '../events/event.ts'

/** Who calls a model, for events, logs and reasoning chains. */
export type LlmCallMeta = {
  component: 'agent' | 'validator' | 'engine'
  agentName?: string
  turn: number
  /** What the answered or failed call cites beside the phase: the DECISION judged, the ACTION applied. */
  causedBy?: readonly Cause[]
}

export type Prompt = { system: string; user: string }

/** A schema an answer has to fit; `parse` throws when it does not. */
export interface AnswerSchema<T> {
  readonly name: string
  /** JSON Schema sent to the provider. */
  readonly jsonSchema: Readonly<Record<string, unknown>>
  parse(value: unknown): T
}

/** Structured calls with retry. */
export interface LlmClient {
  readonly model: string
  callWithRetry<T>(prompt: Prompt, schema: AnswerSchema<T>, meta: LlmCallMeta): Promise<T>
}
