import { z } from 'zod'
import { ASPECT_RATIOS, DECISION_POINTS, DRAFT_MODES, PROFILES, QUALITIES } from './enums.ts'

/** `custom_parameters` (contract 4.9). Unknown keys are kept and passed to agents; known keys with bad values are 400. */
export const CharacterSeed = z.union([
  z.looseObject({ name: z.string().trim().min(1).max(200) }),
  z
    .string()
    .trim()
    .min(1)
    .max(200)
    .transform((name) => ({ name })),
])

export const CustomParameters = z.looseObject({
  decision_mode: z.enum(['interactive', 'auto']).optional(),
  decision_timeout_hours: z.number().min(1).max(720).optional(),
  on_decision_timeout: z.enum(['hold', 'default_choice']).optional(),
  approval_points: z.array(z.enum(DECISION_POINTS)).optional(),
  interactive_concept: z.boolean().optional(),
  profile: z.enum(PROFILES).optional(),
  aspect_ratio: z.enum(ASPECT_RATIOS).optional(),
  resolution: z
    .string()
    .regex(/^[1-9]\d{1,4}x[1-9]\d{1,4}$/, 'must be {width}x{height}, for example 1280x720')
    .optional(),
  fps: z.int().min(1).max(120).optional(),
  quality: z.enum(QUALITIES).optional(),
  quality_threshold: z.number().min(0).max(100).optional(),
  draft_agents: z.enum(DRAFT_MODES).optional(),
  creative_guidelines: z
    .looseObject({
      must_include: z.array(z.string()).optional(),
      must_avoid: z.array(z.string()).optional(),
    })
    .optional(),
  artifacts: z.record(z.string(), z.unknown()).optional(),
  episode_number: z.int().min(1).max(50).optional(),
  episode_duration: z.int().min(1).max(21600).optional(),
  character_count: z.int().min(1).max(20).optional(),
  character_traits: z.array(z.string()).optional(),
  relationships: z.boolean().optional(),
  visual_design: z.boolean().optional(),
  voice_design: z.boolean().optional(),
  characters: z.array(CharacterSeed).max(100).optional(),
})
export type CustomParameters = z.infer<typeof CustomParameters>
