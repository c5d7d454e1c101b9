import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import type { Budget } from '../models/budget.ts'
import { models } from '../models/part.ts'
import type { Delta, Material, ModelProfile, Usage } from '../models/types.ts'
import type { AgentDefinition } from './definition.ts'

export type PerformOptions = {
  /** Level of experience: which instructions. Default `default`. */
  level?: string
  profile: ModelProfile
  budget?: Budget
  signal?: AbortSignal
  onDelta?: (delta: Delta) => void
  /** Same seed, same craft. Default: the input. */
  seed?: string
  assignmentId?: string
}

export type Performed<T> = {
  output: T
  /** What was made without a model says so. */
  source: 'model' | 'craft'
  /** Why the craft worked although a model is configured. */
  reason?: { code: string; message: string }
  usage: Usage
}

/** mulberry32 over the first 32 bits of a SHA-256: the same text gives the same sequence. */
export function seededRandom(seed: string): () => number {
  let a = createHash('sha256').update(seed).digest().readUInt32LE(0)
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * One turn of an agent: by the model when one is configured and its answer fits schema and checks, else by the agent's craft. The
 * input is parsed by the agent's schema first; the craft's output is parsed, too, so that a wrong craft is found at once.
 */
export async function performAgent<I extends z.ZodType, O extends z.ZodType>(
  ctx: Ctx,
  agent: AgentDefinition<I, O>,
  given: z.input<I>,
  options: PerformOptions,
): Promise<Performed<z.output<O>>> {
  const input = agent.input.parse(given)
  const gateway = ctx.kernel.use(models)
  const { level = 'default' } = options
  const check = agent.check
  const generated = await gateway.generate<z.output<O>>({
    role: agent.title,
    instructions: agent.instructions[level] ?? agent.instructions['default'] ?? '',
    input: input as Material,
    schema: agent.output as unknown as z.ZodType<z.output<O>>,
    profile: options.profile,
    ...(check
      ? {
          check: (value: z.output<O>) =>
            check(input, value).map((finding) => `${finding.field ? `${finding.field}: ` : ''}${finding.message}`),
        }
      : {}),
    ...(options.budget ? { budget: options.budget } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onDelta ? { onDelta: options.onDelta } : {}),
    craft: async () =>
      agent.output.parse(
        await agent.craft(input, {
          ctx,
          now: new Date(ctx.kernel.clock.now()),
          random: seededRandom(options.seed ?? JSON.stringify(input)),
        }),
      ) as z.output<O>,
  })
  return {
    output: generated.value,
    source: generated.source,
    ...(generated.reason && gateway.status().configured
      ? { reason: { code: generated.reason.code, message: generated.reason.message } }
      : {}),
    usage: generated.usage,
  }
}
