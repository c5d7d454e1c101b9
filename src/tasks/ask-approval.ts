import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApprovalAnswer, AttemptServices } from '../kernel/agents/attempt-services.ts'
import type { Assignment } from '../kernel/agents/plan-types.ts'
import type { Ctx } from '../kernel/context.ts'
import { closeDecision } from '../kernel/decisions/answer-decision.ts'
import { raiseDecision } from '../kernel/decisions/raise-decision.ts'
import { findDecision } from '../kernel/decisions/store.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import { exportTool } from '../kernel/tools/tool-descriptor.ts'
import { APPROVE_JOB, findJobApproval, isApproval, kindOfCall } from './approve-for-job.ts'
import { liveReason } from './live-reason.ts'
import { callNeedsApproval } from './permission.ts'
import { argumentsLine, withoutCredentials } from './shown-arguments.ts'
import { type NewLog, writeLogs } from './store/write-logs.ts'
import { taskTools } from './tools/index.ts'

/** A waiting tool call expires after this and counts as denied (3.12). */
export const APPROVAL_SECONDS = 120
const POLL_MS = 200
const SHOWN_ARGUMENT = 500

const SHOWN_STEP = 160
const SHOWN_SUBJECT = 80

const shorten = (text: string, at: number) => (text.length > at ? `${text.slice(0, at - 1)}…` : text)

/** What a call is about, in one glance: the file's name, the address, the table, the command. */
function subjectOf(args: Record<string, unknown>): string {
  const text = (name: string) =>
    typeof args[name] === 'string' ? (args[name] as string).replaceAll(/\s+/g, ' ').trim() : ''
  if (text('path')) return shorten(text('path').split('/').at(-1)!, SHOWN_SUBJECT)
  if (text('url')) return shorten(`${text('method')} ${text('url')}`.trim(), SHOWN_SUBJECT)
  return shorten(text('table') || text('command') || text('query') || text('key'), SHOWN_SUBJECT)
}

const approvalId = (assignment: Assignment, callId: string) =>
  `apr_${createHash('sha256').update(`${assignment.id}/${assignment.attempt}/${callId}`).digest('hex').slice(0, 24)}`

/** A tool call of an attempt, and the id of the question about it. */
type Call = { assignment: Assignment; id: string; tool: string; args: Record<string, unknown> }

/** What the job's log says about the question. */
const logOf = ({ assignment, tool, args }: Call, message: string, approvalId: string, more = {}): NewLog => ({
  agentId: assignment.agent_id ?? 'unknown',
  taskId: assignment.subject,
  level: 'INFO',
  message,
  metadata: {
    subtask_id: assignment.key,
    tool,
    ...more,
    arguments: argumentsLine(args, SHOWN_ARGUMENT),
    approval_id: approvalId,
  },
})

type Ask = NonNullable<AttemptServices['askApproval']>

/**
 * Asks a person whether a call of a tool that the agent runs itself may run, when the mode says so. Repeating the call gives the
 * same question and its answer.
 */
export const askToolApproval: Ask = (...call) => askPerson(false, ...call)

/** The same for a tool that the server runs: the person may approve it with other arguments. */
export const askServerToolApproval: Ask = (...call) => askPerson(true, ...call)

async function askPerson(
  isEditable: boolean,
  ...[ctx, assignment, tool, args, callId, waitSeconds]: Parameters<Ask>
): Promise<ApprovalAnswer> {
  if (!callNeedsApproval(ctx.kernel.config, tool, args)) return { decision: 'approved', approval_id: null }
  const call = { assignment, id: approvalId(assignment, callId), tool, args }
  const given = await byJobApproval(ctx, call)
  if (given) return given
  await ask(ctx, call, isEditable)
  const deadline = Date.now() + waitSeconds * 1000
  for (;;) {
    const answer = await look(ctx, call)
    const settled = answer.decision === 'pending' ? await settledMeanwhile(ctx, call) : answer
    if (settled || Date.now() >= deadline) return settled ?? answer
    await sleep(POLL_MS)
  }
}

/** Approved because a person approved all of its kind in this job, and logged as such; undefined when nobody did or this call was asked about. */
async function byJobApproval(ctx: Ctx, call: Call): Promise<ApprovalAnswer | undefined> {
  const { assignment, id, tool, args } = call
  const group = kindOfCall(tool, args)
  if (!group || (await findDecision(ctx.kernel.db, id))) return undefined
  const standing = await findJobApproval(ctx.kernel.db, assignment.subject, group.kind)
  if (!standing) return undefined
  const message = `Approval given for ${tool} with all of its kind in this job`
  await writeLogs(ctx.kernel.db, ctx.kernel, [logOf(call, message, standing, { decision: 'approve' })])
  return { decision: 'approved', approval_id: standing }
}

