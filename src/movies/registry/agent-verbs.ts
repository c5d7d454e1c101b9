import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError, ValidationError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import { canonicalCapability, capabilityType, rosterAgent } from '../agents/roster.ts'
import { writeAudit } from '../audit/write-audit.ts'
import { releaseTask } from '../engine/task-inputs.ts'
import { movieMetrics } from '../metrics/movie-metrics.ts'
import type {
  AgentResponse,
  AgentStatus,
  AgentType,
  RegisterAgent,
  TaskSummary,
  Transport,
  UpdateAgent,
} from '../schema.ts'
import { AGENT_STREAM } from '../store/save-state.ts'
import { changeIn } from '../workflow/change-workflow.ts'
import {
  AGENT_COLUMNS,
  type AgentData,
  type AgentRow,
  findAgent,
  presentAgent,
  withKeptSecrets,
} from './agent-store.ts'
import { askHealth } from './check-health.ts'

/** A capability of the roster belongs to one type; free words belong to any. Aliases are kept as their roster name. */
function checkCapabilities(type: AgentType, capabilities: readonly string[]): string[] {
  const wrong = capabilities.filter((name) => {
    const owner = capabilityType(name)
    return owner !== undefined && owner !== type
  })
  if (wrong.length > 0)
    throw new ValidationError(
      `capabilities: ${wrong.join(', ')} belong to agents of type ${capabilityType(wrong[0]!)}, not ${type}`,
      [{ field: 'capabilities', message: `${wrong.join(', ')} do not belong to type ${type}` }],
    )
  return [...new Set(capabilities)]
}

function transportOf(input: RegisterAgent): Transport {
  if (/^builtin:/.test(input.endpoint_url)) {
    const id = input.endpoint_url.slice('builtin:'.length)
    if (!rosterAgent(id))
      throw new ValidationError(`endpoint_url: there is no built-in agent ${id}`, [
        { field: 'endpoint_url', message: `there is no built-in agent ${id}` },
      ])
    return 'builtin'
  }
  if (input.transport && input.transport !== 'builtin') return input.transport
  if (input.transport === 'builtin')
    throw new ValidationError('transport: builtin needs an endpoint_url like builtin:story_architect', [
      { field: 'transport', message: 'builtin needs an endpoint_url like builtin:story_architect' },
    ])
  return /^ws/.test(input.endpoint_url) ? 'mcp' : 'http'
}

/** Registers an agent after one health call; one that does not answer is registered offline. Throws AGENT_EXISTS. */
export async function registerAgent(ctx: Ctx, input: RegisterAgent): Promise<AgentResponse> {
  const capabilities = checkCapabilities(input.agent_type, input.capabilities)
  const transport = transportOf(input)
  const exists = () =>
    new AppError('AGENT_EXISTS', `Agent ${input.agent_id} is registered already`, { agent_id: input.agent_id })
  const { rows } = await ctx.kernel.db.query('select 1 from movies.agents where agent_id = $1', [input.agent_id])
  if (rows[0]) throw exists()
  const data: AgentData = {
    name: input.name ?? input.agent_id,
    description: input.description,
    specializations: input.specializations,
    configuration: input.configuration,
    resource_requirements: input.resource_requirements,
    version: input.version,
  }
  const healthUrl =
    input.health_check_url ??
    (transport === 'builtin' ? input.endpoint_url : `${input.endpoint_url.replace(/\/+$/, '')}/health`)
  const draft = { agent_id: input.agent_id, transport, health_check_url: healthUrl, data } as AgentRow
  const health = await askHealth(ctx.kernel, draft)
  const status: AgentStatus = health.status === 'healthy' ? 'available' : 'offline'
  return ctx.kernel.db.transaction(async (tx) => {
    const inserted = await tx.query(
      `insert into movies.agents (agent_id, agent_type, capabilities, transport, endpoint_url, health_check_url, max_concurrent_tasks, status, offline_reason,
          data, health, failed_checks, last_heartbeat)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, case when $8 = 'available' then now() end) on conflict do nothing returning agent_id`,
      [
        input.agent_id,
        input.agent_type,
        capabilities,
        transport,
        input.endpoint_url,
        healthUrl,
        input.max_concurrent_tasks,
        status,
        status === 'offline' ? 'health' : null,
        JSON.stringify(data),
        JSON.stringify(health),
        status === 'offline' ? 1 : 0,
      ],
    )
    if (!inserted.rows[0]) throw exists()
    await tell(tx, ctx, input.agent_id, 'agent.registered', null, status)
    const agent = presentAgent(await findAgent(tx, input.agent_id))
    await audit(tx, ctx, 'agent.registered', input.agent_id, undefined, agent)
    tx.afterCommit(() => {
      movieMetrics(ctx.kernel).agentRegistered.inc({ agent_category: input.agent_type, agent_version: input.version })
      ctx.kernel.notifier.touch('movies-tasks')
    })
    return agent
  })
}

