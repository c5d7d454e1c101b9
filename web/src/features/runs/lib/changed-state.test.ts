import { describe, expect, it } from 'vitest'
import { changedState } from './changed-state.ts'

describe('an edited state', () => {
  it('sends only the parts that were changed', () => {
    expect(changedState('{"a":1,"b":{"c":2},"d":3}', '{"a":1,"b":{"c":4},"e":5}')).toEqual({
      ok: true,
      patch: { b: { c: 4 }, d: null, e: 5 },
    })
  })
  it('says what is wrong with it', () => {
    expect(changedState('{}', '{')).toMatchObject({ ok: false, problem: expect.stringContaining('Not valid JSON') })
    expect(changedState('{}', '[]')).toEqual({ ok: false, problem: 'Must be a JSON object' })
  })
})
