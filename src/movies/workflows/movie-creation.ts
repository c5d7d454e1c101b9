import { approval } from './approval.ts'
import { finalAssembly } from './final-assembly.ts'
import { mediaGeneration } from './media-generation.ts'
import { postProduction } from './post-production.ts'
import { scenePlanning } from './scene-planning.ts'
import type { StateDef, WorkflowDef } from './workflow-def.ts'

const conceptDevelopment: StateDef = {
  id: 'concept_development',
  weight: 10,
  expectedSeconds: 300,
  tasks: [
    {
      id: 'concept_brief',
      agent: 'series_creator',
      after: [],
      produces: 'concept_brief',
      profile: 'short',
      fanOut: 'concept_option',
      purpose: 'Turn the idea into a brief that can be judged',
    },
    {
      id: 'story_arc',
      agent: 'story_architect',
      after: ['concept_brief', 'concept_selection'],
      produces: 'story_arc',
      profile: 'short',
      purpose: 'Build the arc from setup to resolution',
    },
    {
      id: 'research',
      agent: 'research',
      after: ['concept_brief', 'concept_selection'],
      produces: 'research_notes',
      profile: 'full',
      optional: true,
      purpose: 'Collect what the story has to know',
    },
    {
      id: 'world_guide',
      agent: 'world_builder',
      after: ['story_arc'],
      produces: 'world_guide',
      profile: 'standard',
      purpose: 'Describe the world and its rules',
    },
    {
      id: 'scene_list',
      agent: 'episode_breakdown',
      after: ['story_arc'],
      produces: 'scene_list',
      profile: 'short',
      purpose: 'Break the arc into scenes',
    },
    {
      id: 'story_bible',
      agent: 'story_bible',
      after: ['world_guide', 'scene_list'],
      produces: 'story_bible',
      profile: 'standard',
      purpose: 'Write down what is true in this story',
    },
    {
      id: 'compliance_precheck',
      agent: 'legal_compliance',
      after: ['story_arc'],
      produces: 'compliance_report',
      profile: 'full',
      optional: true,
      purpose: 'Check concept and arc against the rating',
    },
  ],
  points: [
    {
      point: 'concept_selection',
      after: ['concept_brief'],
      enabled: 'interactive_concept',
      prompt: 'Which of the four concepts shall become the film?',
      shows: [],
      branches: {
        option_1: { to: 'next' },
        option_2: { to: 'next' },
        option_3: { to: 'next' },
        option_4: { to: 'next' },
        regenerate: { to: 'repeat', state: 'concept_development', tasks: ['concept_brief'], limited: false },
      },
    },
    approval({
      point: 'story_approval',
      enabled: 'always',
      prompt: 'Is this the story to film?',
      shows: ['concept_brief', 'story_arc', 'scene_list'],
      revise: { state: 'concept_development', tasks: ['story_arc'] },
    }),
  ],
  gate: {
    id: 'G1',
    checks: ['schemas', 'conflict_in_arc', 'scene_limits'],
    standardChecks: ['story_quality'],
    onFail: { repeat: 'story_arc', max: 2, exhausted: 'quality_override' },
  },
}

const characterCreation: StateDef = {
  id: 'character_creation',
  weight: 15,
  expectedSeconds: 600,
  tasks: [
    {
      id: 'character_profiles',
      agent: 'character_creator',
      after: [],
      produces: 'character_profiles',
      profile: 'short',
      purpose: 'Create the people of the story',
    },
    {
      id: 'character_designs',
      agent: 'character_designer',
      after: ['character_profiles'],
      produces: 'character_designs',
      profile: 'standard',
      fanOut: 'character',
      purpose: 'Design how one character looks',
    },
    {
      id: 'voice_profiles',
      agent: 'voice_creator',
      after: ['character_profiles'],
      produces: 'voice_profiles',
      profile: 'standard',
      fanOut: 'character',
      purpose: 'Give one character a voice',
    },
    {
      id: 'character_arcs',
      agent: 'character_arc_manager',
      after: ['character_profiles'],
      produces: 'character_arcs',
      profile: 'standard',
      purpose: 'Follow every character through the scenes',
    },
    {
      id: 'cast_list',
      agent: 'casting_director',
      after: ['character_profiles'],
      produces: 'cast_list',
      profile: 'full',
      optional: true,
      purpose: 'Match the characters with archetypes',
    },
    {
      id: 'voice_library',
      agent: 'voice_library_manager',
      after: ['voice_profiles', 'character_arcs'],
      produces: 'voice_library',
      profile: 'full',
      always: true,
      purpose: 'Keep the voices for all workflows of the project',
    },
  ],
  points: [
    approval({
      point: 'character_approval',
      enabled: 'approval_listed',
      prompt: 'Are these the people of the film?',
      shows: ['character_profiles', 'character_designs', 'character_arcs'],
      revise: { state: 'character_creation', tasks: ['character_profiles'] },
    }),
  ],
  gate: {
    id: 'G2',
    checks: ['cast_size', 'unique_names', 'scene_characters_known'],
    onFail: { repeat: 'character_profiles', max: 1, exhausted: 'warning' },
  },
}

/** Workflow movie_creation (contract 4.5): from an idea to a delivered film. */
export const movieCreation: WorkflowDef = {
  type: 'movie_creation',
  title: 'Movie creation',
  states: [
    conceptDevelopment,
    characterCreation,
    scenePlanning('movie'),
    mediaGeneration,
    postProduction('standard'),
    finalAssembly('movie'),
  ],
  deliverables: [
    { name: 'story_bible', profile: 'short', insteadOf: 'story_arc' },
    { name: 'character_profiles', profile: 'short' },
    { name: 'storyboard_frames', profile: 'short' },
    { name: 'dialogue_script', profile: 'standard' },
    { name: 'video_segments', profile: 'short' },
    { name: 'audio_mix', profile: 'standard' },
    { name: 'subtitles', profile: 'standard' },
    { name: 'final_edit', profile: 'short' },
    { name: 'qc_report', profile: 'short' },
    { name: 'distribution_record', profile: 'short' },
    { name: 'marketing_assets', profile: 'full' },
    { name: 'asset_catalog', profile: 'full' },
    { name: 'cost_report', profile: 'full' },
  ],
  inherits: ['voice_library'],
  prerequisites: [],
}
