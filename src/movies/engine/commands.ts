import type { ArtifactName, DecisionPoint } from '../schema.ts'
import type { EngineTask } from './engine-state.ts'

/** What the engine decides to do next. Commands are data; ./apply-command.ts carries them out on the state. */
export type Command =
  | { kind: 'create_tasks'; task_type: string; count: number; tasks: EngineTask[] }
  | { kind: 'skip_task'; task_id: string; reason: string }
  | { kind: 'fail_task'; task_id: string; error_type: string; message: string }
  | {
      kind: 'raise'
      point: DecisionPoint
      subject: string | null
      prompt: string
      shows: readonly ArtifactName[]
      context: Record<string, unknown>
      /** Set when nobody is asked: the choice is taken at once and recorded as automatic. */
      automatic: string | null
    }
  | { kind: 'accept_media' }
  | { kind: 'accept_qc' }
  | { kind: 'pass_gate'; gate: string; warnings: string[] }
  | {
      kind: 'repeat'
      state: string
      tasks: readonly string[]
      /** Only these items of the fan-outs, by their id in the task input. */
      only: { key: string; values: string[] } | null
      loop: string
      issues: string[]
      feedback: string | null
      reason: string
    }
  | { kind: 'finish_state'; skipped: boolean }
  | { kind: 'complete' }
  | { kind: 'fail'; error_type: string; message: string; task_id: string | null }
