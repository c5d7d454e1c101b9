import { expect, it } from 'vitest'
import { changesOf, shownValue } from './changes.ts'

it('makes changes of filled rows, values as JSON or text', () => {
  expect(
    changesOf([
      { owner: 'global', variable: 'rate', value: '0.1' },
      { owner: 'ada', variable: 'mood', value: 'calm' },
      { owner: 'ada', variable: 'goods', value: '{"grain":3}' },
      { owner: 'bo', variable: 'wealth', value: ' ' },
    ]),
  ).toEqual({ global_state: { rate: 0.1 }, agents: { ada: { mood: 'calm', goods: { grain: 3 } } } })
  expect(changesOf([{ owner: 'bo', variable: 'wealth', value: '' }])).toBeUndefined()
})

it('shows the present value short', () => {
  const world = { agents: { ada: { list: Array(50).fill(1) } }, global_state: { rate: 0.1 } }
  expect(shownValue(world, { owner: 'global', variable: 'rate', value: '' })).toBe('0.1')
  expect(shownValue(world, { owner: 'ada', variable: 'list', value: '' })).toHaveLength(24)
  expect(shownValue(world, { owner: 'nobody', variable: 'x', value: '' })).toBe('–')
})