async function tell(tx: Tx, ctx: Ctx, id: string, type: string, from: string | null, to: string) {
  await emit(tx, ctx, {
    domain: 'movies',
    type,
    stream: AGENT_STREAM,
    agentId: id,
    summary: `Agent ${id}: ${type === 'agent.status_changed' ? `${from} to ${to}` : type.replace('agent.', '')}`,
    data: { agent_id: id, from, to },
  })
}

const audit = (tx: Tx, ctx: Ctx, action: string, id: string, before: unknown, after: unknown) =>
  writeAudit(tx, ctx, { action, entityType: 'agent', entityId: id, before, after })

export const getAgent = async (ctx: Ctx, id: string): Promise<AgentResponse> =>
  presentAgent(await findAgent(ctx.kernel.db, id))

type ListQuery = {
  agent_type?: string | undefined
  status?: string | undefined
  capability?: string | undefined
  limit: number
  offset: number
}

export async function listAgents(ctx: Ctx, query: ListQuery) {
  const where =
    '($1::text is null or a.agent_type = $1) and ($2::text is null or a.status = $2) and ($3::text[] is null or a.capabilities && $3)'
  const capability = query.capability ? [...new Set([query.capability, canonicalCapability(query.capability)])] : null
  const values = [query.agent_type ?? null, query.status ?? null, capability]
  const [page, count] = await Promise.all([
    ctx.kernel.db.query<AgentRow>(
      `select ${AGENT_COLUMNS} from movies.agents a where ${where} order by a.builtin, a.created_at, a.agent_id limit $4 offset $5`,
      [...values, query.limit, query.offset],
    ),
    ctx.kernel.db.query(`select count(*)::int as n from movies.agents a where ${where}`, values),
  ])
  const total = count.rows[0]!['n'] as number
  return {
    agents: page.rows.map(presentAgent),
    total_count: total,
    has_more: query.offset + page.rows.length < total,
  }
}

export async function updateAgent(ctx: Ctx, id: string, change: UpdateAgent): Promise<AgentResponse> {
  return ctx.kernel.db.transaction(async (tx) => {
    const before = await findAgent(tx, id, true)
    const capabilities = change.capabilities
      ? checkCapabilities(before.agent_type, change.capabilities)
      : before.capabilities
    const slots = change.max_concurrent_tasks ?? before.max_concurrent_tasks
    const data: AgentData = {
      ...before.data,
      ...(change.description === undefined ? {} : { description: change.description }),
      ...(change.specializations === undefined ? {} : { specializations: change.specializations }),
      ...(change.configuration === undefined
        ? {}
        : { configuration: withKeptSecrets(change.configuration, before.data.configuration) }),
      ...(change.version === undefined ? {} : { version: change.version }),
      resource_requirements: { ...before.data.resource_requirements, ...definedOnly(change.resource_requirements) },
    }
    const status = statusAfter(before, change.status, slots)
    await tx.query(
      `update movies.agents set capabilities = $2, max_concurrent_tasks = $3, data = $4, status = $5, offline_reason = $6, failed_checks = case when $7 then 0 else failed_checks end,
          updated_at = now() where agent_id = $1`,
      [
        id,
        capabilities,
        slots,
        JSON.stringify(data),
        status,
        offlineReason(before, change.status),
        change.status === 'available',
      ],
    )
    if (status !== before.status) await tell(tx, ctx, id, 'agent.status_changed', before.status, status)
    const after = presentAgent(await findAgent(tx, id))
    await audit(tx, ctx, 'agent.updated', id, presentAgent(before), after)
    tx.afterCommit(() => ctx.kernel.notifier.touch('movies-tasks'))
    return after
  })
}

const definedOnly = <T extends object>(value: T | undefined) =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, v]) => v !== undefined))

function statusAfter(agent: AgentRow, wanted: UpdateAgent['status'], slots: number): AgentStatus {
  const status = wanted ?? agent.status
  if (status !== 'available' && status !== 'busy') return status
  return agent.running >= slots ? 'busy' : 'available'
}

const offlineReason = (agent: AgentRow, wanted: UpdateAgent['status']) =>
  wanted === undefined ? agent.offline_reason : wanted === 'offline' ? 'operator' : null

