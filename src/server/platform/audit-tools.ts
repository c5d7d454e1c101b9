import { recordAudit } from '../../kernel/audit/record-audit.ts'
import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { describeError, platformPresenter } from '../../kernel/http/presenter.ts'
import type { ToolCall, ToolHook } from '../../kernel/tools/call-tool.ts'
import type { PlatformToolContext } from '../interfaces/platform-tools.ts'
import { lookAt, subjectOf } from './audit-subjects.ts'

/** Where the thing a tool changes has its path; `made` names it in the result of one that creates. */
const PATHS: Readonly<Record<string, { path: (id: string) => string; made?: string }>> = {
  submit_task: { path: (id) => `/tasks/${id}`, made: 'task_id' },
  cancel_task: { path: (id) => `/tasks/${id}` },
  answer_decision: { path: (id) => `/v1/decisions/${id}` },
  cancel_run: { path: (id) => `/v1/runs/${id}` },
}

export type ActOfProgram = {
  /** `mcp` or `a2a`. */
  source: string
  action: string
  /** The path that the thing has over HTTP. */
  path: string | undefined
  before?: unknown
  /** What went wrong; a refused act has a row as well. */
  error?: unknown
}

const lookAtPath = async ({ kernel }: Ctx, path: string | undefined) => {
  const found = path === undefined ? undefined : subjectOf(path)
  return found?.id ? lookAt(kernel.db, found.subject, found.id) : undefined
}

/** How the thing of an act looks before it. */
export const lookBefore = lookAtPath

/** One audit row for an act that came by another way than a call of ours. A row that cannot be written is told in the log. */
export async function auditAct(ctx: Ctx, { source, action, path, before, error }: ActOfProgram): Promise<void> {
  const { kernel, actor, correlationId } = ctx
  const found = path === undefined ? undefined : subjectOf(path)
  try {
    await recordAudit(
      kernel.db,
      {
        actor,
        source,
        action,
        ...(found?.id ? { target: { kind: found.subject.kind, id: found.id } } : {}),
        before,
        after: error === undefined ? await lookAtPath(ctx, path) : undefined,
        outcome: error === undefined ? 200 : describeError(error, platformPresenter, correlationId).status,
        correlationId,
        at: new Date(kernel.clock.now()),
      },
      kernel.mask,
    )
  } catch (problem) {
    kernel.log.error({ error: (problem as Error).message, action }, 'an audit row could not be written')
  }
}

/** Writes an audit row for each call of a tool that changes something: who, with which key, on what, how that looked before and after. */
export function auditTools(source: string): ToolHook<PlatformToolContext> {
  const befores = new WeakMap<PlatformToolContext, unknown>()
  const changes = ({ tool }: ToolCall<PlatformToolContext>) => tool.approval !== 'never'
  const idOf = ({ args }: ToolCall<PlatformToolContext>) => {
    const id = (args as { id?: unknown } | undefined)?.id
    return typeof id === 'string' ? id : undefined
  }
  return {
    name: 'audit',
    async before(call) {
      const id = idOf(call)
      const place = PATHS[call.tool.name]
      if (changes(call) && id && place) befores.set(call.ctx, await lookAtPath(call.ctx.ctx, place.path(id)))
      return undefined
    },
    async after(call, outcome) {
      if (!changes(call)) return
      const place = PATHS[call.tool.name]
      const made = outcome.ok && place?.made ? (outcome.value as Record<string, unknown>)[place.made] : undefined
      const id = typeof made === 'string' ? made : idOf(call)
      await auditAct(call.ctx.ctx, {
        source,
        action: call.tool.name,
        path: id && place ? place.path(id) : undefined,
        before: befores.get(call.ctx),
        ...(outcome.ok
          ? {}
          : {
              error: new AppError(
                outcome.code === 'INVALID_INPUT' ? 'VALIDATION_ERROR' : outcome.code,
                outcome.message,
              ),
            }),
      })
    },
  }
}
