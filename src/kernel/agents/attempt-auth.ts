import { hashToken } from '../access/keys.ts'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import type { Kernel } from '../kernel.ts'
import { assignmentColumns } from './assignment-store.ts'
import type { StoredAnswer } from './complete.ts'
import { gather } from './gather.ts'
import { overReason } from './heartbeat.ts'
import type { Assignment } from './plan-types.ts'

export const bearerOf = (header: string | undefined): string => /^Bearer\s+(.+)$/i.exec(header ?? '')?.[1] ?? ''

export type Attempt = {
  assignment: Assignment
  attempt: number
  agentId: string
  instance: string
  over: string | undefined
  /** What an earlier result of this attempt was answered. */
  answer: StoredAnswer | null
}
type AttemptRow = {
  attempt_agent: string | null
  attempt_instance: string
  attempt_token: string | null
  attempt_answer: StoredAnswer | null
}

const ATTEMPTS = {
  name: 'kernel.attempts.of',
  text: `
  select g.n as asked, ${assignmentColumns('a')}, t.agent_id as attempt_agent, t.instance as attempt_instance, t.token_hash as attempt_token, t.answer as attempt_answer
    from unnest($1::text[], $2::int[]) with ordinality as g (id, attempt, n)
    join kernel.assignments a on a.id = g.id left join kernel.attempts t on t.assignment_id = a.id and t.attempt = g.attempt`,
}

/** Calls that arrive together are looked up together. */
const readAttempt = gather(
  async (kernel: Kernel, _scope: Kernel, asked: readonly { assignmentId: string; attempt: number }[]) => {
    const { rows } = await kernel.db.query<Assignment & AttemptRow & { asked: number }>(ATTEMPTS, [
      asked.map(({ assignmentId }) => assignmentId),
      asked.map(({ attempt }) => attempt),
    ])
    const found = new Map(rows.map(({ asked: n, ...row }) => [n, row as Assignment & AttemptRow]))
    return asked.map((_, i) => found.get(i + 1))
  },
)

/** The attempt a callback token belongs to. Throws UNAUTHORIZED or ASSIGNMENT_NOT_FOUND; `over` says why it has ended. */
export async function attemptOf(
  kernel: Kernel,
  assignmentId: string,
  attempt: number,
  token: string,
): Promise<Attempt> {
  const found = await readAttempt(kernel, kernel, { assignmentId, attempt })
  if (!found)
    throw new AppError('ASSIGNMENT_NOT_FOUND', `No assignment ${assignmentId}: it was removed with its task`, {
      assignment_id: assignmentId,
    })
  const { attempt_agent, attempt_instance, attempt_token, attempt_answer, ...assignment } = found
  if (attempt_agent === null)
    throw new AppError('ASSIGNMENT_NOT_FOUND', `Assignment ${assignmentId} has no attempt ${attempt}`, {
      assignment_id: assignmentId,
      attempt,
    })
  if (!token || attempt_token !== hashToken(token))
    throw new AppError('UNAUTHORIZED', 'The callback token is not the one of this attempt')
  const current = assignment.status === 'running' && assignment.attempt === attempt
  return {
    assignment,
    attempt,
    agentId: attempt_agent,
    instance: attempt_instance,
    answer: attempt_answer,
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
