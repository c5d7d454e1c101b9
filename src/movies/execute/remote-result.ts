import { z } from 'zod'
import { checkResult } from '../agents/check-result.ts'
import type { AgentInput } from '../agents/craft/craft.ts'
import { normalise } from '../agents/normalise.ts'
import type { EngineTask } from '../engine/engine-state.ts'
import type { Produced } from './run-text.ts'
import { TaskFailure } from './task-failure.ts'

/** What a remote agent answers (contract 2.7). */
export const RemoteResult = z.looseObject({
  status: z.enum(['completed', 'failed']),
  output_data: z.unknown().optional(),
  quality_score: z.number().min(0).max(100).optional(),
  resource_usage: z
    .looseObject({
      cpu_seconds: z.number().min(0).optional(),
      memory_gb: z.number().min(0).optional(),
      gpu_seconds: z.number().min(0).optional(),
      cost: z.number().min(0).optional(),
    })
    .optional(),
  error: z
    .looseObject({ type: z.string().optional(), message: z.string().optional(), retryable: z.boolean().optional() })
    .nullish(),
  warnings: z.array(z.string()).optional(),
})
export type RemoteResult = z.infer<typeof RemoteResult>

export type Read = { ok: true; produced: Produced } | { ok: false; violations: string[] }

/** Reads a result. A failed one throws with its own category; an unusable one is answered with what a repair has to mend. */
export function readRemoteResult(task: EngineTask, input: AgentInput, body: unknown): Read {
  const parsed = RemoteResult.safeParse(body)
  if (!parsed.success)
    return { ok: false, violations: parsed.error.issues.map((i) => `${i.path.join('.') || 'result'}: ${i.message}`) }
  const result = parsed.data
  if (result.status === 'failed') {
    const { error } = result
    throw new TaskFailure(
      error?.type ?? 'AGENT_ERROR',
      error?.retryable === false ? 'permanent' : 'transient',
      error?.message ?? 'The agent failed without a reason',
    )
  }
  const { content, warnings } = normalise(task.produces, result.output_data ?? {}, input)
  const checked = checkResult(task.produces, content, input)
  if (!checked.valid) return { ok: false, violations: checked.violations }
  return {
    ok: true,
    produced: {
      content: checked.content,
      draft: false,
      generated_by: 'agent',
      quality_score: result.quality_score ?? checked.score,
      warnings: [...(result.warnings ?? []), ...warnings, ...checked.findings],
      resource_usage: result.resource_usage ?? {},
    },
  }
}
