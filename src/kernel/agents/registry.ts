import { hashToken, newToken } from '../access/keys.ts'
import { type Ctx, systemCtx } from '../context.ts'
import type { Reader, Row, Tx } from '../db/database.ts'
import { AppError, ValidationError } from '../errors/app-error.ts'
import { emit } from '../events/emit.ts'
import type { Kernel } from '../kernel.ts'
import { type AgentChange, findPool, type PoolPolicy } from './pool.ts'
import { requeue } from './requeue.ts'

export type AgentRow = {
  pool: string
  id: string
  transport: 'http' | 'mcp' | 'builtin'
  endpoint: string | null
  capabilities: string[]
  slots: number
  running: number
  instance: string
  status: 'available' | 'busy' | 'draining' | 'maintenance' | 'offline'
  reported_available: boolean
  current_work: string | null
  cpu_usage: number
  memory_usage: number
  process_memory_bytes: number
  sdk_version: string | null
  errors: number
  meta: Record<string, unknown>
  registered_at: Date
  seen_at: Date
  dead_at: Date | null
}

export const AGENT_COLUMNS = `pool, id, transport, endpoint, capabilities, slots, running, instance, status, reported_available, current_work,
  cpu_usage, memory_usage, process_memory_bytes, sdk_version, errors, meta, registered_at, seen_at, dead_at`

export type Registration = {
  agent_id: string
  pool: string
  endpoint: string
  capabilities: string[]
  slots: number
  instance: string
  execute_token?: string | undefined
  sdk_version?: string | undefined
}

const HEALTH_TIMEOUT_MS = 2_000

function checkRegistration(input: Registration): PoolPolicy {
  const policy = findPool(input.pool)
  if (!policy)
    throw new ValidationError(`Unknown pool "${input.pool}"`, [
      { field: 'pool', message: 'is not a pool of this server', value: input.pool },
    ])
  const fields = []
  if (!policy.agentId.test(input.agent_id))
    fields.push({
      field: 'agent_id',
      message: `must match ${policy.agentId.source} in pool ${policy.name}`,
      value: input.agent_id,
    })
  const unknown = policy.capabilities ? input.capabilities.filter((word) => !policy.capabilities!.includes(word)) : []
  if (unknown.length > 0)
    fields.push({
      field: 'capabilities',
      message: `unknown: ${unknown.join(', ')}; possible: ${policy.capabilities!.join(', ')}`,
    })
  if (input.slots > policy.maxSlots)
    fields.push({
      field: 'slots',
      message: `must be at most ${policy.maxSlots} in pool ${policy.name}`,
      value: input.slots,
    })
  if (fields.length > 0)
    throw new ValidationError(fields.map(({ field, message }) => `${field}: ${message}`).join('; '), fields)
  return policy
}

async function stillAnswers(endpoint: string): Promise<boolean> {
  try {
    return (
      await fetch(`${endpoint.replace(/\/$/, '')}/health`, {
        signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
        redirect: 'error',
      })
    ).ok
  } catch {
    return false // unreachable means the id is free
  }
}

/**
 * Registers an agent, or the new process of a known one: then the older process counts as lost now and its running work is
 * requeued. Another endpoint while the registered one still answers is AGENT_ID_TAKEN. The token is stored hashed.
 */
export async function registerAgent(
  ctx: Ctx,
  input: Registration,
): Promise<{ created: boolean; token: string; requeued: string[] }> {
  const { kernel } = ctx
  const policy = checkRegistration(input)
  const known = await findAgent(kernel.db, input.pool, input.agent_id)
  if (
    known &&
    known.endpoint !== input.endpoint &&
    known.endpoint &&
    !known.dead_at &&
    (await stillAnswers(known.endpoint))
  )
    throw new AppError(
      'AGENT_ID_TAKEN',
      `${input.agent_id} is registered at ${known.endpoint}, which still answers: choose another agent_id, or stop that agent first`,
      {
        agent_id: input.agent_id,
        endpoint: known.endpoint,
      },
    )
  const token = newToken('at')
  return kernel.db.transaction(async (tx) => {
    const before = await tx.query<AgentRow>(
      `select ${AGENT_COLUMNS} from kernel.agents where pool = $1 and id = $2 for update`,
      [input.pool, input.agent_id],
    )
    const requeued: string[] = []
    if (before.rows[0] && before.rows[0].instance !== input.instance)
      requeued.push(...(await loseWork(tx, kernel, policy, input.agent_id, 'a new process registered under its id')))
    await tx.query(
      `insert into kernel.agents (pool, id, transport, endpoint, capabilities, slots, instance, token_hash, execute_token, sdk_version)
       values ($1, $2, 'http', $3, $4, $5, $6, $7, $8, $9)
       on conflict (pool, id) do update set transport = 'http', endpoint = excluded.endpoint, capabilities = excluded.capabilities, slots = excluded.slots,
         instance = excluded.instance, token_hash = excluded.token_hash, execute_token = excluded.execute_token, sdk_version = excluded.sdk_version,
         status = case when kernel.agents.status in ('maintenance', 'offline') then kernel.agents.status else 'available' end, reported_available = true, current_work = null, errors = 0, blocked_until = null, dead_at = null, seen_at = now(), registered_at = now()`,
      [
        input.pool,
        input.agent_id,
        input.endpoint,
        input.capabilities,
        input.slots,
        input.instance,
        hashToken(token),
        input.execute_token ?? null,
        input.sdk_version ?? null,
      ],
    )
    const data = { endpoint: input.endpoint, capabilities: input.capabilities, slots: input.slots }
    await tellAgent(tx, ctx, policy, {
      kind: before.rows[0]?.dead_at ? 'back' : 'registered',
      agentId: input.agent_id,
      data,
    })
    tx.afterCommit(() => kernel.notifier.touch('assignments', policy.name))
    return { created: !before.rows[0], token, requeued }
  })
}

