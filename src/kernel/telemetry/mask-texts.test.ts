import { expect, it } from 'vitest'
import { maskTexts } from './mask-texts.ts'

it('masks texts at any depth, and leaves numbers, dates, bytes and the original alone', () => {
  const at = new Date(0)
  const bytes = new Uint8Array([1])
  const given = { a: 'hush', b: [{ c: 'a hush b', n: 1, at, bytes, none: null }], m: new Map([['k', 'hush']]) }
  const masked = maskTexts((text) => text.replaceAll('hush', '***'), given)
  expect(masked).toEqual({ a: '***', b: [{ c: 'a *** b', n: 1, at, bytes, none: null }], m: new Map([['k', '***']]) })
  expect(masked.b[0]!.at).toBe(at)
  expect(given.a).toBe('hush')
})
