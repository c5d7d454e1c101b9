import type { Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { emit } from '../events/emit.ts'
import type { Decision, NewDecision } from './schema.ts'
import { DECISION_COLUMNS, findDecision, rowToDecision, sealedEvidence } from './store.ts'

/** Name of the hold a run has while this decision is open. */
export const decisionHold = (id: string): string => `decision:${id}`

/**
 * Asks a person. With a given id, raising it again returns the question as it stands and changes nothing. The hold of a run is
 * set by the run's `ask`, not here.
 */
export async function raiseDecision(tx: Tx, ctx: Ctx, question: NewDecision): Promise<Decision> {
  const id = question.id ?? ctx.kernel.newId('dec')
  const { rows } = await tx.query(
    `insert into kernel.decisions (id, domain, kind, type, title, prompt, options, form, evidence, blocks, subject_type, subject_id, scope,
       run_id, assignment_id, roles, users, deadline, on_timeout, default_answer, escalation, data, correlation_id, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
     on conflict (id) do nothing returning ${DECISION_COLUMNS}`,
    [
      id,
      question.domain,
      question.kind,
      question.type,
      question.title,
      question.prompt,
      JSON.stringify(question.options ?? []),
      question.form ? JSON.stringify(question.form) : null,
      JSON.stringify(question.confidential ? sealedEvidence(ctx, id, question.evidence) : (question.evidence ?? [])),
      question.blocks ?? null,
      question.subject?.type ?? null,
      question.subject?.id ?? null,
      question.scope ?? null,
      question.runId ?? ctx.runId ?? null,
      question.assignmentId ?? null,
      question.roles ?? [],
      question.users ?? [],
      question.deadline ?? null,
      question.onTimeout ?? 'hold',
      question.defaultAnswer ? JSON.stringify(question.defaultAnswer) : null,
      JSON.stringify(question.escalation ?? []),
      JSON.stringify(question.data ?? {}),
      ctx.correlationId,
      ctx.actor.id,
    ],
  )
  if (!rows[0]) return (await findDecision(tx, id))!
  const event = await emit(tx, ctx, {
    domain: question.domain,
    type: 'decision.raised',
    level: 'DECISION',
    stream: `decision:${id}`,
    summary: question.title,
    ...((question.runId ?? ctx.runId) ? { runId: question.runId ?? ctx.runId! } : {}),
    data: {
      decision_id: id,
      kind: question.kind,
      type: question.type,
      scope: question.scope ?? null,
      deadline: question.deadline ?? null,
    },
  })
  await tx.query('update kernel.decisions set event_id = $2 where id = $1', [id, event.id])
  tx.afterCommit(() => ctx.kernel.notifier.touch('decisions', id))
  return { ...rowToDecision(rows[0]), event_id: event.id }
}
