import { z } from 'zod'
import { ARTIFACT_TYPES, InstructionLevel, LifecycleState } from '../schema.ts'
import type { AgentSheet } from './instructions.ts'
import type { TurnInput, TurnOutput } from './turn.ts'

/** An agent beside the five: its declaration, when it works, and its craft. One file of a specialists folder exports it as default. */
export type Specialist = AgentSheet & {
  /** What it is called in routing and as `requesting_agent`. */
  short_name: string
  /** The state it works in, after the agents of that state; `from` is the lowest level that calls it. */
  works: { in: 'Initiate' | 'Plan' | 'Research' | 'Budget' | 'Logistics'; from: InstructionLevel }
  /** Its work without a model. Pure: the same input gives the same output. */
  craft(input: TurnInput): TurnOutput
}
export const defineSpecialist = (specialist: Specialist): Specialist => specialist

const words = z.array(z.string().min(1))
const Level = z.object({
  objectives: words.min(1),
  inputs: words,
  outputs: z.array(z.object({ artifact: z.enum([...ARTIFACT_TYPES, 'catering']), minimum: z.int().min(1) })),
  constraints: words,
  error_handling: words,
  text: z.string().min(1),
})
const Declared = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{2,40}$/, 'lower-case words with -'),
  short_name: z.string().regex(/^[a-z]{3,20}$/, 'one lower-case word'),
  display_name: z.string().min(1),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version like 1.0.0'),
  purpose: z.string().min(1),
  capabilities: words.min(1),
  inputs: z.array(z.enum(ARTIFACT_TYPES)),
  outputs: z.array(z.enum(ARTIFACT_TYPES)),
  tools: words,
  metrics: z.array(
    z.object({ name: z.string(), op: z.enum(['lte', 'gte', 'eq']), threshold: z.number(), unit: z.string() }),
  ),
  instruction_sets: z.object({ Beginner: Level, Intermediate: Level, Advanced: Level }),
  compatibility: z.string().min(1),
  tests: words.min(1, 'names no tests: an extension brings tests'),
  works: z.object({ in: LifecycleState.exclude(['Confirm', 'Execute', 'Postmortem']), from: InstructionLevel }),
  craft: z.custom<Specialist['craft']>((value) => typeof value === 'function', 'must be a function'),
})

/** What is wrong with a declaration, each with its field; empty when nothing is. */
export function checkSpecialist(value: unknown): string[] {
  const parsed = Declared.safeParse(value)
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'default export'}: ${message}`)
}
