import type { Profile } from '../schema.ts'
import type { StateDef } from './workflow-def.ts'

/** State post_production (4.5). An episode delivers subtitles in every profile. */
export const postProduction = (subtitlesFrom: Profile): StateDef => ({
  id: 'post_production',
  weight: 15,
  expectedSeconds: 900,
  tasks: [
    {
      id: 'rough_cut',
      agent: 'video_editor',
      after: [],
      produces: 'rough_cut',
      profile: 'short',
      purpose: 'Assemble the segments in scene order',
    },
    {
      id: 'composite',
      agent: 'compositor',
      after: ['rough_cut'],
      produces: 'composite',
      profile: 'full',
      optional: true,
      purpose: 'Put the effects into the cut',
    },
    {
      id: 'graded_edit',
      agent: 'color_grader',
      after: ['composite', 'rough_cut'],
      produces: 'graded_edit',
      profile: 'full',
      optional: true,
      purpose: 'Grade the colours of the best picture edit',
    },
    {
      id: 'audio_mix',
      agent: 'audio_mixer',
      after: ['rough_cut'],
      produces: 'audio_mix',
      profile: 'standard',
      purpose: 'Mix dialogue, music, effects and foley to the length of the picture',
    },
    {
      id: 'subtitles',
      agent: 'subtitle_caption',
      after: ['rough_cut'],
      produces: 'subtitles',
      profile: subtitlesFrom,
      purpose: 'Time the lines to the cut',
    },
    {
      id: 'final_edit',
      agent: 'video_editor',
      after: ['rough_cut', 'composite', 'graded_edit', 'audio_mix', 'subtitles'],
      produces: 'final_edit',
      profile: 'short',
      purpose: 'Join the best picture edit with mix and subtitles',
    },
    {
      id: 'script_report',
      agent: 'script_supervisor',
      after: ['final_edit'],
      produces: 'script_report',
      profile: 'full',
      optional: true,
      purpose: 'Compare the film with the script',
    },
  ],
  points: [],
  gate: {
    id: 'G5',
    checks: ['edit_duration', 'edit_order', 'audio_length', 'edit_checksum'],
    onFail: { repeat: 'rough_cut', max: 2, exhausted: 'quality_override' },
  },
})
