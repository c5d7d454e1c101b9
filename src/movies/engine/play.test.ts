import { expect, test } from 'vitest'
import { Play } from './_play.ts'

test('a short movie in automatic mode passes its six states in order and completes', () => {
  const play = new Play({ custom_parameters: { decision_mode: 'auto' } }).run()
  expect(play.state.error_details).toBeNull()
  expect(play.state.status).toBe('completed')
  expect(play.state.completed_states).toEqual([
    'concept_development',
    'character_creation',
    'scene_planning',
    'media_generation',
    'post_production',
    'final_assembly',
  ])
  expect(play.state.progress).toBe(100)
})