/** Removes an agent; later reads of it throw AGENT_NOT_FOUND. Throws AGENT_HAS_ACTIVE_TASKS. */
export async function removeAgent(ctx: Ctx, id: string) {
  return ctx.kernel.db.transaction(async (tx) => {
    const agent = await findAgent(tx, id, true)
    if (agent.current_tasks.length > 0 || agent.running > 0)
      throw new AppError(
        'AGENT_HAS_ACTIVE_TASKS',
        `Agent ${id} works on ${agent.running} tasks: set it to maintenance and wait`,
        {
          agent_id: id,
          tasks: agent.current_tasks,
        },
      )
    await tx.query('delete from movies.agents where agent_id = $1', [id])
    await tell(tx, ctx, id, 'agent.deregistered', agent.status, 'removed')
    await audit(tx, ctx, 'agent.removed', id, presentAgent(agent), undefined)
    return { agent_id: id, message: `Agent ${id} was removed` }
  })
}

/** Available again with a clean error count; what it works on goes back to pending. */
export async function resetAgent(ctx: Ctx, id: string) {
  const agent = await findAgent(ctx.kernel.db, id)
  const { rows } = await ctx.kernel.db.query(
    `select task_id, workflow_id from movies.tasks where agent_id = $1 and status = 'running' order by workflow_id`,
    [id],
  )
  const released: string[] = []
  for (const row of rows)
    await ctx.kernel.db.transaction(async (tx) => {
      const taskId = row['task_id'] as string
      await changeIn(tx, ctx, row['workflow_id'], (w) => {
        if (releaseTask(w, taskId)) released.push(taskId)
      })
      tx.afterCommit(() => ctx.kernel.notifier.touch('movies-stop-task', taskId))
    })
  return ctx.kernel.db.transaction(async (tx) => {
    const before = await findAgent(tx, id, true)
    await tx.query(
      `update movies.agents set status = 'available', offline_reason = null, error_count = 0, failed_checks = 0,
          running = (select count(*) from movies.tasks where agent_id = $1 and status = 'running'), updated_at = now() where agent_id = $1`,
      [id],
    )
    if (before.status !== 'available') await tell(tx, ctx, id, 'agent.status_changed', agent.status, 'available')
    await audit(tx, ctx, 'agent.reset', id, { status: agent.status, tasks: released }, { status: 'available' })
    tx.afterCommit(() => ctx.kernel.notifier.touch('movies-tasks'))
    return {
      agent_id: id,
      status: 'available' as const,
      cancelled_tasks: released,
      task_count: 0,
      message: `Agent ${id} was reset; ${released.length} tasks wait again`,
      reset_at: new Date(ctx.kernel.clock.now()).toISOString(),
    }
  })
}

/** What an agent works and worked on, newest first. */
export async function listAgentTasks(
  ctx: Ctx,
  id: string,
  query: { status?: string | undefined; limit: number },
): Promise<{ tasks: TaskSummary[]; total_count: number }> {
  await findAgent(ctx.kernel.db, id)
  const { rows } = await ctx.kernel.db.query(
    `select task_id, workflow_id, task_type, status, started_at, completed_at, data->'quality_score' as quality_score, count(*) over ()::int as total
       from movies.tasks where agent_id = $1 and ($2::text is null or status = $2) order by started_at desc nulls last, ordinal desc limit $3`,
    [id, query.status ?? null, query.limit],
  )
  return {
    tasks: rows.map((row) => ({
      task_id: row['task_id'],
      workflow_id: row['workflow_id'],
      task_type: row['task_type'],
      status: row['status'],
      started_at: row['started_at']?.toISOString() ?? null,
      completed_at: row['completed_at']?.toISOString() ?? null,
      execution_time:
        row['started_at'] && row['completed_at'] ? (row['completed_at'] - row['started_at']) / 1000 : null,
      quality_score: row['quality_score'],
    })),
    total_count: rows[0]?.['total'] ?? 0,
  }
}

/** A sign of life: like a good health check. */
export async function heartbeat(
  ctx: Ctx,
  id: string,
  input: { status?: AgentStatus | undefined; metrics?: Record<string, unknown> | undefined },
) {
  await ctx.kernel.db.transaction(async (tx) => {
    const before = await findAgent(tx, id, true)
    const back = before.status === 'offline' && before.offline_reason === 'health'
    const asked = input.status === 'maintenance' || input.status === 'offline' ? input.status : undefined
    const status = asked ?? (back ? 'available' : before.status)
    await tx.query(
      `update movies.agents set last_heartbeat = now(), failed_checks = 0, status = $2, offline_reason = $3,
          health = health || jsonb_build_object('status', 'healthy', 'error_message', null, 'details', coalesce($4::jsonb, health->'details')), updated_at = now()
        where agent_id = $1`,
      [
        id,
        status,
        status === 'offline' ? (asked ? 'operator' : before.offline_reason) : null,
        input.metrics ? JSON.stringify(input.metrics) : null,
      ],
    )
    if (status !== before.status) await tell(tx, ctx, id, 'agent.status_changed', before.status, status)
    tx.afterCommit(() => ctx.kernel.notifier.touch('movies-tasks'))
  })
  return { ok: true as const }
}
