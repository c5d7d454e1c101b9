import { setTimeout as sleep } from 'node:timers/promises'
import type { AttemptServices, ToolContent } from '../kernel/agents/attempt-services.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import { holdsSecret } from '../kernel/telemetry/secrets-of-config.ts'
import { callTool, type ToolHook, toMcpContent } from '../kernel/tools/call-tool.ts'
import { askServerToolApproval } from './ask-approval.ts'
import { liveReason } from './live-reason.ts'
import { countToolCall } from './metrics.ts'
import { argumentsLine } from './shown-arguments.ts'
import { rememberCall } from './store/remember-call.ts'
import { writeLogs } from './store/write-logs.ts'
import type { TaskToolContext } from './tools/context.ts'
import { taskTools } from './tools/index.ts'

const SHOWN = 500
const POLL_SECONDS = 5

/** Logs each call with its time and outcome, arguments cut and masked (6.5). */
const logging: ToolHook<TaskToolContext> = {
  name: 'log',
  async after({ tool, args, ctx: { kernel, assignment } }, outcome) {
    countToolCall(tool.name, outcome.ok ? 'ok' : outcome.code)
    await writeLogs(kernel.db, kernel, [
      {
        agentId: assignment.agent_id ?? 'unknown',
        taskId: assignment.subject,
        level: 'DEBUG',
        message: `Tool ${tool.name} ${outcome.ok ? 'ran' : `failed: ${outcome.code}`}`,
        metadata: {
          subtask_id: assignment.key,
          tool: tool.name,
          duration_ms: outcome.durationMs,
          isError: !outcome.ok,
          arguments: argumentsLine(args, SHOWN),
        },
      },
    ])
  },
}

/** No secret of this installation leaves it, whoever put it into the arguments. */
const keepSecrets: ToolHook<TaskToolContext> = {
  name: 'secrets',
  before: ({ tool, args, ctx }) =>
    tool.touches.includes('network') && holdsSecret(ctx.kernel.config as never, JSON.stringify(args) ?? '')
      ? { code: 'SECRET_NOT_ALLOWED', message: `${tool.name} would send a secret of this installation: leave it out` }
      : undefined,
}

/** Runs a tool of 3.11 for an agent, after a person's approval when the mode asks for one. Same call id, same answer, one effect. */
export const callServerTool: NonNullable<AttemptServices['callTool']> = async (ctx, assignment, name, args, callId) => {
  const { kernel } = ctx
  if (!taskTools.find(name))
    throw new AppError(
      'TOOL_NOT_FOUND',
      `No tool ${name}: there are ${taskTools
        .toJson()
        .map((tool) => tool.name)
        .join(', ')}`,
      { tool: name },
    )
  const known = await kernel.db.query(
    'select answer from tasks.agent_calls where assignment_id = $1 and call_id = $2',
    [assignment.id, `tool:${callId}`],
  )
  if (known.rows[0]?.['answer']) return known.rows[0]['answer'] as ToolContent
  const permission: ToolHook<TaskToolContext> = {
    name: 'permission',
    async before(call) {
      const { tool, args: checked } = call
      for (;;) {
        const answer = await askServerToolApproval(
          ctx,
          assignment,
          tool.name,
          checked as Record<string, unknown>,
          callId,
          POLL_SECONDS,
        )
        if (answer.decision === 'approved') {
          if (answer.arguments) call.args = tool.input.parse(answer.arguments)
          return undefined
        }
        if (answer.decision === 'denied')
          return { code: 'APPROVAL_DENIED', message: answer.reason ?? 'a person denied this call' }
        if (answer.decision === 'expired') return { code: 'APPROVAL_TIMEOUT', message: 'nobody answered in time' }
        const over = await liveReason(kernel, assignment)
        if (over)
          throw new AppError('ATTEMPT_OVER', `This attempt is over (${over}): stop working on it`, { reason: over })
        await sleep(10)
      }
    },
  }
  const toolCtx: TaskToolContext = {
    kernel,
    assignment,
    callId,
    signal: AbortSignal.timeout(180_000),
    correlationId: ctx.correlationId,
  }
  const outcome = await callTool(name, args, toolCtx, {
    registry: taskTools,
    hooks: [keepSecrets, permission, logging],
  })
  const content = toMcpContent(outcome) as ToolContent
  return rememberCall(kernel, assignment.id, `tool:${callId}`, async () => content)
}
