import type { ContentRating } from '../../schema.ts'

/** Our states in the words of Auto-Movie (contract 2.6.1). */
type Phase = { status: string; phase: string }
const pre = (phase: string): Phase => ({ status: 'pre-production', phase })

const PHASES: Readonly<Record<string, Phase>> = {
  concept_development: pre('story_development'),
  episode_planning: pre('story_development'),
  character_concept: pre('story_development'),
  character_creation: pre('character_creation'),
  character_design: pre('character_creation'),
  arc_development: pre('character_creation'),
  script_writing: pre('character_creation'),
  // Not in the table of the contract: the last look at the characters.
  character_review: pre('character_creation'),
  scene_planning: pre('visual_design'),
  voice_design: pre('audio_design'),
  media_generation: { status: 'production', phase: 'scene_production' },
  post_production: { status: 'post-production', phase: 'post_production' },
  final_assembly: { status: 'post-production', phase: 'final_assembly' },
}

export const phaseOf = (state: string): string => PHASES[state]?.phase ?? 'story_development'

/** What is sent for a workflow: its state decides, its end wins. */
export function projectStatusOf(status: string, state: string): { status: string; currentPhase: string } {
  if (status === 'completed') return { status: 'completed', currentPhase: 'final_assembly' }
  if (status === 'cancelled') return { status: 'on-hold', currentPhase: 'final_assembly' }
  return { status: PHASES[state]?.status ?? 'pre-production', currentPhase: phaseOf(state) }
}

const AUDIENCES: Readonly<Record<string, ContentRating>> = {
  children: 'G',
  family: 'PG',
  teen: 'PG-13',
  adult: 'R',
}
/** Their audience as our rating; a rating they name themselves is taken as it is. */
export function ratingOf(audience: unknown): string | null {
  const said = String(audience ?? '').trim()
  if (['G', 'PG', 'PG-13', 'R', 'NC-17'].includes(said.toUpperCase())) return said.toUpperCase()
  return AUDIENCES[said.toLowerCase()] ?? null
}
