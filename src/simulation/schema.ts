// The vocabulary of simulations on the wire: what the API answers and accepts. The UI imports its types from here.
import { z } from 'zod'
import {
  EVENT_TYPES,
  type EventType,
  MILESTONE_TYPES,
  PHASES,
  RUN_OUTCOMES,
  type SimEvent as StoredEvent,
  SYSTEM_STATUSES,
  VERBOSITY_LEVELS,
  type Verbosity,
} from './loop/events/event.ts'

export type { EventType, Verbosity }
export { EVENT_TYPES, MILESTONE_TYPES, PHASES, RUN_OUTCOMES, SYSTEM_STATUSES, VERBOSITY_LEVELS }

export const SIMULATION_STATUSES = ['running', 'completed', 'failed', 'aborted', 'unknown'] as const
export const SimulationStatus = z.enum(SIMULATION_STATUSES)
export type SimulationStatus = z.infer<typeof SimulationStatus>

const EventId = z.string().describe('ULID')
const DateTime = z.string().describe('UTC, microseconds: YYYY-MM-DDTHH:MM:SS.ffffff+00:00')
const AnyMap = z.record(z.string(), z.unknown())

export const SimEvent = z.looseObject({
  event_id: EventId,
  timestamp: DateTime,
  turn_number: z.int(),
  event_type: z.enum(EVENT_TYPES),
  simulation_id: z.string(),
  agent_id: z.string().optional(),
  caused_by: z.array(EventId).optional(),
  description: z.string().optional(),
  details: AnyMap.optional(),
})
export type SimEvent = StoredEvent

export const SimulationSummary = z.object({
  id: z.string(),
  name: z.string(),
  start_time: DateTime.nullable(),
  event_count: z.int(),
  status: SimulationStatus,
  last_event_time: DateTime.nullable(),
  last_turn: z.int().nullable(),
  file_count: z.int(),
  total_bytes: z.int(),
  corrupted_lines: z.int(),
})
export type SimulationSummary = z.infer<typeof SimulationSummary>

export const SimulationList = z.object({ simulations: z.array(SimulationSummary) })
export type SimulationList = z.infer<typeof SimulationList>

export const EventFileInfo = z.object({
  name: z.string(),
  bytes: z.int(),
  first_timestamp: DateTime.nullable(),
  last_timestamp: DateTime.nullable(),
  event_count: z.int(),
})
export const SimulationDetail = SimulationSummary.extend({
  config: AnyMap.nullable().describe('config.json without secrets'),
  run_metadata: AnyMap.nullable(),
  result: AnyMap.nullable().describe('result.json without the states'),
  verbosity: z.enum(VERBOSITY_LEVELS).nullable(),
  agents: z.array(z.string()),
  files: z.array(EventFileInfo),
})
export type SimulationDetail = z.infer<typeof SimulationDetail>

export const StreamWarnings = z.object({ corrupted_lines: z.int(), duplicates: z.int(), foreign_ids: z.int() })
export type StreamWarnings = z.infer<typeof StreamWarnings>

export const EventsResponse = z.object({
  events: z.array(SimEvent),
  total: z.int(),
  has_more: z.boolean(),
  next_after: EventId.nullable(),
  warnings: StreamWarnings.optional(),
})
export type EventsResponse = Omit<z.infer<typeof EventsResponse>, 'events'> & { events: SimEvent[] }

export const CausalityResponse = z.object({
  event_id: EventId,
  event: SimEvent,
  upstream: z.array(SimEvent),
  downstream: z.array(SimEvent),
  edges: z.array(z.tuple([EventId, EventId])),
  missing: z.array(z.string()),
  truncated: z.boolean(),
})
export type CausalityResponse = {
  event_id: string
  event: SimEvent
  upstream: SimEvent[]
  downstream: SimEvent[]
  edges: [cause: string, effect: string][]
  missing: string[]
  truncated: boolean
}

