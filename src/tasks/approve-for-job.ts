import type { Ctx } from '../kernel/context.ts'
import type { Reader, Tx } from '../kernel/db/database.ts'
import { answerDecisionIn } from '../kernel/decisions/answer-decision.ts'
import type { Decision } from '../kernel/decisions/schema.ts'
import { approvalOf } from '../kernel/tools/tool-descriptor.ts'
import { writeLogs } from './store/write-logs.ts'
import { taskTools } from './tools/index.ts'

/** The choice with which a person approves this call and all others of its kind in the job. */
export const APPROVE_JOB = 'approve_job'
/** Every answer that lets a call run. */
export const isApproval = (choice: string | undefined): boolean => choice === 'approve' || choice === APPROVE_JOB

const PLURALS: Readonly<Record<string, string>> = {
  write_file: 'files',
  store_rows: 'rows to store',
  http_request: 'pages and answers to read',
}

/**
 * What a person may approve once for a whole job, and its words on the button: calls that stay inside the task, and reading from the network.
 * Undefined for what must be looked at call by call: commands, and what is sent to others.
 */
export function kindOfCall(tool: string, args: Record<string, unknown>): { kind: string; label: string } | undefined {
  const known = taskTools.find(tool)
  if (!known) return undefined
  const goesOut = known.touches.includes('network')
  if (goesOut && approvalOf(known, args) !== 'never') return undefined
  const what = PLURALS[known.name] ?? `${known.name} calls`
  return { kind: goesOut ? `${known.name} read` : known.name, label: `Approve all ${what} of this job` }
}

/** The answer that holds for all calls of a kind in a task; undefined while nobody gave one. */
export async function findJobApproval(db: Reader, taskId: string, kind: string): Promise<string | undefined> {
  const { rows } = await db.query(
    `select id from kernel.decisions where scope = $1 and domain = 'tasks' and type = 'tool_approval' and status = 'answered'
        and answer ->> 'choice' = $2 and data ->> 'kind' = $3 limit 1`,
    [taskId, APPROVE_JOB, kind],
  )
  return rows[0]?.['id'] as string | undefined
}

/** An approval was answered, wherever: it is logged (6.5), and one for the whole job answers what waits beside it. */
export async function onApprovalAnswered(tx: Tx, ctx: Ctx, decision: Decision): Promise<void> {
  if (decision.type !== 'tool_approval') return
  const { subtask_id, tool, kind } = decision.data
  const choice = decision.answer?.choice
  const verdict = isApproval(choice) ? 'approve' : 'deny'
  const scope = choice === APPROVE_JOB ? ' and all of its kind in this job' : ''
  await writeLogs(tx, ctx.kernel, [
    {
      taskId: decision.scope,
      level: 'INFO',
      message: `Approval ${verdict === 'approve' ? 'given' : 'denied'} for ${tool}${scope}`,
      metadata: { subtask_id, tool, decision: verdict, by: ctx.actor.id, approval_id: decision.id },
    },
  ])
  if (choice !== APPROVE_JOB) return
  const { rows } = await tx.query(
    `select id from kernel.decisions where scope = $1 and domain = 'tasks' and type = 'tool_approval' and status = 'open'
        and staged is null and data ->> 'kind' = $2 order by id`,
    [decision.scope, kind],
  )
  for (const row of rows) await answerDecisionIn(tx, ctx, row['id'], { choice: 'approve' })
}
