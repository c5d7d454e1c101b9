import type { z } from 'zod'

// The port. No type of a vendor's library leaves this folder.

export type Usage = {
  inputTokens: number
  cachedInputTokens: number
  outputTokens: number
  costUsd: number | undefined
}

export type ToolRequest = { id: string; name: string; input: unknown }
export type ToolAnswer = { id: string; name: string; output: string; isError?: boolean }
/** One turn of a conversation. Plain JSON, so a checkpoint can hold it. */
export type Message =
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; toolCalls?: ToolRequest[] }
  | { role: 'tool'; results: ToolAnswer[] }

export type JsonSchema = Record<string, unknown>
export type ToolSpec = { name: string; description: string; inputSchema: JsonSchema }
export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high'

export type Delta =
  | { kind: 'text'; text: string }
  | { kind: 'tool-input'; id: string; text: string }
  /** What came before belongs to an attempt that failed: throw it away. */
  | { kind: 'restart' }

/** One call of one model: what a provider gets. */
export type ModelCall = {
  model: string
  system: string
  messages: readonly Message[]
  maxTokens: number
  temperature?: number
  seed?: number
  effort?: Effort
  /** Asks for JSON of this shape where the provider can enforce it; the answer is checked by us in any case. */
  schema?: JsonSchema
  tools?: readonly ToolSpec[]
  signal: AbortSignal
  onDelta?: (delta: Delta) => void
}
export type ModelAnswer = {
  text: string
  toolCalls: ToolRequest[]
  finish: 'stop' | 'length' | 'tool-calls' | 'refused' | 'other'
  usage: { inputTokens: number; cachedInputTokens: number; outputTokens: number }
  /** The model that answered, as the provider names it. */
  model: string
}
/** One call, no repeats: retry, failover, budget and checks are the gateway's. Throws ModelError. */
export type Provider = { readonly name: string; call(call: ModelCall): Promise<ModelAnswer> }

/** How a caller wants its calls treated; its contract says the numbers. */
export type ModelProfile = {
  /** Label in metrics and logs: decompose, execute, planning … */
  purpose: string
  /** Whose metrics these calls belong to. */
  domain?: string
  maxTokens: number
  temperature: number
  /** Instead of the configured one. */
  model?: string
  /** Of one attempt. */
  timeoutMs: number
  /** Repeats after the first attempt, per model. */
  retries: number
  /** Go on with the backup model (as many attempts again) when the first one is used up. */
  useBackup: boolean
  /** A wrong answer: `repair` shows the model its mistakes once, `retry` asks again as often as for other failures. */
  onInvalid: 'repair' | 'retry'
  backoff: { firstMs: number; maxMs: number }
  seed?: number
  effort?: Effort
  /** Identical questions are answered from memory for this long. */
  cacheMs?: number
  limits: { systemChars: number; promptChars: { min: number; max: number } }
}

export type Attempt = {
  number: number
  model: string
  durationMs: number
  outcome: 'ok' | string
  message?: string
  willRetry: boolean
}
export type Trace = {
  provider: string
  model: string
  prompt: { system: string; user: string }
  attempts: Attempt[]
  repaired: boolean
  cached: boolean
  durationMs: number
}

/** Named pieces of material. They are marked as data in the prompt. */
export type Material = string | Readonly<Record<string, unknown>>

export type GenerateRequest<T> = {
  /** Who the model is. Part of the instruction. */
  role: string
  /** What it does. Part of the instruction: never put user text here. */
  instructions: string
  input: Material
  /** The shape of the value. Without it the value is the text. */
  schema?: z.ZodType<T>
  /** The domain's own checks: what is wrong with a well-formed value, in words a model can act on. They may ask a database. */
  check?: (value: T) => readonly string[] | Promise<readonly string[]>
  profile: ModelProfile
  signal?: AbortSignal
  onDelta?: (delta: Delta) => void
  onAttempt?: (attempt: Attempt) => void
  budget?: import('./budget.ts').Budget
  /** The deterministic way to a valid value. With it `generate` never fails for want of a model. */
  craft?: (reason: CraftReason) => T | Promise<T>
}
export type CraftReason = { code: string; message: string; suggestion: string | undefined }
export type Generated<T> = {
  value: T
  text: string
  source: 'model' | 'craft'
  /** Why the craft worked; absent for a model's value. */
  reason?: CraftReason
  usage: Usage
  trace: Trace
}
