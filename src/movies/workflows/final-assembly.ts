import type { StateDef, TaskDef } from './workflow-def.ts'

const movieTasks: readonly TaskDef[] = [
  {
    id: 'compliance_final',
    agent: 'legal_compliance',
    after: [],
    produces: 'compliance_report',
    profile: 'full',
    optional: true,
    purpose: 'Check the finished film against its rating',
  },
]
const marketing: TaskDef = {
  id: 'marketing',
  agent: 'marketing_asset',
  after: ['final_approval'],
  produces: 'marketing_assets',
  profile: 'full',
  optional: true,
  purpose: 'Make trailer, clips, stills and captions',
}
const bibleUpdate: TaskDef = {
  id: 'bible_update',
  agent: 'story_bible',
  after: ['distribution'],
  produces: 'story_bible',
  profile: 'short',
  always: true,
  purpose: 'Write what the episode established into the story bible',
}

/** State final_assembly (4.5, 4.6): quality control, approval, delivery. */
export const finalAssembly = (kind: 'movie' | 'episode'): StateDef => ({
  id: 'final_assembly',
  weight: 5,
  expectedSeconds: 300,
  tasks: [
    {
      id: 'final_qc',
      agent: 'quality_control',
      after: [],
      produces: 'qc_report',
      profile: 'short',
      purpose: 'Check the finished film technically',
    },
    ...(kind === 'movie' ? movieTasks : []),
    {
      id: 'distribution',
      agent: 'distribution',
      after: ['final_approval'],
      produces: 'distribution_record',
      profile: 'short',
      purpose: 'Publish the film and record where it is',
    },
    kind === 'movie' ? marketing : bibleUpdate,
  ],
  points: [
    {
      point: 'final_approval',
      after: ['final_qc'],
      enabled: 'always',
      prompt: 'The film passed quality control. May it be delivered?',
      shows: ['final_edit', 'qc_report'],
      branches: {
        approved: { to: 'next' },
        revise_edit: { to: 'repeat', state: 'post_production', tasks: ['rough_cut'], limited: true },
        regenerate_media: { to: 'repeat', state: 'media_generation', tasks: ['frames', 'segments'], limited: true },
        rejected: { to: 'cancelled' },
      },
    },
  ],
  qc: {
    after: 'final_qc',
    segments: { state: 'media_generation', max: 1 },
    other: { state: 'post_production', task: 'rough_cut', max: 2 },
  },
  gate: { id: 'G6', checks: ['deliverables_ready'], onFail: { repeat: null, max: 0, exhausted: 'fail' } },
})
