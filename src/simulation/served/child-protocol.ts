import type { Override } from '../loop/config/load-config.ts'
import type { Problem } from '../loop/config/problem.ts'
import type { LlmConfig } from '../loop/config/simulation-config.ts'
import type { Operation } from '../loop/lifecycle/lifecycle-manager.ts'
import type { Prompt } from '../loop/llm/llm-client.ts'
import type { StateChanges } from '../loop/run/resume.ts'

/** What a run starts from. */
export type RunSource =
  | { kind: 'config'; config: unknown }
  | { kind: 'resume'; runId: string; turn: number | 'last'; changes?: StateChanges }

export type ChildSpec = {
  source: RunSource
  overrides: readonly Override[]
  outputRoot: string
  implementationsRoot: string
  /** Names `${NAME}` may use. */
  env: Readonly<Record<string, string>>
}

export type LlmQuestion = {
  config: LlmConfig
  prompt: Prompt
  schema: { name: string; jsonSchema: Record<string, unknown> }
}
export type LlmReply =
  | { text: string }
  | {
      error:
        | { kind: 'status'; status: number; message: string }
        | { kind: 'answer' | 'connection' | 'other'; message: string }
    }

export type ToChild =
  /** `others`: further configurations to check with the same settings. */
  | { type: 'validate'; spec: ChildSpec; others?: readonly unknown[] }
  | { type: 'run'; spec: ChildSpec; runId: string; startPaused: boolean }
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'stop' }
  /** Ends after the turn in progress without closing the run: another process goes on from its last checkpoint. */
  | { type: 'park' }
  | { type: 'operate'; id: string; operation: Operation }
  | { type: 'llm-reply'; id: number; reply: LlmReply }

export type About = { name: string; agents: number; maxTurns: number; turn: number }
export type Refusal = { reason: 'config' | 'missing'; message: string; problems: Problem[] }
export type OperationOutcome = { ok: boolean; name: string; reason?: string }

export type FromChild =
  | { type: 'validated'; about: About }
  | { type: 'refused'; refusal: Refusal }
  | { type: 'started'; turn: number; maxTurns: number }
  | { type: 'turn'; turn: number }
  | { type: 'operated'; id: string; outcome: OperationOutcome }
  | {
      type: 'ended'
      status: 'completed' | 'failed' | 'aborted'
      turn: number
      terminationReason: string
      error?: { type: string; message: string }
    }
  | { type: 'llm'; id: number; question: LlmQuestion }

/** Highest values of a served run: ten times the defaults. */
export const SERVED_LIMITS = {
  'event_stream.max_file_size': 5_242_880_000,
  'event_stream.max_queue_size': 100_000,
  'simulation.max_agents': 250,
} as const
