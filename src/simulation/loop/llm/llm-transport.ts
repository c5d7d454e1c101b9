import type { LlmConfig } from '../config/simulation-config.ts'
import type { Prompt } from './llm-client.ts'

export type LlmRequest = {
  readonly config: LlmConfig
  readonly prompt: Prompt
  /** JSON Schema the answer should follow, with a name for providers that want one. */
  readonly schema: { readonly name: string; readonly jsonSchema: Readonly<Record<string, unknown>> }
  readonly signal: AbortSignal
}

/** One attempt of one call: the model's text, or an error. Retry, timeout and checking are the client's. */
export interface LlmTransport {
  send(request: LlmRequest): Promise<string>
}

/** What a transport throws when the provider answered with an error status. */
export class LlmStatusError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.name = 'LlmStatusError'
    this.status = status
  }
}
