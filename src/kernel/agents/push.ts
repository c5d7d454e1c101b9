import { setTimeout as sleep } from 'node:timers/promises'
import { isConnectionError, isStoreAway } from '../db/database.ts'
import type { Kernel } from '../kernel.ts'
import { assignmentColumns, CHANGED_COLUMNS } from './assignment-store.ts'
import { CLAIM_SECONDS, type Claimed } from './claim.ts'
import { announce, readPlans } from './complete.ts'
import type { DispatcherOptions } from './dispatcher.ts'
import { gather } from './gather.ts'
import type { Assignment, ChangedAssignment } from './plan-types.ts'
import type { PoolPolicy } from './pool.ts'
import { postJson } from './post-json.ts'
import { failAssignment, requeue } from './requeue.ts'

/** How long an agent may take to accept. */
export const EXECUTE_TIMEOUT_MS = 10_000
const RETRY_MS = 2_000
const MAX_CONNECT_ERRORS = 3

type PushOutcome =
  | { kind: 'accepted' }
  | { kind: 'busy' | 'mismatch' | 'invalid' | 'unreachable' | 'unauthorized'; message: string }

async function post(url: string, token: string | undefined, body: unknown): Promise<PushOutcome> {
  try {
    const { status, text } = await postJson(url, token, body, EXECUTE_TIMEOUT_MS)
    if (status === 200 || status === 202) return { kind: 'accepted' }
    if (status === 503 || status === 410 || status === 429) return { kind: 'busy', message: `answered ${status}` }
    if (status === 409) return { kind: 'mismatch', message: `answered 409: ${text}` }
    if (status === 400) return { kind: 'invalid', message: text }
    return { kind: 'unreachable', message: `answered ${status}` }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return { kind: 'unreachable', message: code ?? message }
  }
}

/** Pushes one claimed assignment to its agent and records what the agent said. */
export async function pushAssignment(
  { kernel, policy, callbackBase, executeToken }: DispatcherOptions,
  { assignment, agent, token }: Claimed,
  prerequisites: Record<string, unknown>,
): Promise<void> {
  const body = {
    ...((await policy.request?.(kernel, assignment, prerequisites)) ?? { input: assignment.input, prerequisites }),
    attempt: assignment.attempt,
    timeout: assignment.timeout_seconds ?? policy.defaultTimeoutSeconds,
    assignment_id: assignment.id,
    callback_url: `${callbackBase}/v1/assignments/${assignment.id}/attempts/${assignment.attempt}`,
    callback_token: token,
  }
  const outcome = await post(`${agent.endpoint?.replace(/\/$/, '')}/execute`, agent.executeToken ?? executeToken, body)
  policy.onDispatch?.(outcome.kind)
  if (outcome.kind === 'accepted') {
    const giveUp = performance.now() + CLAIM_SECONDS * 1000 // then the claim is over
    for (;;) {
      try {
        await accepted(kernel, policy, assignment)
        return
      } catch (error) {
        if ((!isConnectionError(error) && !isStoreAway(error)) || performance.now() > giveUp) throw error
        await sleep(200)
      }
    }
  }
  await kernel.db.transaction(async (tx) => {
    const { id, attempt } = assignment
    switch (outcome.kind) {
      case 'busy':
        await tx.query(
          `update kernel.agents set blocked_until = now() + interval '2 seconds' where pool = $1 and id = $2`,
          [policy.name, agent.id],
        )
        await requeue(tx, kernel, policy, id, attempt, { kind: 'refused', reason: `${agent.id} ${outcome.message}` })
        return
      case 'mismatch':
        await requeue(tx, kernel, policy, id, attempt, {
          kind: 'refused',
          reason: `${agent.id} ${outcome.message}`,
          excludeAgent: agent.id,
        })
        return
      case 'invalid':
        await failAssignment(tx, kernel, policy, id, `INVALID_INPUT: ${agent.id} refused it: ${outcome.message}`)
        return
      default: {
        // The agent may have accepted: the next dispatch goes under the next attempt number.
        await requeue(tx, kernel, policy, id, attempt, {
          kind: 'unreachable',
          reason: `${agent.id} ${outcome.message}`,
          notBeforeMs: RETRY_MS,
        })
        const { rows: errors } = await tx.query(
          `update kernel.agents set errors = errors + 1, blocked_until = now() + interval '2 seconds' where pool = $1 and id = $2 returning errors`,
          [policy.name, agent.id],
        )
        if ((errors[0]?.['errors'] ?? 0) >= MAX_CONNECT_ERRORS)
          // unavailable until its next heartbeat, which clears the block
          await tx.query(`update kernel.agents set blocked_until = 'infinity' where pool = $1 and id = $2`, [
            policy.name,
            agent.id,
          ])
      }
    }
  })
}

const accepted = gather(
  async (kernel: Kernel, policy: PoolPolicy, accepts: readonly Pick<Assignment, 'id' | 'attempt' | 'plan_id'>[]) => {
    await kernel.db.transaction(async (tx) => {
      // Nothing of a plan changes, so it is not locked: results lock it while they wait for nobody here.
      const plans = await readPlans(
        tx,
        accepts.map(({ plan_id }) => plan_id),
      )
      // Not among the rows: its result came first, or it was cancelled meanwhile.
      const { rows } = await tx.query<ChangedAssignment>(
        `update kernel.assignments a set accepted_at = now(), started_at = now(), started_attempts = started_attempts + 1,
           lease_until = now() + make_interval(secs => coalesce(timeout_seconds, $3) + $4)
          where a.id in (
            select id from kernel.assignments where id = any ($1) and id || '/' || attempt = any ($2) and status = 'running' and accepted_at is null
             order by id for update)
          returning ${assignmentColumns('a', CHANGED_COLUMNS)}`,
        [
          accepts.map(({ id }) => id),
          accepts.map(({ id, attempt }) => `${id}/${attempt}`),
          policy.defaultTimeoutSeconds,
          policy.leaseMarginSeconds,
        ],
      )
      const started = rows.sort((a, b) => (a.id < b.id ? -1 : 1))
      await announce(
        tx,
        kernel,
        policy,
        plans,
        started.map((assignment) => ({
          kind: 'started',
          assignment,
          ...(assignment.agent_id ? { agentId: assignment.agent_id } : {}),
        })),
      )
      // Last and in id order, as results do: the agents' rows are shared with everything else of the pool.
      await tx.query(
        `update kernel.agents set errors = 0 where (pool, id) in
           (select pool, id from kernel.agents where pool = $1 and id = any ($2) and errors > 0 order by id for update)`,
        [policy.name, started.map(({ agent_id }) => agent_id)],
      )
    })
    return accepts.map(() => undefined)
  },
  { rests: true },
)