const TypeCounts = z.record(z.enum(EVENT_TYPES), z.int())
export const TurnEntry = z.object({
  turn: z.int(),
  started_at: DateTime,
  ended_at: DateTime,
  duration_ms: z.number(),
  counts: TypeCounts,
  agents: z.array(z.string()),
  first_event_id: EventId,
  last_event_id: EventId,
  first_offset: z.int(),
})
export type TurnEntry = z.infer<typeof TurnEntry>
export const TurnsResponse = z.object({ turns: z.array(TurnEntry) })
export type TurnsResponse = z.infer<typeof TurnsResponse>

export const PlaybackStep = z.object({
  event_id: EventId,
  timestamp: DateTime,
  event_type: z.enum(EVENT_TYPES),
  agent_id: z.string().optional(),
  label: z.string(),
  participants: z.array(z.string()).optional(),
  caused_by: z.array(EventId).optional(),
})
export type PlaybackStep = z.infer<typeof PlaybackStep>
export const PlaybackChange = z.object({
  scope: z.enum(['global', 'agent']),
  agent_id: z.string().optional(),
  variable_name: z.string(),
  old_value: z.unknown(),
  new_value: z.unknown(),
  event_id: EventId,
})
export type PlaybackChange = z.infer<typeof PlaybackChange>
export const PlaybackFrame = z.object({
  turn: z.int(),
  started_at: DateTime,
  ended_at: DateTime,
  steps: z.array(PlaybackStep),
  changes: z.array(PlaybackChange),
})
export type PlaybackFrame = z.infer<typeof PlaybackFrame>
export const PlaybackResponse = z.object({ frames: z.array(PlaybackFrame), has_more: z.boolean() })
export type PlaybackResponse = z.infer<typeof PlaybackResponse>

export const WorldState = z.looseObject({
  turn: z.int(),
  agents: z.record(z.string(), AnyMap),
  global_state: AnyMap,
  reasoning_chains: z.array(AnyMap),
  paused_agents: z.array(z.string()),
  auto_resume: z.record(z.string(), z.int()),
  spatial_state: AnyMap.nullable(),
})
export type WorldState = z.infer<typeof WorldState>
export const StateResponse = z.object({
  turn: z.int(),
  state: WorldState,
  complete: z.boolean(),
  source: z.object({ checkpoint_turn: z.int().nullable(), applied_changes: z.int() }),
})
export type StateResponse = z.infer<typeof StateResponse>

export const CheckpointsResponse = z.object({ checkpoints: z.array(z.int()), last: z.int().nullable() })
export type CheckpointsResponse = z.infer<typeof CheckpointsResponse>

const Tally = z.record(z.string(), z.int())
export const FacetsResponse = z.object({
  event_types: TypeCounts,
  agents: Tally,
  turns: z.object({ min: z.int().nullable(), max: z.int().nullable() }),
  time: z.object({ min: DateTime.nullable(), max: DateTime.nullable() }),
  decision_types: Tally,
  action_types: Tally,
  variables: Tally,
  interaction_types: Tally,
})
export type FacetsResponse = z.infer<typeof FacetsResponse>

export const IntegrityReport = z.object({
  ok: z.boolean(),
  files: z.array(
    z.object({
      name: z.string(),
      bytes: z.int(),
      lines: z.int(),
      valid: z.int(),
      corrupted: z.int(),
      duplicates: z.int(),
      torn: z.boolean(),
    }),
  ),
  problems: z.array(z.object({ file: z.string(), line: z.int(), offset: z.int(), reason: z.string() })),
  dangling_causes: z.object({
    count: z.int(),
    samples: z.array(z.object({ event_id: z.string(), cause_id: z.string() })),
  }),
  cycles: z.object({ count: z.int(), samples: z.array(z.array(z.string())) }),
  order_violations: z.int(),
  dropped_total: z.int(),
  lost_total: z.int(),
})
export type IntegrityReport = z.infer<typeof IntegrityReport>

export const Health = z.object({ status: z.literal('healthy') })

export const ErrorBody = z.object({ code: z.string(), message: z.string(), details: AnyMap.optional() })
export type ErrorBody = z.infer<typeof ErrorBody>

export const ConfigProblem = z.object({
  path: z.string(),
  line: z.int().nullable(),
  expected: z.string(),
  actual: z.string(),
  remedy: z.string(),
  message: z.string(),
})
export type ConfigProblem = z.infer<typeof ConfigProblem>

