/** The simulation contract's shapes, as its HTTP answers carry them (sections 2 and 4). */
export const SIM_TYPES = ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL', 'SYSTEM'] as const
export type SimType = (typeof SIM_TYPES)[number]

export type SimEvent = {
  event_id: string
  timestamp: string
  turn_number: number
  event_type: SimType
  simulation_id: string
  agent_id?: string
  caused_by?: string[]
  description?: string
  details?: Record<string, unknown>
}

export type SimSummary = {
  id: string
  name: string
  start_time: string | null
  event_count: number
  status: 'running' | 'completed' | 'failed' | 'aborted' | 'unknown'
  last_event_time?: string | null
  last_turn?: number | null
  file_count?: number
  total_bytes?: number
  corrupted_lines?: number
}

export type SimDetail = SimSummary & {
  config?: Record<string, unknown>
  run_metadata?: Record<string, unknown> | null
  result?: Record<string, unknown> | null
  verbosity?: string
  agents?: string[]
  files?: { name: string; bytes: number; first_timestamp?: string; last_timestamp?: string; event_count: number }[]
}

export type SimTurn = {
  turn: number
  started_at: string
  ended_at: string
  duration_ms: number
  counts: Record<SimType, number>
  agents: string[]
  first_event_id: string
  last_event_id: string
  first_offset: number
}

export type SimFacets = {
  event_types: Record<SimType, number>
  agents: Record<string, number>
  turns: { min: number; max: number } | null
  time?: { min: string; max: string } | null
  decision_types: Record<string, number>
  action_types: Record<string, number>
  variables: Record<string, number>
  interaction_types: Record<string, number>
}

export type AgentState = { name: string } & Record<string, unknown>
export type SpatialState = {
  topology_type: string
  agent_positions: Record<string, string>
  locations: Record<string, { id: string; attributes?: Record<string, unknown>; metadata?: Record<string, unknown> }>
  connections?: { from: string; to: string }[]
  networks?: Record<string, { name: string; edges: [string, string][] }>
}
export type SimState = {
  turn: number
  agents: Record<string, AgentState>
  global_state: Record<string, unknown>
  paused_agents?: string[]
  spatial_state?: SpatialState | null
}
export type StateReply = {
  turn: number
  state: SimState
  complete: boolean
  source: { checkpoint_turn: number | null; applied_changes: number }
}

export type CausalityReply = {
  event_id: string
  event: SimEvent
  upstream: SimEvent[]
  downstream: SimEvent[]
  edges: [string, string][]
  missing: string[]
  truncated: boolean
}

export type IntegrityReply = {
  ok: boolean
  files: {
    name: string
    bytes: number
    lines: number
    valid: number
    corrupted: number
    duplicates: number
    torn: boolean
  }[]
  problems: { file: string; line: number; offset: number; reason: string }[]
  dangling_causes: { count: number; samples: { event_id: string; cause_id: string }[] }
  cycles: { count: number; samples: string[][] }
  order_violations: number
  dropped_total: number
  lost_total: number
}

export type ServedStatus = 'queued' | 'running' | 'paused' | 'stopping' | 'completed' | 'failed' | 'aborted' | 'crashed'
export type ServedRun = {
  run_id: string
  name: string
  status: ServedStatus
  turn: number | null
  max_turns: number | null
  started_by: string
  created_at: string
  ended_at: string | null
  resumed_from: { run_id: string; turn: number } | null
  continued_as: string | null
  termination_reason: string | null
  error: { type: string; message: string } | null
}

export type ConfigProblem = {
  path: string
  line: number | null
  expected: string
  actual: string
  remedy: string
  message: string
}

export type {
  Comparison,
  RunSeries,
  Sweep,
  SweepGroup,
  SweepRow,
  SweepSummary,
} from '../../../../src/simulation/schema.ts'
