import { expect, it } from 'vitest'
import { conceptOptions, longFacts, shortFacts } from './decision-facts.ts'

it('pairs each concept with the choice that takes it', () => {
  const context = {
    artifacts: {
      concept_options: [{ title: 'A', logline: 'l', core_conflict: 'c', genre_tags: ['drama'] }, { title: 'B' }],
    },
  }
  expect(conceptOptions(context, ['option_1', 'regenerate'])).toEqual([
    { choice: 'option_1', title: 'A', logline: 'l', conflict: 'c', tags: ['drama'] },
  ])
  expect(conceptOptions({ artifacts: ['concept_brief'] }, ['option_1'])).toEqual([])
})

it('leaves out what says nothing', () => {
  expect(shortFacts({ loop_count: 0, qc_status: 'pass', task_id: 't1', artifacts: [], retry_count: 2 })).toEqual([
    ['Qc status', 'pass'],
    ['Retry count', '2'],
  ])
})

it('lists issues and failed work a line each', () => {
  const context = {
    issues: ['x', 'x'],
    failed: [{ task_id: 't', name: 'Frame 2', error: 'refused' }],
    scenes_without_segment: [2],
  }
  expect(longFacts(context)).toEqual([
    { title: 'Issues', lines: ['x'] },
    { title: 'Failed', lines: ['Frame 2: refused'] },
    { title: 'Scenes without segment', lines: ['2'] },
  ])
})