// Served runs: those started through the API, controlled while they run.

export const SERVED_STATUSES = [
  'queued',
  'running',
  'paused',
  'stopping',
  'completed',
  'failed',
  'aborted',
  'crashed',
] as const
export const ServedStatus = z.enum(SERVED_STATUSES)
export type ServedStatus = z.infer<typeof ServedStatus>

export const ServedRun = z.object({
  run_id: z.string(),
  name: z.string(),
  status: ServedStatus,
  turn: z.int(),
  max_turns: z.int(),
  started_by: z.string(),
  created_at: z.string(),
  ended_at: z.string().nullable(),
  resumed_from: z.object({ run_id: z.string(), turn: z.int() }).nullable(),
  continued_as: z.string().nullable(),
  termination_reason: z.string().nullable(),
  error: z.object({ type: z.string(), message: z.string() }).nullable(),
})
export type ServedRun = z.infer<typeof ServedRun>

export const ServedRunList = z.object({ simulations: z.array(ServedRun), total: z.int(), has_more: z.boolean() })
export type ServedRunList = z.infer<typeof ServedRunList>

/** Values of the run are checked with the configuration they override, so that every problem comes with its path. */
const RunOverrides = {
  run_id: z.unknown().optional(),
  turns: z.unknown().optional(),
  seed: z.unknown().optional(),
  verbosity: z.unknown().optional(),
  write_mode: z.unknown().optional(),
}
export const StartSimulation = z.looseObject({ config: z.unknown().optional(), ...RunOverrides })
export type StartSimulation = z.infer<typeof StartSimulation>
export const ValidateSimulation = z.looseObject({ config: z.unknown().optional() })
export type ValidateSimulation = z.infer<typeof ValidateSimulation>
export const ValidationReply = z.object({ valid: z.boolean(), problems: z.array(ConfigProblem) })
export type ValidationReply = z.infer<typeof ValidationReply>

export const BranchSimulation = z.looseObject({
  turn: z.union([z.int().min(0), z.literal('last')]).default('last'),
  /** Variables to change in the loaded state. */
  changes: z.object({ agents: z.record(z.string(), AnyMap).optional(), global_state: AnyMap.optional() }).optional(),
  ...RunOverrides,
})
export type BranchSimulation = z.infer<typeof BranchSimulation>

export const AddServedAgent = z.object({
  name: z.string().min(1),
  type: z.string().min(1),
  initial_state: AnyMap,
  config: AnyMap.optional(),
  location: z.string().nullish(),
})
export type AddServedAgent = z.infer<typeof AddServedAgent>
export const PauseServedAgent = z.object({ auto_resume_turns: z.number().nullish() })
export type PauseServedAgent = z.infer<typeof PauseServedAgent>
export const AgentAdded = z.object({ added: z.boolean().nullable(), name: z.string(), reason: z.string().optional() })
export type AgentAdded = z.infer<typeof AgentAdded>
export const AgentChanged = z.object({ ok: z.boolean().nullable(), reason: z.string().optional() })
export type AgentChanged = z.infer<typeof AgentChanged>

// Comparing runs, sweeps: questions over several runs.

const ComparedRun = z.object({
  run_id: z.string(),
  name: z.string(),
  status: SimulationStatus,
  seed: z.int().nullable(),
  verbosity: z.enum(VERBOSITY_LEVELS).nullable(),
  first_turn: z.int(),
  last_turn: z.int(),
})
export const Divergence = z.object({
  kind: z.enum(['event', 'state']),
  turn: z.int(),
  agent_id: z.string().nullable(),
  variable: z.string().nullable(),
  a: SimEvent.nullable().describe('the first event only the first run has, or the one that differs'),
  b: SimEvent.nullable(),
})
export type Divergence = Omit<z.infer<typeof Divergence>, 'a' | 'b'> & { a: StoredEvent | null; b: StoredEvent | null }
export const ComparedVariable = z.object({
  name: z.string(),
  agent_id: z.string().nullable(),
  variable: z.string(),
  first_turn: z.int(),
  a: z.unknown(),
  b: z.unknown(),
  last_a: z.unknown(),
  last_b: z.unknown(),
  max_difference: z.number().nullable(),
})
export type ComparedVariable = z.infer<typeof ComparedVariable>
export const Comparison = z.object({
  a: ComparedRun,
  b: ComparedRun,
  same: z.boolean(),
  compared: z.object({
    from_turn: z.int(),
    to_turn: z.int(),
    level: z.enum(VERBOSITY_LEVELS),
    variables: z.int(),
  }),
  divergence: Divergence.nullable(),
  variables: z.array(ComparedVariable).describe('variables that differ, by the first turn at which they do'),
  settings: z.array(z.object({ path: z.string(), a: z.unknown(), b: z.unknown() })),
})
export type Comparison = Omit<z.infer<typeof Comparison>, 'divergence'> & { divergence: Divergence | null }

