import { describe, expect, it } from 'vitest'
import { stableWords } from './stable-words.ts'

const first = stableWords(
  'You are agent_2. Write subtask_9e21c70afab5/result.json of task_261121155136_b5cc470fdd10 on 2026-11-21 (evt-20261121-meetup) <data 0cd12a8afd6e name="result_of_subtask_9e21c70afab5"></data 0cd12a8afd6e>',
  '2026-11-21',
)
const again = stableWords(
  'You are agent_4. Write subtask_0000aaaa1111/result.json of task_270101000000_ffffffffffff on 2027-01-01 (evt-20270101-meetup) <data 111111111111 name="result_of_subtask_0000aaaa1111"></data 111111111111>',
  '2027-01-01',
)

describe('words of a recording', () => {
  it('are the same for the same work on another day with other ids', () => {
    expect(again.stable).toBe(first.stable)
  })
  it('come back as the ids of the new question', () => {
    const kept = first.hide('{"path":"subtask_9e21c70afab5/result.json","event":"evt-20261121-meetup"}')
    expect(kept).not.toMatch(/9e21c70afab5|20261121/)
    expect(again.show(kept)).toBe('{"path":"subtask_0000aaaa1111/result.json","event":"evt-20270101-meetup"}')
  })
  it('stay as they are where nothing in them changes from run to run', () => {
    const text = 'Budget of 500 on 2027-05-12; task_analysis «quoted» plan-of-the-day'
    expect(stableWords(text, '2026-11-21').stable).toBe(text)
    expect(stableWords(text, '2026-11-21').show('«7» stays')).toBe('«7» stays')
  })
})
