import type { z } from 'zod'
import type { Ctx } from '../context.ts'

/** What a craft may use: who asks, a seeded random source and the time, so that the same input gives the same output. */
export type CraftContext = { ctx: Ctx; now: Date; random: () => number }

export type CheckFinding = { code: string; message: string; field?: string }

/**
 * One agent: its job by schema, its words for a model, and its craft, the deterministic way it works without one. A model's
 * answer must fit `output` and pass `check`; otherwise it is repaired once, then the craft takes over.
 */
export type AgentDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  id: string
  title: string
  domain: string
  capabilities: readonly string[]
  input: I
  output: O
  /** By level of experience where the contract has levels; `default` otherwise. */
  instructions: Readonly<Record<string, string>>
  tools?: readonly string[]
  craft(input: z.output<I>, craft: CraftContext): Promise<z.output<O>> | z.output<O>
  /** An independent reviewer of the output, model-made or crafted. */
  check?(input: z.output<I>, output: z.output<O>): readonly CheckFinding[]
}

export const defineAgent = <I extends z.ZodType, O extends z.ZodType>(
  definition: AgentDefinition<I, O>,
): AgentDefinition<I, O> => definition