/**
 * An answer for the whole job that was given in the moment this question was asked. A person who is answering this very question comes first,
 * even while the answer can still be taken back.
 */
async function settledMeanwhile(ctx: Ctx, { assignment, id, tool, args }: Call): Promise<ApprovalAnswer | undefined> {
  const group = kindOfCall(tool, args)
  const standing = group && (await findJobApproval(ctx.kernel.db, assignment.subject, group.kind))
  if (!standing) return undefined
  const closed = await ctx.kernel.db.transaction(async (tx) => {
    const { rows } = await tx.query('select 1 from kernel.decisions where id = $1 and staged is null for update', [id])
    return rows.length > 0 && closeDecision(tx, ctx, id, 'superseded', standing)
  })
  return closed ? { decision: 'approved', approval_id: standing } : undefined
}

async function ask(ctx: Ctx, call: Call, isEditable: boolean): Promise<void> {
  const { assignment, id, tool, args } = call
  if (await findDecision(ctx.kernel.db, id)) return
  const shown = withoutCredentials(args)
  const group = kindOfCall(tool, args)
  // What an agent runs itself runs as it was asked: other arguments would not reach it. What hides credentials cannot be edited.
  const known = isEditable && shown === args ? taskTools.find(tool) : undefined
  const form = known && (exportTool(known).inputSchema as Record<string, unknown>)
  const { rows } = await ctx.kernel.db.query(
    `select step ->> 'description' as step from tasks.tasks, jsonb_array_elements(subtasks) step where id = $1 and step ->> 'id' = $2`,
    [assignment.subject, assignment.key],
  )
  const step = `Step "${shorten(rows[0]?.['step'] ?? assignment.key, SHOWN_STEP)}"`
  const about = ctx.kernel.mask(subjectOf(args))
  await ctx.kernel.db.transaction(async (tx) => {
    const expires = new Date(ctx.kernel.clock.now() + APPROVAL_SECONDS * 1000).toISOString()
    await raiseDecision(tx, ctx, {
      id,
      domain: 'tasks',
      kind: 'approve',
      type: 'tool_approval',
      title: `May ${assignment.agent_id} use ${tool}${about && `: ${about}`}?`,
      prompt: `${step} wants to call ${tool}. Without an answer within ${APPROVAL_SECONDS} s it counts as denied.`,
      options: [
        { id: 'approve', label: 'Approve call' },
        ...(group ? [{ id: APPROVE_JOB, label: group.label }] : []),
        { id: 'deny', label: 'Deny call' },
      ],
      evidence: [
        {
          title: 'Arguments',
          kind: 'text',
          value: ctx.kernel
            .mask(JSON.stringify(shown, null, 2))
            .slice(0, 4000)
            .toWellFormed(),
        },
      ],
      blocks: step,
      subject: { type: 'task', id: assignment.subject },
      scope: assignment.subject,
      assignmentId: assignment.id,
      ...(form ? { form } : {}),
      deadline: expires,
      onTimeout: 'deny',
      data: {
        tool,
        arguments: shown,
        ...(group ? { kind: group.kind } : {}),
        ...(form ? { proposal: args } : {}),
        subtask_id: assignment.key,
        agent_id: assignment.agent_id,
      },
    })
    await writeLogs(tx, ctx.kernel, [logOf(call, `Approval requested for ${tool}`, id)])
  })
}

async function look(ctx: Ctx, { assignment, id }: Call): Promise<ApprovalAnswer> {
  const decision = await findDecision(ctx.kernel.db, id)
  if (!decision || decision.status === 'open')
    return { decision: 'pending', approval_id: id, expires_at: decision?.deadline ?? new Date().toISOString() }
  if (decision.status === 'withdrawn') {
    const over = await liveReason(ctx.kernel, assignment)
    if (over) throw new AppError('ATTEMPT_OVER', `This attempt is over (${over}): stop working on it`, { reason: over })
  }
  if (decision.status === 'superseded') return { decision: 'approved', approval_id: decision.superseded_by ?? id }
  const reason = decision.answer?.comment
  const word =
    decision.status === 'answered'
      ? isApproval(decision.answer?.choice)
        ? 'approved'
        : 'denied'
      : decision.status === 'expired'
        ? 'expired'
        : 'denied'
  const edited = word === 'approved' ? decision.answer?.value : undefined
  return {
    decision: word,
    approval_id: id,
    ...(reason ? { reason } : {}),
    ...(edited ? { arguments: edited as Record<string, unknown> } : {}),
  }
}
