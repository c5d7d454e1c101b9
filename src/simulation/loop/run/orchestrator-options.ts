import type { Checkpoint } from '../checkpoints/checkpoint-store.ts'
import type { Registry } from '../components/discover.ts'
import type { LoadedConfig, Override } from '../config/load-config.ts'
import type { Environment } from '../config/yaml-source.ts'
import type { TimeSource } from '../core/clock.ts'
import type { Verbosity } from '../events/event.ts'
import type { LlmTransport } from '../llm/llm-transport.ts'
import type { LogFields, LogFormat, Logger, LogLevel } from '../logging/logger.ts'
import type { WriterFs } from '../writer/writer-options.ts'
import type { RunFs } from './atomic-file.ts'

export type OrchestratorOptions = {
  /** Folder of all runs. */
  outputRoot?: string
  implementationsRoot?: string
  registry?: Registry
  /** Wins over `event_stream.verbosity`. */
  eventVerbosity?: Verbosity
  /** Given instead of generated; must not exist. */
  runId?: string
  /** The run's folder exists already and is this run's (served runs reserve theirs early). */
  isReserved?: boolean
  /** Correlation fields for every log line. */
  logContext?: LogFields
  logger?: Logger
  /** Makes the logger once the configuration is known; ignored beside `logger`. */
  makeLogger?: (logging: { level: LogLevel; format: LogFormat }) => Logger
  llmTransport?: LlmTransport
  clock?: TimeSource
  fs?: RunFs & WriterFs
  /** Newest states kept in memory; unlimited when absent. */
  historyLimit?: number
  /** Names `${NAME}` may use. */
  env?: Environment
  /** Values that win over the file. */
  overrides?: readonly Override[]
  baseDir?: string
  filesWithin?: string
  limits?: Readonly<Record<string, number>>
}

/** Where a run goes on from. */
export type ResumePoint = {
  runId: string
  turn: number
  checkpoint: Checkpoint
  /** A new seed was asked for: the generator starts from it, not from where it was. */
  reseeded: boolean
}

export type Prepared = { loaded: LoadedConfig; resume: ResumePoint | undefined }

/** What of the options the reading of a configuration needs. */
export const loadOptions = (options: OrchestratorOptions) => ({
  env: options.env ?? {},
  ...(options.overrides ? { overrides: options.overrides } : {}),
  ...(options.implementationsRoot === undefined ? {} : { implementationsRoot: options.implementationsRoot }),
  ...(options.registry ? { registry: options.registry } : {}),
  ...(options.baseDir === undefined ? {} : { baseDir: options.baseDir }),
  ...(options.filesWithin === undefined ? {} : { filesWithin: options.filesWithin }),
  ...(options.limits ? { limits: options.limits } : {}),
})
