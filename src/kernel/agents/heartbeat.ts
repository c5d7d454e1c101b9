import { systemCtx } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import type { Kernel } from '../kernel.ts'
import type { PoolPolicy } from './pool.ts'
import { type AgentRow, tellAgent } from './registry.ts'
import { requeue } from './requeue.ts'

export type Heartbeat = {
  instance: string
  is_available: boolean
  current_task: string | null
  cpu_usage: number
  memory_usage: number
  process_memory_bytes: number
  running: { assignment_id: string; attempt: number }[]
  draining?: boolean | undefined
}

export type StopOrder = { assignment_id: string; attempt: number; reason: string }

/** A running attempt missing from this many heartbeats in a row, sent after its acceptance, counts as lost. */
const MAX_MISSED = 2

/** Renews an agent's life; tells it which of its attempts are no longer its own. */
export async function heartbeat(
  kernel: Kernel,
  agent: AgentRow,
  policy: PoolPolicy,
  beat: Heartbeat,
): Promise<StopOrder[]> {
  if (agent.instance !== beat.instance)
    throw new AppError(
      'INSTANCE_REPLACED',
      `Another process is ${agent.id} now: end this one, or start it under another id`,
      { agent_id: agent.id },
    )
  return kernel.db.transaction(async (tx) => {
    await tx.query(
      `update kernel.agents set seen_at = now(), dead_at = null, reported_available = $3, current_work = $4, cpu_usage = $5, memory_usage = $6,
         process_memory_bytes = $7, blocked_until = case when blocked_until = 'infinity' then null else blocked_until end,
         errors = case when blocked_until = 'infinity' then 0 else errors end,
         status = case when status in ('maintenance', 'offline') then status when $8 or status = 'draining' then 'draining' else 'available' end
       where pool = $1 and id = $2`,
      [
        agent.pool,
        agent.id,
        beat.is_available,
        beat.current_task,
        beat.cpu_usage,
        beat.memory_usage,
        beat.process_memory_bytes,
        beat.draining ?? false,
      ],
    )
    if (agent.dead_at) await tellAgent(tx, systemCtx(kernel), policy, { kind: 'back', agentId: agent.id, data: {} })
    if (beat.draining && agent.status !== 'draining')
      await tellAgent(tx, systemCtx(kernel), policy, { kind: 'draining', agentId: agent.id, data: {} })
    if (beat.is_available !== agent.reported_available)
      tx.afterCommit(() => kernel.notifier.touch('assignments', policy.name))

    const reported = new Set(beat.running.map((run) => `${run.assignment_id}/${run.attempt}`))
    const { rows: owned } = await tx.query(
      `select id, attempt, missed, accepted_at from kernel.assignments where pool = $1 and agent_id = $2 and status = 'running' and accepted_at is not null`,
      [agent.pool, agent.id],
    )
    for (const row of owned) {
      const here = reported.has(`${row['id']}/${row['attempt']}`)
      if (here && row['missed'] > 0)
        await tx.query('update kernel.assignments set missed = 0 where id = $1', [row['id']])
      if (here) continue
      if (row['missed'] + 1 >= MAX_MISSED)
        await requeue(tx, kernel, policy, row['id'], row['attempt'], {
          kind: 'lost',
          reason: `${agent.id} no longer reports it`,
        })
      else await tx.query('update kernel.assignments set missed = missed + 1 where id = $1', [row['id']])
    }
    return stopOrders(tx, agent, beat)
  })
}

async function stopOrders(
  tx: { query: Kernel['db']['query'] },
  agent: AgentRow,
  beat: Heartbeat,
): Promise<StopOrder[]> {
  if (beat.running.length === 0) return []
  const { rows } = await tx.query(
    'select id, status, attempt, agent_id, error from kernel.assignments where id = any ($1)',
    [beat.running.map((run) => run.assignment_id)],
  )
  const byId = new Map(rows.map((row) => [row['id'] as string, row]))
  return beat.running.flatMap((run): StopOrder[] => {
    const row = byId.get(run.assignment_id)
    if (row && row['status'] === 'running' && row['attempt'] === run.attempt && row['agent_id'] === agent.id) return []
    return [{ ...run, reason: overReason(row, run.attempt) }]
  })
}

/** Why an attempt is over, in the protocol's words. */
export function overReason(
  row: { status: string; attempt: number; error?: string | null } | Record<string, any> | undefined,
  attempt: number,
): string {
  if (!row || row['status'] === 'cancelled') return 'cancelled'
  if (row['status'] === 'failed' && String(row['error'] ?? '').startsWith('TIMEOUT')) return 'timed_out'
  if (row['status'] === 'completed' || row['status'] === 'failed')
    return row['attempt'] === attempt ? 'finished' : 'superseded'
  return 'superseded'
}