const SweepParameter = z.object({
  path: z.string().min(1).max(500).describe('dotted path of the configuration; agents.*.config.x for all agents'),
  values: z.array(z.unknown()).min(1).max(1000),
})
export const SweepRow = z.object({
  position: z.int(),
  parameters: AnyMap,
  seed: z.int().nullable(),
  run_id: z.string(),
  status: z.string().describe('of the run; of its continuation when it crashed'),
  final_turn: z.int().nullable(),
  measures: z.record(z.string(), z.number().nullable()),
  error: z.string().nullable(),
})
export type SweepRow = z.infer<typeof SweepRow>
export const SweepMeasure = z.object({
  n: z.int(),
  mean: z.number().nullable(),
  sd: z.number().nullable().describe('of the sample'),
  min: z.number().nullable(),
  max: z.number().nullable(),
})
export type SweepMeasure = z.infer<typeof SweepMeasure>
export const SweepGroup = z.object({
  parameters: AnyMap,
  runs: z.int(),
  done: z.int(),
  measures: z.record(z.string(), SweepMeasure),
})
export type SweepGroup = z.infer<typeof SweepGroup>

export const StartSweep = z.object({
  config: z.unknown().describe('object or YAML text, as for one run'),
  name: z.string().min(1).max(100).optional(),
  parameters: z.array(SweepParameter).max(20).default([]),
  seeds: z.array(z.int()).max(1000).default([]),
  measures: z.array(z.string().min(1).max(300)).max(50).default([]),
  turns: z.int().min(1).optional(),
  verbosity: z.enum(VERBOSITY_LEVELS).optional(),
})
export type StartSweep = z.infer<typeof StartSweep>
export const SWEEP_STATUSES = ['running', 'completed', 'stopped'] as const
export const SweepSummary = z.object({
  sweep_id: z.string(),
  name: z.string(),
  status: z.enum(SWEEP_STATUSES),
  runs: z.int(),
  done: z.int().describe('runs that have ended, however'),
  failed: z.int(),
  parameters: z.array(SweepParameter),
  seeds: z.array(z.int()),
  started_by: z.string(),
  created_at: z.string(),
})
export type SweepSummary = z.infer<typeof SweepSummary>
export const SweepList = z.object({ sweeps: z.array(SweepSummary) })
export type SweepList = z.infer<typeof SweepList>
export const Sweep = SweepSummary.extend({
  measures: z.array(z.string()),
  rows: z.array(SweepRow),
  groups: z.array(SweepGroup).describe('runs of equal parameters together'),
})
export type Sweep = z.infer<typeof Sweep>

export const RunSeries = z.object({
  from_turn: z.int(),
  to_turn: z.int(),
  turns_per_point: z.int().describe('1: every change is there; else the last value of each stretch of turns'),
  variables: z
    .array(z.object({ name: z.string(), scope: z.enum(['global', 'agent']), lines: z.int(), changes: z.int() }))
    .describe('numeric variables, those that change most first'),
  series: z.array(
    z.object({
      name: z.string(),
      agent_id: z.string().nullable(),
      variable: z.string(),
      points: z.array(z.tuple([z.int(), z.number()])).describe('turn and value, held until the next point'),
    }),
  ),
  series_total: z.int().describe('lines there are; fewer are given when there are many'),
})
export type RunSeries = z.infer<typeof RunSeries>
