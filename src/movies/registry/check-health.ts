import type { Ctx } from '../../kernel/context.ts'
import { systemCtx } from '../../kernel/context.ts'
import type { Reader } from '../../kernel/db/database.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { HealthResponse } from '../schema.ts'
import { AGENT_STREAM } from '../store/save-state.ts'
import { AGENT_COLUMNS, type AgentRow, findAgent } from './agent-store.ts'
import { asHttp, callAgent } from './call-agent.ts'

type Health = AgentRow['health']
const FAILED_CHECKS = 3

/** Asks an agent how it is. Never throws: an address that is refused or does not answer is unhealthy and says why. */
export async function askHealth(kernel: Kernel, agent: AgentRow): Promise<Health> {
  const started = kernel.clock.now()
  const answer = (status: Health['status'], error: string | null, message: string, details = {}): Health => ({
    status,
    last_check: new Date(kernel.clock.now()).toISOString(),
    response_time: Math.max(0, kernel.clock.now() - started),
    error_message: error,
    message,
    details,
  })
  if (agent.transport === 'builtin') return answer('healthy', null, 'built in')
  try {
    const reply = await callAgent(kernel, {
      url: asHttp(agent.health_check_url),
      method: 'GET',
      timeoutMs: kernel.config.movies.healthTimeoutSeconds * 1000,
      correlationId: kernel.newId('corr'),
      configuration: agent.data.configuration,
    })
    const body = tryJson(reply.text())
    const says = typeof body['status'] === 'string' ? body['status'].toLowerCase() : ''
    if (reply.status < 200 || reply.status > 299)
      return answer('unhealthy', `The health check answered ${reply.status}`, 'unhealthy', body)
    if (/unhealthy|error|down|fail/.test(says))
      return answer('unhealthy', `The agent says it is ${says}`, 'unhealthy', body)
    return answer('healthy', null, 'healthy', body)
  } catch (error) {
    return answer('unhealthy', kernel.mask((error as Error).message), 'unhealthy')
  }
}

function tryJson(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {}
  } catch {
    return {}
  }
}

/**
 * Writes what a check found: success renews the heartbeat and brings an agent back that failed its checks; the third
 * failure in a row takes it offline. One that is offline for errors or by an operator stays there.
 */
export async function recordHealth(ctx: Ctx, id: string, health: Health): Promise<AgentRow> {
  return ctx.kernel.db.transaction(async (tx) => {
    const before = await findAgent(tx, id, true)
    const healthy = health.status === 'healthy'
    const failures = healthy ? 0 : before.failed_checks + 1
    const status = nextStatus(before, healthy, failures)
    const reason = status === 'offline' ? (before.offline_reason ?? 'health') : null
    await tx.query(
      `update movies.agents set health = $2, failed_checks = $3, status = $4, offline_reason = $5, updated_at = now(),
          last_heartbeat = case when $6 then now() else last_heartbeat end where agent_id = $1`,
      [id, JSON.stringify(health), failures, status, reason, healthy],
    )
    await tell(tx, ctx, before, status, health)
    return findAgent(tx, id)
  })
}

function nextStatus(agent: AgentRow, healthy: boolean, failures: number): AgentRow['status'] {
  if (healthy) {
    const back = agent.status === 'offline' && agent.offline_reason === 'health'
    return back ? (agent.running >= agent.max_concurrent_tasks ? 'busy' : 'available') : agent.status
  }
  return failures >= FAILED_CHECKS && (agent.status === 'available' || agent.status === 'busy')
    ? 'offline'
    : agent.status
}

async function tell(
  tx: Parameters<typeof emit>[0],
  ctx: Ctx,
  before: AgentRow,
  status: AgentRow['status'],
  health: Health,
) {
  const base = { domain: 'movies', stream: AGENT_STREAM, agentId: before.agent_id }
  if (before.health.status !== health.status)
    await emit(tx, ctx, {
      ...base,
      type: 'agent.health_changed',
      summary: `Agent ${before.agent_id} is ${health.status}`,
      data: { agent_id: before.agent_id, from: before.health.status, to: health.status, error: health.error_message },
    })
  if (before.status !== status)
    await emit(tx, ctx, {
      ...base,
      type: 'agent.status_changed',
      summary: `Agent ${before.agent_id}: ${before.status} to ${status}`,
      data: { agent_id: before.agent_id, from: before.status, to: status, reason: 'health' },
    })
  if (before.status !== status) tx.afterCommit(() => ctx.kernel.notifier.touch('movies-tasks'))
}

/** A live check, recorded. */
export async function checkAgent(ctx: Ctx, id: string): Promise<HealthResponse> {
  const agent = await findAgent(ctx.kernel.db, id)
  const health = await askHealth(ctx.kernel, agent)
  await recordHealth(ctx, id, health)
  return { agent_id: id, ...health }
}

/** Checks every remote agent, a few at a time. Returns how many were checked. */
export async function checkAllAgents(kernel: Kernel): Promise<number> {
  const { rows } = await kernel.db.query<AgentRow>(
    `select ${AGENT_COLUMNS} from movies.agents a where a.transport <> 'builtin' and a.status <> 'maintenance' order by a.agent_id`,
  )
  const ctx = systemCtx(kernel)
  const queue = [...rows]
  const worker = async () => {
    for (let agent = queue.shift(); agent; agent = queue.shift()) {
      const health = await askHealth(kernel, agent)
      await recordHealth(ctx, agent.agent_id, health).catch((error: { code?: string }) => {
        if (error.code !== 'AGENT_NOT_FOUND') throw error // removed meanwhile
      })
    }
  }
  await Promise.all(Array.from({ length: 10 }, worker))
  await touchBuiltins(kernel.db)
  return rows.length
}

const touchBuiltins = (reader: Reader) =>
  reader.query(`update movies.agents set last_heartbeat = now() where transport = 'builtin'`)
