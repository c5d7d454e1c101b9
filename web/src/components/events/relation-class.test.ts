import { expect, it } from 'vitest'
import { relationOf } from './relation-class.ts'

it('tells causes and effects of the chosen event', () => {
  const chosen = { id: 'b', causes: ['a'] }
  expect(['a', 'b', 'c', 'd'].map((id) => relationOf(chosen, { id, causes: id === 'c' ? ['b'] : [] }))).toEqual([
    'cause',
    undefined,
    'effect',
    undefined,
  ])
  expect(relationOf(undefined, chosen)).toBeUndefined()
})
