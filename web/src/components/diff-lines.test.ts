import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparable, diffLines } from './diff-lines.ts'

const side = (lines: ReturnType<typeof diffLines>, other: 'old' | 'new') =>
  lines.filter((line) => line.kind !== other).map((line) => line.text)

describe('line by line comparison', () => {
  it('keeps both texts whole, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before.join('\n'), after.join('\n'))
        expect(side(lines, 'new')).toEqual(before)
        expect(side(lines, 'old')).toEqual(after)
      }),
    )
  })
  it('marks only what changed', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc').map((line) => `${line.kind} ${line.text}`)).toEqual([
      'same a',
      'old b',
      'new x',
      'same c',
    ])
  })
  it('does not care in which order keys come', () => {
    expect(comparable({ b: 1, a: { d: 2, c: 3 } })).toBe(comparable({ a: { c: 3, d: 2 }, b: 1 }))
  })
})
