import type { LoadedConfig } from '../config/load-config.ts'
import type { TimeSource } from '../core/clock.ts'
import type { Logger } from '../logging/logger.ts'
import type { LlmFor } from '../run/make-components.ts'
import type { RunEvents } from '../run/run-events.ts'
import type { LlmTransport } from './llm-transport.ts'

export type LlmSetup = {
  loaded: LoadedConfig
  events: RunEvents
  log: Logger
  transport: LlmTransport | undefined
  time: TimeSource
}

export const createLlmBooks =
  (_setup: LlmSetup): LlmFor =>
  () =>
    undefined
