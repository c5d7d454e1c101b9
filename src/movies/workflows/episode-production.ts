import { approval } from './approval.ts'
import { finalAssembly } from './final-assembly.ts'
import { mediaGeneration } from './media-generation.ts'
import { postProduction } from './post-production.ts'
import { scenePlanning } from './scene-planning.ts'
import type { StateDef, WorkflowDef } from './workflow-def.ts'

const episodePlanning: StateDef = {
  id: 'episode_planning',
  weight: 10,
  expectedSeconds: 300,
  tasks: [
    {
      id: 'episode_outline',
      agent: 'episode_breakdown',
      after: [],
      produces: 'episode_outline',
      profile: 'short',
      purpose: 'Outline the episode and its scenes',
    },
    {
      id: 'canon_check',
      agent: 'story_bible',
      after: ['episode_outline'],
      produces: 'story_bible',
      profile: 'short',
      always: true,
      purpose: 'Compare the outline with what is already true',
    },
    {
      id: 'arc_update',
      agent: 'character_arc_manager',
      after: ['episode_outline'],
      produces: 'character_arcs',
      profile: 'short',
      always: true,
      purpose: 'Carry the characters through this episode',
    },
  ],
  points: [
    approval({
      point: 'outline_approval',
      enabled: 'always',
      prompt: 'Is this the episode to produce?',
      shows: ['episode_outline', 'story_bible', 'character_arcs'],
      revise: { state: 'episode_planning', tasks: ['episode_outline'] },
    }),
  ],
  gate: {
    id: 'outline gate',
    checks: ['schemas', 'scene_limits', 'canon_clean'],
    onFail: { repeat: 'episode_outline', max: 1, exhausted: 'quality_override' },
  },
}

const scriptWriting: StateDef = {
  id: 'script_writing',
  weight: 15,
  expectedSeconds: 600,
  tasks: [
    {
      id: 'dialogue_script',
      agent: 'dialogue_writer',
      after: [],
      produces: 'dialogue_script',
      profile: 'short',
      purpose: 'Write what every scene says, line by line',
    },
    {
      id: 'script_review',
      agent: 'script_supervisor',
      after: ['dialogue_script'],
      produces: 'script_report',
      profile: 'short',
      purpose: 'Judge the script',
    },
    {
      id: 'research',
      agent: 'research',
      after: [],
      produces: 'research_notes',
      profile: 'short',
      optional: true,
      purpose: 'Collect what the episode has to know',
    },
  ],
  points: [],
  gate: {
    id: 'script gate',
    checks: ['script_score', 'scenes_have_lines'],
    onFail: { repeat: 'dialogue_script', max: 2, exhausted: 'quality_override' },
  },
}

/** Workflow episode_production (contract 4.6): one episode of a project that has its story and its people. */
export const episodeProduction: WorkflowDef = {
  type: 'episode_production',
  title: 'Episode production',
  states: [
    episodePlanning,
    scriptWriting,
    scenePlanning('episode'),
    mediaGeneration,
    postProduction('short'),
    finalAssembly('episode'),
  ],
  deliverables: [
    { name: 'episode_outline', profile: 'short' },
    { name: 'dialogue_script', profile: 'short' },
    { name: 'storyboard_frames', profile: 'short' },
    { name: 'video_segments', profile: 'short' },
    { name: 'final_edit', profile: 'short' },
    { name: 'subtitles', profile: 'short' },
    { name: 'qc_report', profile: 'short' },
    { name: 'distribution_record', profile: 'short' },
  ],
  inherits: [
    'concept_brief',
    'story_arc',
    'character_profiles',
    'story_bible',
    'world_guide',
    'character_designs',
    'character_arcs',
    'voice_profiles',
    'voice_library',
    'style_guide',
    'environment_designs',
  ],
  prerequisites: ['story_arc', 'character_profiles'],
}
