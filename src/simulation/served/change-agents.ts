import { setTimeout as sleep } from 'node:timers/promises'
import type { Ctx } from '../../kernel/context.ts'
import type { Operation } from '../loop/lifecycle/lifecycle-manager.ts'
import type { AddServedAgent, AgentAdded, AgentChanged } from '../schema.ts'
import type { OperationOutcome } from './child-protocol.ts'
import { TOPIC } from './served.ts'
import { lockRow, wrongState } from './store.ts'

const ANSWER_WAIT_MS = 10_000
const LOOK_MS = 30

/** Hands an operation to the process that holds the run and waits for the outcome; undefined when it takes too long. */
async function operate(ctx: Ctx, runId: string, operation: Operation): Promise<OperationOutcome | undefined> {
  const { db } = ctx.kernel
  const id = ctx.kernel.newId('op')
  await db.transaction(async (tx) => {
    const row = await lockRow(tx, runId)
    if (row.status !== 'running' && row.status !== 'paused') throw wrongState(row, 'changed')
    await tx.query(
      `delete from simulation.agent_operations where created_at < now() - interval '1 hour' and outcome is not null`,
    )
    await tx.query('insert into simulation.agent_operations (id, run_id, operation) values ($1, $2, $3)', [
      id,
      runId,
      JSON.stringify(operation),
    ])
    tx.afterCommit(() => ctx.kernel.notifier.touch(TOPIC, runId))
  })
  for (const deadline = performance.now() + ANSWER_WAIT_MS; performance.now() < deadline; ) {
    const { rows } = await db.query('select outcome from simulation.agent_operations where id = $1', [id])
    const outcome = rows[0]?.['outcome'] as OperationOutcome | null | undefined
    if (outcome) return outcome
    await sleep(LOOK_MS)
  }
  return undefined
}

const withReason = <T extends object>(answer: T, reason: string | undefined): T & { reason?: string } =>
  reason === undefined ? answer : { ...answer, reason }

/** S9. Throws INVALID_STATE unless the run is running or paused. */
export async function addAgent(ctx: Ctx, runId: string, body: AddServedAgent): Promise<AgentAdded> {
  const { name, type, initial_state, config, location } = body
  const outcome = await operate(ctx, runId, {
    operation: 'add_agent',
    target: name,
    type,
    initial_state,
    ...(config === undefined ? {} : { config }),
    ...(location === undefined || location === null ? {} : { location }),
  })
  return outcome
    ? withReason({ added: outcome.ok, name: outcome.name || name }, outcome.reason)
    : { added: null, name, reason: 'queued' }
}

/** S10 to S12. */
export async function changeAgent(ctx: Ctx, runId: string, operation: Operation): Promise<AgentChanged> {
  const outcome = await operate(ctx, runId, operation)
  return outcome ? withReason({ ok: outcome.ok }, outcome.reason) : { ok: null, reason: 'queued' }
}
