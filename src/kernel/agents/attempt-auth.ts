import { hashToken } from '../access/keys.ts'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import type { Kernel } from '../kernel.ts'
import { findAssignment } from './assignment-store.ts'
import { overReason } from './heartbeat.ts'
import type { Assignment } from './plan-types.ts'

export const bearerOf = (header: string | undefined): string => /^Bearer\s+(.+)$/i.exec(header ?? '')?.[1] ?? ''

export type Attempt = {
  assignment: Assignment
  attempt: number
  agentId: string
  instance: string
  over: string | undefined
}

/** The attempt a callback token belongs to. Throws UNAUTHORIZED or ASSIGNMENT_NOT_FOUND; `over` says why it has ended. */
export async function attemptOf(
  kernel: Kernel,
  assignmentId: string,
  attempt: number,
  token: string,
): Promise<Attempt> {
  const assignment = await findAssignment(kernel.db, assignmentId)
  if (!assignment)
    throw new AppError('ASSIGNMENT_NOT_FOUND', `No assignment ${assignmentId}: it was removed with its task`, {
      assignment_id: assignmentId,
    })
  const { rows } = await kernel.db.query(
    'select agent_id, instance, token_hash, status from kernel.attempts where assignment_id = $1 and attempt = $2',
    [assignmentId, attempt],
  )
  const row = rows[0]
  if (!row)
    throw new AppError('ASSIGNMENT_NOT_FOUND', `Assignment ${assignmentId} has no attempt ${attempt}`, {
      assignment_id: assignmentId,
      attempt,
    })
  if (!token || row['token_hash'] !== hashToken(token))
    throw new AppError('UNAUTHORIZED', 'The callback token is not the one of this attempt')
  const current = assignment.status === 'running' && assignment.attempt === attempt
  return {
    assignment,
    attempt,
    agentId: row['agent_id'],
    instance: row['instance'],
    over: current ? undefined : overReason(assignment, attempt),
  }
}

/** The same, refusing an attempt that is over: the agent should stop. */
export async function liveAttempt(
  kernel: Kernel,
  assignmentId: string,
  attempt: number,
  token: string,
): Promise<Attempt> {
  const found = await attemptOf(kernel, assignmentId, attempt, token)
  if (found.over)
    throw new AppError('ATTEMPT_OVER', `This attempt is over (${found.over}): stop working on it`, {
      reason: found.over,
    })
  return found
}

export const attemptCtx = (ctx: Ctx, found: Attempt): Ctx => ({
  ...ctx,
  actor: { kind: 'agent', id: found.agentId, roles: [], scopes: [] },
  agentId: found.agentId,
})
