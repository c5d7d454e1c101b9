import { z } from 'zod'
import type { Board } from '../artifacts/board.ts'
import { type ArtifactType, type DecisionType, InstructionLevel, InteractionMode, LifecycleState } from '../schema.ts'
import type { Venue } from '../venues/catalogue.ts'

/**
 * One artifact an agent wants written, as the body of its endpoint. `@name` anywhere in a body stands for the id of the draft with that
 * `ref`, known once it is stored. `replaces` names the entry of a list artifact that is revised.
 */
export const Draft = z.object({
  type: z.string(),
  body: z.record(z.string(), z.unknown()),
  ref: z.string().optional(),
  replaces: z.string().optional(),
})
export type Draft = {
  type: ArtifactType
  body: Record<string, unknown>
  ref?: string | undefined
  replaces?: string | undefined
}

export const DecisionDraft = z.object({
  decision_type: z.string(),
  description: z.string(),
  rationale: z.string(),
  alternatives_considered: z.array(
    z.object({
      option: z.string(),
      score: z.number().nullish(),
      pros: z.array(z.string()),
      cons: z.array(z.string()),
      rank: z.number().nullish(),
    }),
  ),
})
export type DecisionDraft = {
  decision_type: DecisionType
  description: string
  rationale: string
  alternatives_considered: {
    option: string
    score?: number | null
    pros: string[]
    cons: string[]
    rank?: number | null
  }[]
}

/** What a catering proposal is until it becomes cost lines, a contract and part of the logistics plan. */
export type CateringProposal = {
  menu_style: 'buffet' | 'plated' | 'cocktail' | 'family_style' | 'stations'
  service_type: 'full_service' | 'drop_off' | 'self_serve'
  cost_per_person: number
  dietary_accommodations: string[]
  sample_menu_items: string[]
  includes_beverages: boolean
  includes_dessert: boolean
  setup_included: boolean
  options?: Record<string, unknown>[]
  daily_menus?: Record<string, unknown>[]
  allergen_matrix?: Record<string, unknown>[]
}

/** What tools brought for this turn. */
export type Found = { venues: Venue[]; weather: string | null; suppliers: { name: string; url: string }[] }

export const TurnInput = z.object({
  agent: z.string(),
  level: InstructionLevel,
  mode: InteractionMode,
  phase: LifecycleState,
  /** Which part of its work: an agent may have several turns in a phase. */
  task: z.string(),
  board: z.custom<Board>(),
  catering: z.custom<CateringProposal>().nullable(),
  /** What people said in this run, oldest first. */
  answers: z.array(z.object({ question: z.string(), answer: z.string() })),
  notes: z.array(z.string()),
  /** Whether this turn may put a question to a person. */
  may_ask: z.boolean(),
  found: z.custom<Found>(),
})
export type TurnInput = z.output<typeof TurnInput>

const words = (text: string) => text.trim().split(/\s+/).length
export const TurnOutput = z
  .object({
    summary: z.string().refine((text) => words(text) <= 200, 'must have at most 200 words'),
    next_agent: z.string().max(40).nullable().default(null),
    user_input_needed: z.boolean().default(false),
    user_prompt: z.string().nullable().default(null),
    options: z.array(z.string()).optional(),
    /** The fact of the event that the answer settles. */
    fact: z.enum(['head count', 'budget', 'place', 'date', 'diets']).optional(),
    artifacts: z.array(Draft).default([]),
    decisions: z.array(DecisionDraft).default([]),
    catering: z.record(z.string(), z.unknown()).nullable().default(null),
  })
  .refine(({ user_input_needed, user_prompt }) => !user_input_needed || Boolean(user_prompt?.trim()), {
    message: 'user_prompt is required when user input is needed',
    path: ['user_prompt'],
  })
export type TurnOutput = {
  summary: string
  /** Short name of who should go on; null when the work is done. */
  next_agent: string | null
  user_input_needed: boolean
  user_prompt: string | null
  options?: string[]
  fact?: 'head count' | 'budget' | 'place' | 'date' | 'diets'
  artifacts: Draft[]
  decisions: DecisionDraft[]
  catering: CateringProposal | null
}

/** A finished turn with nothing asked. */
export const turn = (summary: string, artifacts: Draft[], more: Partial<TurnOutput> = {}): TurnOutput => ({
  summary,
  next_agent: null,
  user_input_needed: false,
  user_prompt: null,
  artifacts,
  decisions: [],
  catering: null,
  ...more,
})

export const isAtLeast = (level: InstructionLevel, floor: InstructionLevel): boolean =>
  InstructionLevel.options.indexOf(level) >= InstructionLevel.options.indexOf(floor)

/** A turn that ends in one question and nothing else. */
export const question = (summary: string, prompt: string, options?: string[]): TurnOutput =>
  turn(summary, [], { user_input_needed: true, user_prompt: prompt, ...(options ? { options } : {}) })

/** What a person answered to the question with these first words; undefined when it was not asked. */
export const answerTo = (input: Pick<TurnInput, 'answers'>, start: string): string | undefined =>
  input.answers.findLast(({ question: asked }) => asked.startsWith(start))?.answer

/** The option an answer means: its number, or words of it; the first when it says neither. */
export function chosenIndex(answer: string, options: readonly string[]): number {
  const number = /\b([1-9])\b/.exec(answer)
  if (number && Number(number[1]) <= options.length) return Number(number[1]) - 1
  const said = answer.trim().toLowerCase()
  const index = options.findIndex(
    (option) =>
      said !== '' && (option.toLowerCase().includes(said) || said.includes(option.toLowerCase().split(' —')[0]!)),
  )
  return Math.max(0, index)
}
