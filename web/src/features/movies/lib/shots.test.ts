import { describe, expect, it } from 'vitest'
import type * as M from '../../../../../src/movies/schema.ts'
import { marksFeedback, shotAt, shotsOf } from './shots.ts'

const frame = (id: string, scene: number) => ({
  frame_id: id,
  scene_number: scene,
  shot_order: 1,
  description: id,
  camera_notes: 'wide',
  characters_present: [],
})
const task = (index: number, status: string, created: string) =>
  ({
    task_type: 'frames',
    fan_out: { of: 'storyboard_frames', index, count: 2 },
    status,
    created_at: created,
    quality_score: 70,
    error_message: status === 'failed' ? 'out of memory' : null,
  }) as unknown as M.TaskResponse
const sources = {
  storyboard: { frames: [frame('SCENE_1_SHOT_1', 1), frame('SCENE_1_SHOT_2', 1)] } as unknown as M.StoryboardFrames,
  frames: {
    frames: [{ frame_id: 'SCENE_1_SHOT_1', image_url: '/a.png', quality_score: 88 }],
    failed_frames: [],
  } as unknown as M.GeneratedFrames,
  segments: {
    segments: [
      { segment_id: 'SEGMENT_1', associated_frames: ['SCENE_1_SHOT_1', 'SCENE_1_SHOT_2'], duration_seconds: 6 },
    ],
  } as unknown as M.VideoSegments,
  edit: {
    edit_timeline: [{ segment_id: 'SEGMENT_1', start_time: 10, end_time: 16, transition_out: 'hard_cut' }],
  } as unknown as M.Edit,
  shotList: undefined,
  tasks: [task(1, 'failed', '2025-01-02'), task(0, 'completed', '2025-01-01')],
}

describe('the shots of a production', () => {
  it('joins picture, takes and place in the cut', () => {
    const [first, second] = shotsOf(sources)
    expect(first).toMatchObject({
      image: '/a.png',
      score: 88,
      seconds: 3,
      from: 10,
      status: 'done',
      segment: 'SEGMENT_1',
    })
    expect(second).toMatchObject({ status: 'failed', error: 'out of memory', from: 13 })
  })
  it('finds the shot on screen at a second', () => {
    const shots = shotsOf(sources)
    expect(shotAt(shots, 12.9)?.id).toBe('SCENE_1_SHOT_1')
    expect(shotAt(shots, 13)?.id).toBe('SCENE_1_SHOT_2')
    expect(shotAt(shots, 9)).toBeUndefined()
  })
  it('is a storyboard without pictures before any are made', () => {
    expect(
      shotsOf({ ...sources, frames: undefined, segments: undefined, edit: undefined, tasks: [] })[0],
    ).toMatchObject({ status: 'draft', image: undefined })
  })
  it('says what to make again and what is fine', () => {
    expect(marksFeedback({ A: { verdict: 'redo', note: 'darker' }, B: { verdict: 'approved' } })).toBe(
      'Redo A: darker\n1 shot is approved.',
    )
    expect(marksFeedback({})).toBe('')
  })
})
