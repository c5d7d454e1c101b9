import { createHash } from 'node:crypto'
import { systemCtx } from '../context.ts'
import { AppError, ValidationError } from '../errors/app-error.ts'
import type { Kernel } from '../kernel.ts'
import { presentOutcome, type ResultAnswer, reportResult, type StoredAnswer } from './complete.ts'
import type { Assignment, AttemptResult } from './plan-types.ts'
import { poolOf } from './pool.ts'
import { failAssignment } from './requeue.ts'

async function answerOf(kernel: Kernel, assignmentId: string, attempt: number): Promise<StoredAnswer | null> {
  const { rows } = await kernel.db.query(
    'select answer from kernel.attempts where assignment_id = $1 and attempt = $2',
    [assignmentId, attempt],
  )
  return rows[0]?.['answer'] ?? null
}

/** The third unusable result of an attempt fails the assignment. */
const MAX_BAD_RESULTS = 3

const hashOf = (body: unknown) => createHash('sha256').update(JSON.stringify(body)).digest('hex')

/**
 * Takes what an agent sent as its result. An equal repetition gets the first answer; what cannot be used is a ValidationError and
 * leaves the attempt running, the third one fails it. `answered`: what the attempt's row says, when the caller has read it.
 */
export async function takeResult(
  kernel: Kernel,
  assignment: Assignment,
  attempt: number,
  body: Record<string, unknown>,
  answered?: StoredAnswer | null,
): Promise<ResultAnswer> {
  const policy = poolOf(assignment.pool)
  const hash = hashOf(body)
  const known = answered === undefined ? await answerOf(kernel, assignment.id, attempt) : answered
  if (known?.hash === hash) return known.answer

  let result: AttemptResult
  try {
    result = policy.acceptResult ? await policy.acceptResult(kernel, assignment, body, attempt) : plainResult(body)
  } catch (error) {
    if (error instanceof ValidationError && assignment.status === 'running' && assignment.attempt === attempt)
      await countBad(kernel, assignment)
    throw error
  }
  const outcome = await reportResult(kernel, policy, { assignmentId: assignment.id, attempt, result, bodyHash: hash })
  if (outcome.outcome === 'unknown') throw new AppError('ASSIGNMENT_NOT_FOUND', `No assignment ${assignment.id}`)
  if (!outcome.accepted) {
    const again = await answerOf(kernel, assignment.id, attempt)
    if (again?.hash === hash) return again.answer
    await kernel.db.transaction(async (tx) =>
      policy.onUncounted?.(tx, systemCtx(kernel), { assignment, attempt, result, outcome: outcome.outcome }),
    )
  }
  const answer = presentOutcome(outcome)
  if (outcome.outcome === 'cancelled')
    await kernel.db.query('update kernel.attempts set answer = $3 where assignment_id = $1 and attempt = $2', [
      assignment.id,
      attempt,
      JSON.stringify({ hash, answer }),
    ])
  return answer
}

function plainResult(body: Record<string, unknown>): AttemptResult {
  const executionTime = Math.max(0.001, Number(body['execution_time']) || 0.001)
  if (body['status'] === 'completed' && typeof body['output'] === 'object' && body['output'] !== null)
    return { status: 'completed', output: body['output'] as Record<string, unknown>, executionTime }
  if (body['status'] === 'failed' && typeof body['error'] === 'string')
    return { status: 'failed', error: body['error'], executionTime }
  throw new ValidationError('status must be completed (with output) or failed (with error)', [
    { field: 'status', message: 'must be completed or failed' },
  ])
}

async function countBad(kernel: Kernel, assignment: Assignment): Promise<void> {
  const { rows } = await kernel.db.query(
    'update kernel.assignments set bad_results = bad_results + 1 where id = $1 returning bad_results',
    [assignment.id],
  )
  if ((rows[0]?.['bad_results'] ?? 0) < MAX_BAD_RESULTS) return
  await kernel.db.transaction((tx) =>
    failAssignment(tx, kernel, poolOf(assignment.pool), assignment.id, 'INTERNAL: agent sent an unusable result'),
  )
}
