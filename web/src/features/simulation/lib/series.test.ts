import { describe, expect, it } from 'vitest'
import type { SimEvent } from '../types.ts'
import { firstDivergence, holdTo, seriesOf, variablesOf } from './series.ts'

const change = (
  turn: number,
  variable_name: string,
  old_value: unknown,
  new_value: unknown,
  agent_id?: string,
): SimEvent => ({
  ...{
    event_id: `${turn}${variable_name}`,
    timestamp: '',
    turn_number: turn,
    event_type: 'STATE',
    simulation_id: 's',
    details: { variable_name, old_value, new_value },
  },
  ...(agent_id ? { agent_id } : {}),
})

describe('histories of variables', () => {
  it('begins with the value before the first change, and the last change of a turn counts', () => {
    const [wealth] = seriesOf([
      change(2, 'wealth', 1000, 990, 'ada'),
      change(2, 'wealth', 990, 1010, 'ada'),
      change(5, 'wealth', 1010, 1000, 'ada'),
    ])
    expect(wealth).toEqual({
      variable: 'wealth',
      agent: 'ada',
      points: [
        { x: 1, y: 1000 },
        { x: 2, y: 1010 },
        { x: 5, y: 1000 },
      ],
    })
  })
  it('takes the initial state, also of variables that never change', () => {
    const series = seriesOf([], {
      turn: 0,
      agents: { ada: { name: 'ada', wealth: 5, mood: 'fine' } },
      global_state: { total: 5, open: true },
    })
    expect(series.map((one) => [one.agent, one.variable, one.points[0]?.y])).toEqual([
      [undefined, 'total', 5],
      [undefined, 'open', 1],
      ['ada', 'wealth', 5],
    ])
  })
  it('puts the liveliest variable first', () => {
    expect(variablesOf(seriesOf([change(1, 'a', 0, 1), change(1, 'b', 0, 1), change(2, 'b', 1, 2)]))).toEqual([
      'b',
      'a',
    ])
  })
  it('keeps a value until the end', () => {
    expect(holdTo(seriesOf([change(1, 'a', 0, 1)]), 9)[0]?.points.at(-1)).toEqual({ x: 9, y: 1 })
  })
  it('finds the first turn at which two runs differ', () => {
    const a = seriesOf([change(1, 'a', 0, 1), change(3, 'a', 1, 2), change(4, 'b', 0, 9)])
    const b = seriesOf([change(1, 'a', 0, 1), change(3, 'a', 1, 2.5), change(4, 'b', 0, 8)])
    expect(firstDivergence(a, b)).toEqual({ turn: 3, name: 'a' })
    expect(firstDivergence(a, a)).toBeUndefined()
  })
  it('does not call it a difference when one run is merely longer', () => {
    const short = seriesOf([change(1, 'a', 0, 1)])
    const long = seriesOf([change(1, 'a', 0, 1), change(8, 'a', 1, 5)])
    expect(firstDivergence(short, long)).toBeUndefined()
  })
})
