import { approval } from './approval.ts'
import type { StateDef, TaskDef } from './workflow-def.ts'

const script: TaskDef = {
  id: 'dialogue_script',
  agent: 'dialogue_writer',
  after: [],
  produces: 'dialogue_script',
  profile: 'standard',
  purpose: 'Write what every scene says, line by line',
}

const designNewCharacters: TaskDef = {
  id: 'character_designs',
  agent: 'character_designer',
  after: [],
  produces: 'character_designs',
  profile: 'standard',
  fanOut: 'new_character',
  purpose: 'Design the characters that earlier episodes did not have',
}

const common: readonly TaskDef[] = [
  {
    id: 'style_guide',
    agent: 'concept_artist',
    after: [],
    produces: 'style_guide',
    profile: 'standard',
    skipIfInherited: true,
    purpose: 'Fix how the film looks',
  },
  {
    id: 'environment_designs',
    agent: 'environment_designer',
    after: ['style_guide'],
    produces: 'environment_designs',
    profile: 'standard',
    purpose: 'Design every location that has no design yet',
  },
  {
    id: 'costume_designs',
    agent: 'costume_designer',
    after: ['style_guide'],
    produces: 'costume_designs',
    profile: 'full',
    optional: true,
    purpose: 'Dress the characters',
  },
  {
    id: 'prop_designs',
    agent: 'props_master',
    after: ['style_guide'],
    produces: 'prop_designs',
    profile: 'full',
    optional: true,
    purpose: 'List and design the things the scenes need',
  },
  {
    id: 'makeup_designs',
    agent: 'makeup_sfx_designer',
    after: ['style_guide'],
    produces: 'makeup_designs',
    profile: 'full',
    optional: true,
    purpose: 'Design make-up and practical effects',
  },
  {
    id: 'references',
    agent: 'location_scout',
    after: [],
    produces: 'reference_pack',
    profile: 'full',
    optional: true,
    purpose: 'Collect references for the places',
  },
  {
    id: 'storyboard',
    agent: 'storyboard_artist',
    after: ['dialogue_script', 'style_guide'],
    produces: 'storyboard_frames',
    profile: 'short',
    purpose: 'Break every scene into frames',
  },
  {
    id: 'shot_list',
    agent: 'shot_designer',
    after: ['storyboard'],
    produces: 'shot_list',
    profile: 'standard',
    purpose: 'Give every frame its shot',
  },
  {
    id: 'blocking',
    agent: 'scene_director',
    after: ['shot_list'],
    produces: 'blocking_plan',
    profile: 'standard',
    purpose: 'Place and move the characters in every shot',
  },
  {
    id: 'lighting_plan',
    agent: 'cinematographer',
    after: ['shot_list'],
    produces: 'lighting_plan',
    profile: 'full',
    optional: true,
    purpose: 'Light every shot',
  },
  {
    id: 'production_plan',
    agent: 'production_manager',
    after: ['shot_list'],
    produces: 'production_plan',
    profile: 'full',
    optional: true,
    purpose: 'Order the work and estimate it',
  },
  {
    id: 'continuity_check',
    agent: 'continuity',
    after: ['storyboard', 'shot_list'],
    produces: 'continuity_report',
    profile: 'standard',
    purpose: 'Find contradictions between frames, shots and canon',
  },
  {
    id: 'quality_check',
    agent: 'quality_controller',
    after: ['continuity_check'],
    produces: 'quality_report',
    profile: 'standard',
    purpose: 'Judge the plan before money is spent on media',
  },
]

/** State scene_planning (4.5). An episode has its script already and designs only what is new. */
export const scenePlanning = (kind: 'movie' | 'episode'): StateDef => ({
  id: 'scene_planning',
  weight: 20,
  expectedSeconds: 900,
  tasks: [kind === 'movie' ? script : designNewCharacters, ...common],
  points: [
    approval({
      point: 'storyboard_approval',
      enabled: 'approval_listed',
      prompt: 'Is the storyboard ready for production?',
      shows: ['storyboard_frames', 'shot_list', 'continuity_report'],
      revise: { state: 'scene_planning', tasks: ['storyboard'] },
    }),
  ],
  gate: {
    id: 'G3',
    checks: ['frames_cover_scenes', 'frame_ids_valid'],
    standardChecks: ['planning_scores'],
    onFail: { repeat: 'storyboard', max: 2, exhausted: 'quality_override' },
  },
})
