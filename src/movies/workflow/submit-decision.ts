import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { answerDecisionIn } from '../../kernel/decisions/answer-decision.ts'
import type { Decision } from '../../kernel/decisions/schema.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import { requireProject } from '../access.ts'
import { submitDecision as submitEngine } from '../engine/control-inputs.ts'
import { begin } from '../engine/work.ts'
import type { DecisionRecord, SubmitDecision, WorkflowResponse } from '../schema.ts'
import { loadState } from '../store/load-state.ts'
import { workflowStream } from '../store/save-state.ts'
import { inboxId } from '../store/write-decisions.ts'
import { changeIn, failIfTampered, lockWorkflow, nowOf } from './change-workflow.ts'
import { presentStored } from './present-stored.ts'

/**
 * Submits a choice. The decision is answered in the kernel's inbox, whose hook (`onAnswered`) tells the engine, so that an
 * answer given in either place has one path. Throws DECISION_NOT_FOUND, NO_PENDING_DECISION, INVALID_CHOICE.
 */
export async function submitDecision(
  ctx: Ctx,
  id: string,
  input: SubmitDecision,
): Promise<{ accepted_at: string; workflow: WorkflowResponse }> {
  await failIfTampered(ctx, id)
  await ctx.kernel.db.transaction(async (tx) => {
    const stored = await lockWorkflow(tx, ctx, id)
    // Refuses in the contract's words before anything is written.
    submitEngine(begin(stored.state, nowOf(ctx)), input, { actor: ctx.actor.id, automatic: false })
    await answerDecisionIn(tx, ctx, inboxId(id, input.decision_id), {
      choice: input.choice,
      ...(input.feedback ? { comment: input.feedback } : {}),
    }).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'ALREADY_DECIDED')
        throw new AppError('NO_PENDING_DECISION', error.message, error.details)
      throw error
    })
  })
  const stored = (await loadState(ctx.kernel, ctx.kernel.db, id))!
  return { accepted_at: nowOf(ctx), workflow: await presentStored(ctx, stored) }
}

/** A key for other projects neither answers nor hands on. */
export async function requireRight(_tx: Tx, ctx: Ctx, decision: Decision): Promise<void> {
  requireProject(ctx, decision.scope!)
}

/** The kernel's inbox has an answer: by a person here or there, or by the deadline. Runs in its transaction. */
export async function onAnswered(tx: Tx, ctx: Ctx, decision: Decision): Promise<void> {
  const workflowId = String(decision.data['workflow_id'])
  const decisionId = String(decision.data['decision_id'])
  const answer = decision.answer
  await changeIn(
    tx,
    ctx,
    workflowId,
    (w) =>
      submitEngine(
        w,
        {
          decision_id: decisionId,
          choice: String(answer?.choice ?? ''),
          ...(answer?.comment ? { feedback: answer.comment } : {}),
        },
        { actor: decision.automatic ? 'system' : ctx.actor.id, automatic: decision.automatic },
      ),
    { answered: decisionId },
  )
}

/** The deadline passed and the workflow keeps waiting: said once, counted by the alert DecisionOverdue. */
export async function onDecisionTimeout(tx: Tx, ctx: Ctx, decision: Decision): Promise<void> {
  const workflowId = String(decision.data['workflow_id'])
  await emit(tx, ctx, {
    domain: 'movies',
    type: 'workflow.error',
    level: 'DECISION',
    stream: workflowStream(workflowId),
    ...(decision.run_id ? { runId: decision.run_id } : {}),
    summary: `${decision.title}: the deadline passed, still waiting`,
    data: {
      error_type: 'DECISION_OVERDUE',
      error_message: `Decision ${String(decision.data['decision_id'])} is past its deadline`,
      failed_task: null,
      retry_count: 0,
      next_retry: null,
    },
  })
}

export async function listDecisions(ctx: Ctx, id: string): Promise<{ decisions: DecisionRecord[] }> {
  const { state } = (await loadState(ctx.kernel, ctx.kernel.db, id))!
  requireProject(ctx, state.project_id)
  return {
    decisions: state.decisions.map(
      ({
        decision_id,
        point,
        prompt,
        options,
        status,
        choice,
        feedback,
        actor,
        automatic,
        raised_at,
        timeout,
        at,
      }) => ({
        decision_id,
        point,
        prompt,
        options,
        status,
        choice,
        feedback,
        actor,
        automatic,
        raised_at,
        timeout,
        at,
      }),
    ),
  }
}
