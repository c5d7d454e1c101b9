import { expect, it } from 'vitest'
import { changedKeys } from './changed-keys.ts'

const map = (entries: Record<string, string>) => new Map(Object.entries(entries))

it('tells what changed and what is new', () => {
  expect([...changedKeys(map({ a: '1', b: '1' }), map({ a: '2', b: '1', c: '1' }))]).toEqual(['a', 'c'])
})

it('takes a list that is mostly new for another list', () => {
  const many = map(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`r${i}`, '1'])))
  expect(changedKeys(map({ a: '1' }), many).size).toBe(0)
})
