import type { Reader } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { rosterAgent } from '../agents/roster.ts'
import type {
  AgentResponse,
  AgentStatus,
  AgentType,
  HealthResponse,
  ResourceRequirements,
  Transport,
} from '../schema.ts'

/** What of an agent is only shown: kept as one document. */
export type AgentData = {
  name: string
  description: string
  specializations: string[]
  configuration: Record<string, unknown>
  resource_requirements: ResourceRequirements
  version: string
}

export type AgentRow = {
  agent_id: string
  agent_type: AgentType
  capabilities: string[]
  transport: Transport
  endpoint_url: string
  health_check_url: string
  max_concurrent_tasks: number
  running: number
  status: AgentStatus
  offline_reason: 'health' | 'errors' | 'operator' | null
  builtin: boolean
  data: AgentData
  outcomes: boolean[]
  average_execution_time: number
  performance_score: number
  reliability_score: number
  error_count: number
  failed_checks: number
  health: Omit<HealthResponse, 'agent_id'>
  last_heartbeat: Date | null
  last_used_at: Date | null
  created_at: Date
  updated_at: Date
  current_tasks: string[]
}

export const AGENT_COLUMNS = `a.agent_id, a.agent_type, a.capabilities, a.transport, a.endpoint_url, a.health_check_url, a.max_concurrent_tasks, a.running, a.status,
  a.offline_reason, a.builtin, a.data, a.outcomes, a.average_execution_time, a.performance_score, a.reliability_score, a.error_count, a.failed_checks,
  a.health, a.last_heartbeat, a.last_used_at, a.created_at, a.updated_at,
  coalesce((select array_agg(t.task_id::text order by t.started_at) from movies.tasks t where t.agent_id = a.agent_id and t.status = 'running'), '{}') as current_tasks`

export const agentNotFound = (id: string) =>
  new AppError('AGENT_NOT_FOUND', `No agent ${id}: list them with GET /api/v1/agents`, { agent_id: id })

export async function findAgent(reader: Reader, id: string, lock = false): Promise<AgentRow> {
  const { rows } = await reader.query<AgentRow>(
    `select ${AGENT_COLUMNS} from movies.agents a where a.agent_id = $1${lock ? ' for update of a' : ''}`,
    [id],
  )
  if (!rows[0]) throw agentNotFound(id)
  return rows[0]
}

/** Completed of the last 100 outcomes; 100 when there are none. */
export const successRate = (outcomes: readonly boolean[]) =>
  outcomes.length === 0 ? 100 : (outcomes.filter(Boolean).length / outcomes.length) * 100

const MASK = '***'
const SECRET = /key|token|secret|password|authorization/i
/** Credentials an agent's configuration holds are never shown. */
const masked = (configuration: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(configuration).map(([k, v]) => [k, SECRET.test(k) && v ? MASK : v]))

/** A configuration that was read and is sent back: what was masked keeps its value. */
export const withKeptSecrets = (sent: Record<string, unknown>, stored: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(sent).map(([k, v]) => [k, v === MASK && k in stored ? stored[k] : v]))

export const presentAgent = (row: AgentRow): AgentResponse => ({
  agent_id: row.agent_id,
  agent_type: row.agent_type,
  name: row.data.name,
  description: row.data.description,
  capabilities: row.capabilities,
  specializations: row.data.specializations,
  configuration: masked(row.data.configuration),
  endpoint_url: row.endpoint_url,
  health_check_url: row.health_check_url,
  transport: row.transport,
  resource_requirements: row.data.resource_requirements,
  max_concurrent_tasks: row.max_concurrent_tasks,
  version: row.data.version,
  department: rosterAgent(row.agent_id)?.department ?? rosterAgent(row.capabilities[0] ?? '')?.department ?? null,
  status: row.status,
  current_tasks: row.current_tasks,
  success_rate: Math.round(successRate(row.outcomes) * 100) / 100,
  average_execution_time: row.average_execution_time,
  last_heartbeat: row.last_heartbeat?.toISOString() ?? null,
  performance_score: row.performance_score,
  reliability_score: row.reliability_score,
  error_count: row.error_count,
  health_status: { agent_id: row.agent_id, ...row.health },
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
})
