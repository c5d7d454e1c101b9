import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SubTask } from '../schema.ts'
import { decomposeAfterFailure, decomposeByRules, fallbackDecomposition } from './decompose-by-rules.ts'
import { readDecomposition } from './read-answer.ts'

const ids = () => {
  let n = 0
  return () => `subtask_${(++n).toString(16).padStart(12, '0')}`
}
const WORDS =
  'fetch data from API|analyze trends|create report|scrape website|then|and|, |; |. |\n1. |\n- |independently|combine results|calculate 2 + 2|store in database|"quoted, and then"|SELECT 1; |finally|https://a.b/c?d=e,f|5! |(and build)'.split(
    '|',
  )
/** Texts of the words that rules look for, and any other text. */
const jobs = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 40 }).map((words) => words.join(' ')),
  fc.string({ minLength: 10, maxLength: 400, unit: 'grapheme' }),
)

/** What 3.1.2 demands of every subtask list, whoever made it. */
function expectSound(subtasks: SubTask[]) {
  expect(subtasks.length).toBeGreaterThanOrEqual(1)
  expect(subtasks.length).toBeLessThanOrEqual(200)
  const known = new Set(subtasks.map(({ id }) => id))
  expect(known.size).toBe(subtasks.length)
  for (const subtask of subtasks) {
    expect(SubTask.safeParse(subtask).error).toBeUndefined()
    for (const dependency of subtask.dependencies) expect(known.has(dependency) && dependency !== subtask.id).toBe(true)
  }
  // Something is always ready until everything is done: no cycle.
  const done = new Set<string>()
  for (let left = [...subtasks]; left.length > 0; ) {
    const ready = left.filter(({ dependencies }) => dependencies.every((id) => done.has(id)))
    expect(ready.length).toBeGreaterThan(0)
    for (const { id } of ready) done.add(id)
    left = left.filter(({ id }) => !done.has(id))
  }
}

describe('splitting any text', () => {
  it('by rules gives a sound list, the same for the same text', () => {
    fc.assert(
      fc.property(jobs, (text) => {
        const first = decomposeByRules(text, ids())
        expectSound(first.subtasks)
        expect(decomposeByRules(text, ids())).toEqual(first)
      }),
      { numRuns: 300 },
    )
  })

  it('without usable steps falls back to one subtask with all capabilities', () => {
    fc.assert(
      fc.property(jobs, (text) => {
        expectSound(fallbackDecomposition(text, ids()).subtasks)
        const after = decomposeAfterFailure(text, ids(), 'the model failed')
        expectSound(after.subtasks)
        if (after.subtasks.length === 1 && after.subtasks[0]!.required_capabilities.length === 6)
          expect(after.method).toBe('fallback')
      }),
    )
  })

  it('a model answers: whatever it says becomes a sound list or nothing', () => {
    const item = fc.oneof(
      fc.anything(),
      fc.record(
        {
          description: fc.oneof(fc.string(), fc.anything()),
          required_capabilities: fc.array(
            fc.oneof(fc.constantFrom('data_analysis', 'web_scraping', 'magic'), fc.anything()),
          ),
          dependencies: fc.array(fc.integer({ min: -2, max: 12 })),
          priority: fc.oneof(fc.integer(), fc.double(), fc.string()),
          estimated_duration: fc.oneof(fc.integer(), fc.constant(null), fc.string()),
          input_data: fc.anything(),
        },
        { requiredKeys: [] },
      ),
    )
    fc.assert(
      fc.property(fc.array(item, { maxLength: 12 }), fc.string(), fc.string(), (items, before, after) => {
        const answer = `${before}\n${JSON.stringify(items) ?? ''}\n${after}`
        const read = readDecomposition(answer, 'Plan the summer party of the office', ids())
        if (read) expectSound(read.subtasks)
      }),
      { numRuns: 300 },
    )
  })
})
