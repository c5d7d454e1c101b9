import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApprovalAnswer, AttemptServices } from '../kernel/agents/attempt-services.ts'
import type { Assignment } from '../kernel/agents/plan-types.ts'
import type { Ctx } from '../kernel/context.ts'
import { raiseDecision } from '../kernel/decisions/raise-decision.ts'
import { findDecision } from '../kernel/decisions/store.ts'
import { exportTool } from '../kernel/tools/tool-descriptor.ts'
import { callNeedsApproval } from './permission.ts'
import { writeLogs } from './store/write-logs.ts'
import { taskTools } from './tools/index.ts'

/** A waiting tool call expires after this and counts as denied (3.12). */
export const APPROVAL_SECONDS = 120
const POLL_MS = 200
const SHOWN_ARGUMENT = 500

const approvalId = (assignment: Assignment, callId: string) =>
  `apr_${createHash('sha256').update(`${assignment.id}/${assignment.attempt}/${callId}`).digest('hex').slice(0, 24)}`

/** Asks a person whether a tool call may run, when the mode says so. Repeating the call gives the same question and its answer. */
export const askToolApproval: NonNullable<AttemptServices['askApproval']> = async (
  ctx,
  assignment,
  tool,
  args,
  callId,
  waitSeconds,
) => {
  if (!callNeedsApproval(ctx.kernel.config, tool, args)) return { decision: 'approved', approval_id: null }
  const id = approvalId(assignment, callId)
  await ask(ctx, assignment, id, tool, args)
  const deadline = Date.now() + waitSeconds * 1000
  for (;;) {
    const answer = await look(ctx, id)
    if (answer.decision !== 'pending' || Date.now() >= deadline) return answer
    await sleep(POLL_MS)
  }
}

async function ask(
  ctx: Ctx,
  assignment: Assignment,
  id: string,
  tool: string,
  args: Record<string, unknown>,
): Promise<void> {
  if (await findDecision(ctx.kernel.db, id)) return
  // A tool that runs in the server may be approved with other arguments; the shell runs in the agent, as it was asked.
  const known = taskTools.find(tool)
  const form = known && (exportTool(known).inputSchema as Record<string, unknown>)
  await ctx.kernel.db.transaction(async (tx) => {
    const expires = new Date(ctx.kernel.clock.now() + APPROVAL_SECONDS * 1000).toISOString()
    await raiseDecision(tx, ctx, {
      id,
      domain: 'tasks',
      kind: 'approve',
      type: 'tool_approval',
      title: `May ${assignment.agent_id} use ${tool}?`,
      prompt: `Subtask ${assignment.key} wants to call ${tool}. Without an answer within ${APPROVAL_SECONDS} s it counts as denied.`,
      options: [
        { id: 'approve', label: 'Approve call' },
        { id: 'deny', label: 'Deny call' },
      ],
      evidence: [
        { title: 'Arguments', kind: 'text', value: ctx.kernel.mask(JSON.stringify(args, null, 2)).slice(0, 4000) },
      ],
      blocks: `Subtask ${assignment.key} of ${assignment.subject}`,
      subject: { type: 'task', id: assignment.subject },
      scope: assignment.subject,
      assignmentId: assignment.id,
      ...(form ? { form } : {}),
      deadline: expires,
      onTimeout: 'deny',
      data: {
        tool,
        arguments: args,
        ...(form ? { proposal: args } : {}),
        subtask_id: assignment.key,
        agent_id: assignment.agent_id,
      },
    })
    await writeLogs(tx, ctx.kernel, [
      {
        agentId: assignment.agent_id ?? 'unknown',
        taskId: assignment.subject,
        level: 'INFO',
        message: `Approval requested for ${tool}`,
        metadata: {
          subtask_id: assignment.key,
          tool,
          arguments: JSON.stringify(args).slice(0, SHOWN_ARGUMENT),
          approval_id: id,
        },
      },
    ])
  })
}

async function look(ctx: Ctx, id: string): Promise<ApprovalAnswer> {
  const decision = await findDecision(ctx.kernel.db, id)
  if (!decision || decision.status === 'open')
    return { decision: 'pending', approval_id: id, expires_at: decision?.deadline ?? new Date().toISOString() }
  const reason = decision.answer?.comment
  const word =
    decision.status === 'answered'
      ? decision.answer?.choice === 'approve'
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
