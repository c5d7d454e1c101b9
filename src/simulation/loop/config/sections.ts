import { SYSTEM_EVENT_POLICIES, VERBOSITY_LEVELS } from '../events/event.ts'
import { LOG_FORMATS, LOG_LEVELS } from '../logging/logger.ts'
import { FSYNC_POLICIES, WRITE_MODES } from '../writer/writer-options.ts'
import {
  above,
  byteSize,
  choice,
  type FieldTable,
  type FieldType,
  flag,
  httpUrl,
  integer,
  list,
  map,
  nullable,
  number,
  strings,
  text,
} from './fields.ts'

const anyInteger = integer(Number.MIN_SAFE_INTEGER)
const anything: FieldType = { expected: 'a value', read: (value) => ({ value }) }

export const simulationFields: FieldTable = {
  name: { type: text(1, 100), required: true },
  max_turns: { type: integer(1), required: true },
  checkpoint_interval: { type: nullable(integer(1)), fallback: null },
  termination: { type: nullable(map), fallback: {} },
  seed: { type: anyInteger, fallback: 0 },
  max_agents: { type: integer(1), fallback: 25 },
  parallel_decisions: { type: flag, fallback: false },
  on_agent_error: { type: choice(['abort', 'skip']), fallback: 'abort' },
}

export const terminationFields: FieldTable = {
  min_value: { type: nullable(number()), fallback: null },
  max_value: { type: nullable(number()), fallback: null },
  variable: { type: nullable(text(1, 200)), fallback: null },
  scope: { type: choice(['agent', 'global']), fallback: 'agent' },
}

export const engineFields: FieldTable = {
  type: { type: text(1, 200), required: true },
  interest_rate: { type: nullable(number(-1, 1)), fallback: 0.05 },
  config: { type: map, fallback: {} },
}

export const validatorFields: FieldTable = {
  type: { type: text(1, 200), required: true },
  domain: { type: nullable(text(1, 1000)), fallback: null },
  permissive: { type: flag, fallback: true },
  config: { type: map, fallback: {} },
}

export const AGENT_NAME = /^[^\s/\\]{1,100}$/
const RESERVED_AGENT_NAMES = ['global', '__proto__']

export const isAgentName = (value: unknown): value is string =>
  typeof value === 'string' && AGENT_NAME.test(value) && !RESERVED_AGENT_NAMES.includes(value)

const agentName: FieldType = {
  expected: 'a name of 1 to 100 characters without spaces and slashes, other than "global"',
  read: (value) => (isAgentName(value) ? { value } : undefined),
}

export const agentFields: FieldTable = {
  name: { type: agentName, required: true },
  type: { type: text(1, 200), fallback: 'simple' },
  initial_state: { type: map, fallback: {} },
  initial_economic_strength: { type: nullable(number()), fallback: null },
  initial_location: { type: nullable(text(1, 1000)), fallback: null },
  config: { type: map, fallback: {} },
}

export const eventStreamFields: FieldTable = {
  enabled: { type: flag, fallback: true },
  verbosity: { type: choice(VERBOSITY_LEVELS, true), fallback: 'ACTION' },
  system_events: { type: choice(SYSTEM_EVENT_POLICIES), fallback: 'by_level' },
  phase_transitions: { type: flag, fallback: true },
  mode: { type: choice(WRITE_MODES), fallback: 'async' },
  max_queue_size: { type: integer(1), fallback: 10_000 },
  max_file_size: { type: byteSize, fallback: 524_288_000 },
  batch_max_events: { type: integer(1), fallback: 500 },
  batch_max_bytes: { type: integer(1), fallback: 1_048_576 },
  max_event_bytes: { type: integer(1), fallback: 1_048_576 },
  fsync: { type: choice(FSYNC_POLICIES) },
  close_timeout_ms: { type: integer(0), fallback: 10_000 },
}

export const llmFields: FieldTable = {
  model: { type: text(1, 200), fallback: 'gemma:3' },
  host: { type: httpUrl, fallback: 'http://localhost:11434' },
  provider: { type: choice(['ollama', 'openai']) },
  api_key: { type: nullable(text(1, 10_000)), fallback: null },
  timeout: { type: above(0), fallback: 60 },
  max_retries: { type: integer(0, 10), fallback: 1 },
  temperature: { type: number(0, 2), fallback: 0.7 },
  max_tokens: { type: nullable(integer(1)), fallback: null },
  stream: { type: flag, fallback: true },
}

export const stateVariablesFields: FieldTable = {
  agent_vars: { type: map, required: true },
  global_vars: { type: map, required: true },
}

export const observabilityFields: FieldTable = {
  enabled: { type: flag, required: true },
  variable_visibility: { type: map, required: true },
  matrix: { type: list, required: true },
  default: { type: map, fallback: {} },
}

export const visibilityFields: FieldTable = {
  external: { type: strings, required: true },
  internal: { type: strings, required: true },
  unlisted: { type: choice(['external', 'internal']), fallback: 'external' },
}

export const OBSERVATION_LEVELS = ['unaware', 'external', 'insider'] as const

export const defaultLevelFields: FieldTable = {
  level: { type: choice(OBSERVATION_LEVELS), fallback: 'unaware' },
  noise: { type: nullable(number(0, Number.MAX_VALUE)), fallback: 0 },
}

export const spatialFields: FieldTable = {
  topology: { type: map, required: true },
  location_attributes: { type: map, fallback: {} },
  additional_networks: { type: list, fallback: [] },
  proximity_radius: { type: nullable(integer(0)), fallback: 2 },
}

export const loggingFields: FieldTable = {
  level: { type: choice(LOG_LEVELS), fallback: 'INFO' },
  format: { type: choice(LOG_FORMATS), fallback: 'json' },
}

export const rootFields: FieldTable = {
  simulation: { type: anything, required: true },
  engine: { type: anything, required: true },
  validator: { type: anything, required: true },
  agents: { type: list, required: true },
  global_state: { type: map, fallback: {} },
  event_stream: { type: anything },
  llm: { type: anything },
  state_variables: { type: anything },
  observability: { type: anything },
  spatial: { type: anything },
  logging: { type: anything },
}