export async function tellAgent(tx: Tx, ctx: Ctx, policy: PoolPolicy, change: AgentChange): Promise<void> {
  await emit(tx, ctx, {
    domain: policy.domain,
    type: `agent.${change.kind}`,
    level: 'ACTION',
    stream: `agent:${policy.name}/${change.agentId}`,
    agentId: change.agentId,
    summary: `${change.agentId} ${change.kind}`,
    data: { pool: policy.name, ...change.data },
  })
  await policy.onAgent?.(tx, ctx, change)
  tx.afterCommit(() => ctx.kernel.notifier.touch('agents', policy.name))
}

/** Requeues everything that runs on an agent; returns the keys. */
export async function loseWork(
  tx: Tx,
  kernel: Kernel,
  policy: PoolPolicy,
  agentId: string,
  reason: string,
): Promise<string[]> {
  const { rows } = await tx.query(
    `select id, key, attempt from kernel.assignments where pool = $1 and agent_id = $2 and status = 'running' order by plan_id, id`,
    [policy.name, agentId],
  )
  const keys: string[] = []
  for (const row of rows)
    if (await requeue(tx, kernel, policy, row['id'], row['attempt'], { kind: 'lost', reason: `${agentId}: ${reason}` }))
      keys.push(row['key'])
  return keys
}

export async function findAgent(db: Reader, pool: string, id: string): Promise<AgentRow | undefined> {
  return (
    await db.query<AgentRow>(`select ${AGENT_COLUMNS} from kernel.agents where pool = $1 and id = $2`, [pool, id])
  ).rows[0]
}

export async function listAgents(
  db: Reader,
  filter: { pool?: string; includeDead?: boolean } = {},
): Promise<AgentRow[]> {
  const { rows } = await db.query<AgentRow>(
    `select ${AGENT_COLUMNS} from kernel.agents where ($1::text is null or pool = $1) and ($2 or dead_at is null)
      order by pool, length(id), id`,
    [filter.pool ?? null, filter.includeDead ?? false],
  )
  return rows
}

/** The agent that holds this token; a newer registration ended older tokens. */
export async function agentByToken(db: Reader, id: string, token: string): Promise<AgentRow | undefined> {
  const { rows } = await db.query<AgentRow>(
    `select ${AGENT_COLUMNS} from kernel.agents where id = $1 and token_hash = $2`,
    [id, hashToken(token)],
  )
  return rows[0]
}

/** Takes an agent out of the registry; what it runs goes back to the queue at once. */
export async function deregisterAgent(ctx: Ctx, agent: AgentRow, policy: PoolPolicy): Promise<string[]> {
  return ctx.kernel.db.transaction(async (tx) => {
    const requeued = await loseWork(tx, ctx.kernel, policy, agent.id, 'it deregistered')
    await tx.query('delete from kernel.agents where pool = $1 and id = $2', [agent.pool, agent.id])
    await tellAgent(tx, ctx, policy, { kind: 'deregistered', agentId: agent.id, data: { requeued } })
    return requeued
  })
}

/** Makes sure builtin agents of a pool exist; their work runs in the process that claims it. */
export async function ensureBuiltinAgents(
  kernel: Kernel,
  pool: string,
  agents: readonly { id: string; capabilities: readonly string[]; slots: number; meta?: Row }[],
): Promise<void> {
  await kernel.db.transaction(async (tx) => {
    for (const agent of agents)
      await tx.query(
        `insert into kernel.agents (pool, id, transport, capabilities, slots, instance, meta) values ($1, $2, 'builtin', $3, $4, 'builtin', $5)
         on conflict (pool, id) do update set capabilities = excluded.capabilities, slots = excluded.slots, dead_at = null, seen_at = now()`,
        [pool, agent.id, agent.capabilities, agent.slots, JSON.stringify(agent.meta ?? {})],
      )
  })
}

/** An agent that is dead by its pool's time to live: removed from the fleet, its work requeued. Detected by the monitor. */
export async function markDead(kernel: Kernel, policy: PoolPolicy): Promise<string[]> {
  return kernel.db.transaction(async (tx) => {
    const { rows } = await tx.query(
      `update kernel.agents set dead_at = now() where pool = $1 and transport = 'http' and dead_at is null and seen_at < now() - make_interval(secs => $2)
       returning id, seen_at`,
      [policy.name, policy.ttlSeconds],
    )
    for (const row of rows) {
      const requeued = await loseWork(
        tx,
        kernel,
        policy,
        row['id'],
        `no heartbeat for more than ${policy.ttlSeconds} s`,
      )
      await tellAgent(tx, systemCtx(kernel), policy, {
        kind: 'dead',
        agentId: row['id'],
        data: { last_heartbeat: row['seen_at'], requeued },
      })
    }
    return rows.map((row) => row['id'] as string)
  })
}
