/** The states of each kind of production, in order, as its contract names them. */
export const STATES_OF: Record<string, readonly string[]> = {
  movie_creation: [
    'concept_development',
    'character_creation',
    'scene_planning',
    'media_generation',
    'post_production',
    'final_assembly',
  ],
  episode_production: [
    'episode_planning',
    'script_writing',
    'scene_planning',
    'media_generation',
    'post_production',
    'final_assembly',
  ],
  character_development: [
    'character_concept',
    'character_design',
    'voice_design',
    'arc_development',
    'character_review',
  ],
}

export const words = (value: string) => {
  const spaced = value.replace(/_/g, ' ')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** The state a decision of that point is about, and the artifacts to judge it by. */
export const EVIDENCE: Record<string, readonly string[]> = {
  concept_selection: ['concept_brief'],
  story_approval: ['concept_brief', 'story_arc', 'scene_list'],
  outline_approval: ['episode_outline'],
  character_approval: ['character_profiles', 'character_designs'],
  storyboard_approval: ['storyboard_frames'],
  media_failure: ['generated_frames', 'video_segments'],
  final_approval: ['qc_report', 'final_edit'],
}
export const pointOf = (decisionId: string) => decisionId.replace(/_\d+$/, '')

const LABELS: Record<string, string> = {
  approved: 'Approve',
  revise: 'Ask for a revision',
  rejected: 'Reject and cancel the production',
  revise_edit: 'Cut it again',
  regenerate_media: 'Make all pictures again',
  regenerate: 'Four new concepts',
  retry: 'Try again',
  continue: 'Go on without',
  abort: 'Stop the production',
  skip: 'Skip this task',
  accept: 'Accept as it is',
  reduce_quality: 'Go on in lower quality',
}
export const optionLabel = (option: string) => LABELS[option] ?? words(option)
/** Choices that end the production or throw work away ask once more. */
export const isDrastic = (option: string) => /^(rejected|abort|regenerate_media)$/.test(option)
