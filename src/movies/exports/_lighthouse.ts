import { deflateSync } from 'node:zlib'
import type { Production } from './production.ts'

/** A one-pixel PNG, for pictures in tests. */
function onePixel(): Uint8Array {
  const crcTable = Array.from({ length: 256 }, (_, n) => {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    return c >>> 0
  })
  const crc = (bytes: Buffer) => {
    let c = 0xffffffff
    for (const b of bytes) c = crcTable[(c ^ b) & 0xff]! ^ (c >>> 8)
    return (c ^ 0xffffffff) >>> 0
  }
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length, 0)
    body.copy(out, 4)
    out.writeUInt32BE(crc(body), body.length + 4)
    return out
  }
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])
  const data = deflateSync(Buffer.from([0, 30, 60, 90]))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return new Uint8Array(
    Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]),
  )
}

/** The production that the export tests and golden files share. */
export const lighthouse: Production = {
  workflow_id: '7f3a2c1e-0000-4000-8000-000000000001',
  project_id: 'lighthouse',
  title: 'The last lamp',
  description: 'A keeper guards a light that no ship needs any more.',
  genre: 'drama',
  target_duration: 30,
  author: 'R. Example',
  fps: 24,
  width: 1280,
  height: 720,
  artifacts: {
    concept_brief: {
      title: 'The last lamp',
      logline: 'A keeper guards a light that no ship needs any more.',
      genre_tags: ['drama'],
      tone_keywords: ['quiet'],
      core_conflict: 'Mara must put out the light that Tomas wants to keep.',
      validation_notes: [],
    },
    scene_list: {
      scenes: [
        {
          scene_number: 1,
          goal: 'Mara learns that the lighthouse will be closed',
          location: 'Lighthouse lamp room',
          primary_characters: ['Mara', 'Tomas'],
          visual_hook: 'The great lens turns, and dust moves through its beam',
          beat_notes: ['A letter lies open on the rail'],
        },
        {
          scene_number: 2,
          goal: 'Tomas hides the key on the pier',
          location: 'Old pier',
          primary_characters: ['Tomas'],
          visual_hook: 'Waves strike the piles while he kneels',
          beat_notes: [],
          silent: true,
        },
        {
          scene_number: 3,
          goal: 'They light it once more, together',
          location: 'Lighthouse lamp room',
          primary_characters: ['Mara', 'Tomas'],
          visual_hook: 'Two hands on one brass wheel',
          beat_notes: [],
        },
      ],
      continuity_flags: [],
    },
    character_profiles: {
      characters: [
        {
          name: 'Mara',
          role: 'protagonist',
          motivation: 'Mara wants to leave with a clear conscience.',
          visual_signature: 'a yellow raincoat and a short grey braid',
          relationships: ['Tomas: brother'],
          continuity_notes: ['Wears her mother’s watch.'],
        },
        {
          name: 'Tomas',
          role: 'antagonist',
          motivation: 'Tomas wants the light to stay on.',
          visual_signature: 'a knitted cap and a heavy beard',
          relationships: ['Mara: sister'],
          continuity_notes: [],
        },
      ],
      unresolved_references: [],
    },
    character_designs: {
      items: [
        {
          character: 'Mara',
          appearance: 'Wiry, in her fifties.',
          clothing: 'A yellow raincoat.',
          features: ['grey braid'],
          palette: ['#e0b030', '#40484f'],
          image_url: 'design://mara',
        },
      ],
    },
    dialogue_script: {
      scenes: [
        {
          scene_number: 1,
          lines: [
            {
              line_id: 'S1_L1',
              character: 'Mara',
              text: 'They have sent the letter.',
              emotion: 'flat',
              direction: 'without turning',
            },
            { line_id: 'S1_L2', character: 'Tomas', text: 'Then I never read it.', emotion: 'angry', direction: '' },
            { line_id: 'S1_L3', character: 'Tomas', text: 'Do you hear me?', emotion: 'angry', direction: '' },
          ],
        },
        {
          scene_number: 3,
          lines: [
            {
              line_id: 'S3_L1',
              character: 'Mara',
              text: 'Once more. For the ones who still look.',
              emotion: 'warm',
              direction: '',
            },
          ],
        },
      ],
    },
    storyboard_frames: {
      frames: [
        [
          'SCENE_1_SHOT_1',
          1,
          1,
          'Wide of the lamp room, Mara and Tomas small beside the lens.',
          'wide, 24 mm, slow push in',
        ],
        ['SCENE_1_SHOT_2', 1, 2, 'Mara holds the letter; Tomas turns away.', 'medium two-shot, 50 mm, handheld'],
        ['SCENE_2_SHOT_1', 2, 1, 'Tomas kneels at the end of the pier.', 'low wide, 24 mm, locked off'],
        ['SCENE_3_SHOT_1', 3, 1, 'Hands on the brass wheel, the light comes on.', 'close-up, 85 mm, small push in'],
      ].map(([frame_id, scene_number, shot_order, description, camera_notes]) => ({
        frame_id: String(frame_id),
        scene_number: Number(scene_number),
        shot_order: Number(shot_order),
        description: String(description),
        camera_notes: String(camera_notes),
        characters_present: scene_number === 2 ? ['Tomas'] : ['Mara', 'Tomas'],
        lighting_mood: scene_number === 2 ? 'grey daylight' : 'night with one practical lamp',
      })),
      continuity_notes: [],
    },
    shot_list: {
      items: [
        {
          shot_id: 'SHOT_1_1',
          frame_id: 'SCENE_1_SHOT_1',
          angle: 'wide',
          lens: '24 mm',
          movement: 'slow push in',
          duration: 6,
        },
        {
          shot_id: 'SHOT_1_2',
          frame_id: 'SCENE_1_SHOT_2',
          angle: 'medium',
          lens: '50 mm',
          movement: 'handheld',
          duration: 4,
        },
        {
          shot_id: 'SHOT_2_1',
          frame_id: 'SCENE_2_SHOT_1',
          angle: '=low wide',
          lens: '24 mm',
          movement: 'locked off',
          duration: 10,
        },
        {
          shot_id: 'SHOT_3_1',
          frame_id: 'SCENE_3_SHOT_1',
          angle: 'close-up',
          lens: '85 mm',
          movement: 'push in',
          duration: 10,
        },
      ],
    },
    generated_frames: {
      frames: [{ frame_id: 'SCENE_1_SHOT_1', image_url: 'frame://1', provider_metadata: {} }],
      failed_frames: [],
    },
    video_segments: {
      segments: [
        {
          segment_id: 'SEGMENT_1',
          associated_frames: ['SCENE_1_SHOT_1'],
          video_url: 'video://1',
          duration_seconds: 6,
          provider_metadata: {},
        },
        {
          segment_id: 'SEGMENT_2',
          associated_frames: ['SCENE_1_SHOT_2'],
          video_url: 'video://2',
          duration_seconds: 4,
          provider_metadata: {},
        },
        {
          segment_id: 'SEGMENT_3',
          associated_frames: ['SCENE_2_SHOT_1'],
          video_url: 'video://3',
          duration_seconds: 10,
          provider_metadata: {},
        },
        {
          segment_id: 'SEGMENT_4',
          associated_frames: ['SCENE_3_SHOT_1'],
          video_url: 'video://4',
          duration_seconds: 10,
          provider_metadata: {},
        },
      ],
      failed_segments: [],
    },
    final_edit: {
      video_url: 'video://final',
      duration_seconds: 30,
      edit_timeline: [
        { segment_id: 'SEGMENT_1', start_time: 0, end_time: 6, transition_out: 'hard_cut' },
        { segment_id: 'SEGMENT_2', start_time: 6, end_time: 10, transition_out: 'crossfade' },
        { segment_id: 'SEGMENT_3', start_time: 10, end_time: 20, transition_out: 'crossfade' },
        { segment_id: 'SEGMENT_4', start_time: 20, end_time: 30, transition_out: 'fade_out' },
      ],
      checksum: `sha256:${'ab'.repeat(32)}`,
    },
    audio_mix: { audio_url: 'audio://mix', duration: 30, loudness_lufs: -23, peaks: [0.4] },
    qc_report: {
      status: 'pass',
      issues: [{ code: 'DRAFT_MEDIA', severity: 'low', description: 'contains draft media' }],
      recommended_actions: [],
      preview_images: [],
      technical: { duration: 30, codec: 'h264', resolution: '1280x720', fps: 24 },
    },
  },
  record: {
    status: 'completed',
    created_at: '2026-01-01T08:00:00.000Z',
    completed_at: '2026-01-01T08:01:00.000Z',
    completed_states: ['concept_development'],
    draft: true,
    tasks: [
      {
        task_type: 'story_arc',
        state: 'concept_development',
        status: 'completed',
        agent_id: 'story_architect',
        seconds: 1.25,
        retries: 0,
      },
    ],
    decisions: [
      {
        decision_id: 'story_approval_001',
        choice: 'approved',
        actor: 'local',
        automatic: false,
        at: '2026-01-01T08:00:10.000Z',
        feedback: 'Good | clear',
      },
    ],
    artifacts: [{ name: 'story_arc', version: 1, draft: true, generated_by: 'template', sha256: null }],
    warnings: ['One line was shortened.'],
  },
  readFile: async () => onePixel(),
}
