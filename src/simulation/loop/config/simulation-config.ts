import type { SystemEventPolicy, Verbosity } from '../events/event.ts'
import type { LogFormat, LogLevel } from '../logging/logger.ts'
import type { FsyncPolicy, WriteMode } from '../writer/writer-options.ts'

type Maps = Record<string, any>

export type AgentConfig = {
  name: string
  type: string
  initial_state: Maps
  initial_economic_strength: number | null
  initial_location: string | null
  config: Maps
}

export type LlmConfig = {
  model: string
  host: string
  provider: 'ollama' | 'openai'
  api_key: string | null
  timeout: number
  max_retries: number
  temperature: number
  max_tokens: number | null
  stream: boolean
}

export type EventStreamConfig = {
  enabled: boolean
  verbosity: Verbosity
  system_events: SystemEventPolicy
  phase_transitions: boolean
  mode: WriteMode
  max_queue_size: number
  max_file_size: number
  batch_max_events: number
  batch_max_bytes: number
  max_event_bytes: number
  fsync: FsyncPolicy
  close_timeout_ms: number
}

/** The effective configuration: checked, aliases resolved, defaults filled in. Keys as in the file. */
export type SimulationConfig = {
  simulation: {
    name: string
    max_turns: number
    checkpoint_interval: number | null
    termination: {
      min_value: number | null
      max_value: number | null
      variable: string | null
      scope: 'agent' | 'global'
    }
    seed: number
    max_agents: number
    parallel_decisions: boolean
    on_agent_error: 'abort' | 'skip'
  }
  engine: { type: string; interest_rate: number | null; config: Maps }
  validator: { type: string; domain: string | null; permissive: boolean; config: Maps }
  agents: AgentConfig[]
  global_state: Maps
  event_stream: EventStreamConfig
  llm: LlmConfig | null
  state_variables: Maps | null
  observability: Maps | null
  spatial: Maps | null
  logging: { level: LogLevel; format: LogFormat }
}
