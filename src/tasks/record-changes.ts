import type { AssignmentChange } from '../kernel/agents/plan-types.ts'
import type { Ctx } from '../kernel/context.ts'
import type { Tx } from '../kernel/db/database.ts'
import { closeDecision } from '../kernel/decisions/answer-decision.ts'
import { observeSubtask } from './metrics.ts'
import { subTaskErrorCode } from './schema.ts'
import { type NewLog, writeLogs } from './store/write-logs.ts'

/** The audit entries of one change (6.5). */
function logsOf({ kind, assignment, reason, result, resultAttempt, agentId }: AssignmentChange): NewLog[] {
  const base = { taskId: assignment.subject }
  const metadata = {
    subtask_id: assignment.key,
    attempt: resultAttempt ?? assignment.attempt,
    ...(agentId ? { agent: agentId } : {}),
  }
  const log = (level: NewLog['level'], message: string, more: Record<string, unknown> = {}): NewLog => ({
    ...base,
    level,
    message,
    metadata: { ...metadata, ...more },
  })
  switch (kind) {
    case 'queued':
      return [log('DEBUG', `Subtask ${assignment.key} queued`)]
    case 'started':
      return [
        log('INFO', `Subtask ${assignment.key} assigned to ${agentId}`),
        { ...log('INFO', `Subtask ${assignment.key} started`), agentId: agentId ?? 'orchestrator' },
      ]
    case 'completed':
      return [
        {
          ...log('INFO', `Subtask ${assignment.key} completed`, {
            duration_ms: Math.round((result?.executionTime ?? 0) * 1000),
          }),
          agentId: agentId ?? 'orchestrator',
        },
      ]
    case 'failed': {
      const error = result?.status === 'failed' ? result.error : (assignment.error ?? 'unknown')
      return [
        {
          ...log('ERROR', `Subtask ${assignment.key} failed: ${error}`, {
            error_code: subTaskErrorCode(error),
            duration_ms: Math.round((result?.executionTime ?? 0) * 1000),
          }),
          agentId: agentId ?? 'orchestrator',
        },
      ]
    }
    case 'blocked':
      return [
        log('WARN', `Subtask ${assignment.key} blocked by ${assignment.blocked_by.join(', ')}`, {
          blocked_by: assignment.blocked_by,
        }),
      ]
    case 'requeued':
      return [log('WARN', `Subtask ${assignment.key} queued again: ${reason}`, { reason })]
    case 'refused':
      return [
        log(
          /ECONN|timeout|aborted|refused|5\d\d/i.test(reason ?? '') && !/answered 503/.test(reason ?? '')
            ? 'WARN'
            : 'DEBUG',
          `Dispatch of ${assignment.key} refused: ${reason}`,
          { reason },
        ),
      ]
    case 'waiting':
      return [
        log(
          'WARN',
          `Subtask ${assignment.key} waits: no living agent has any of ${assignment.capabilities.join(', ')}`,
          { waiting_reason: reason },
        ),
      ]
    case 'retried':
      return [log('INFO', `Subtask ${assignment.key} retried`)]
    case 'unblocked':
      return [log('INFO', `Subtask ${assignment.key} unblocked`)]
    case 'cancelled':
      return [log('INFO', `Subtask ${assignment.key} cancelled`)]
  }
}

const ENDS_ATTEMPT = new Set<AssignmentChange['kind']>(['completed', 'failed', 'requeued', 'cancelled'])

/** Nobody is asked any longer about calls of an attempt that is over. */
async function withdrawQuestions(tx: Tx, ctx: Ctx, changes: readonly AssignmentChange[]): Promise<void> {
  const { permissionMode } = ctx.kernel.config.tasks
  if (permissionMode === 'auto' || permissionMode === 'bypassPermissions') return
  const over = changes.filter(({ kind }) => ENDS_ATTEMPT.has(kind)).map(({ assignment }) => assignment.id)
  if (over.length === 0) return
  const { rows } = await tx.query(
    `select id from kernel.decisions where status = 'open' and type = 'tool_approval' and assignment_id = any ($1)`,
    [over],
  )
  for (const row of rows) await closeDecision(tx, ctx, row['id'], 'withdrawn')
}

/** Stores results and audit entries of a batch of changes, in their transaction. */
export async function recordChanges(tx: Tx, ctx: Ctx, changes: readonly AssignmentChange[]): Promise<void> {
  const results = changes.filter((change) => change.result)
  if (results.length > 0) {
    const rows = results.map(({ assignment, result, resultAttempt, agentId }) => ({
      task_id: assignment.subject,
      subtask_id: assignment.key,
      agent_id: agentId ?? 'orchestrator',
      status: result!.status,
      output: result!.status === 'completed' ? result!.output : null,
      error: result!.status === 'failed' ? result!.error : null,
      execution_time: Math.max(0.001, result!.executionTime),
      attempt: resultAttempt ?? assignment.attempt,
    }))
    await tx.query(
      `insert into tasks.subtask_results (task_id, subtask_id, agent_id, status, output, error, execution_time, attempt)
       select g.task_id, g.subtask_id, g.agent_id, g.status, nullif(g.output, 'null'::jsonb), g.error, g.execution_time, g.attempt
         from jsonb_to_recordset($1::jsonb) as g (task_id text, subtask_id text, agent_id text, status text, output jsonb, error text, execution_time float8, attempt int)
        where exists (select 1 from tasks.tasks t where t.id = g.task_id)
       on conflict (task_id, subtask_id, attempt) do nothing`,
      [JSON.stringify(rows)],
    )
    tx.afterCommit(() => {
      for (const { assignment, result, agentId } of results)
        observeSubtask(agentId ?? 'none', assignment.capabilities[0] ?? 'none', result!.executionTime)
    })
  }
  await writeLogs(tx, ctx.kernel, changes.flatMap(logsOf))
  await withdrawQuestions(tx, ctx, changes)
}
