import { expect, it } from 'vitest'
import { storableJson } from './storable-json.ts'

it.each<[what: string, value: unknown, kept: unknown]>([
  ['plain values', { a: [1, 'x', null] }, { a: [1, 'x', null] }],
  ['NUL', { a: 'x\0y' }, { a: 'x\ufffdy' }],
  ['the halves of a character', ['a\ud83d', '\ude42b'], ['a\ufffd', '\ufffdb']],
  ['a whole character beside a half', '🙂\ud83d', '🙂\ufffd'],
  ['a key', { 'k\0': 1 }, { 'k\ufffd': 1 }],
  ['what only looks like an escape', 'C:\\u0000 and \\ud83d and \\\\', 'C:\\u0000 and \\ud83d and \\\\'],
  ['other escapes beside NUL', '"\n\t\0\u001f', '"\n\t\ufffd\u001f'],
])('keeps %s', (_what, value, kept) => expect(JSON.parse(storableJson(value))).toEqual(kept))
