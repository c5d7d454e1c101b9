import { describe, expect, it } from 'vitest'
import { Findings } from '../config/problem.ts'
import { deepFreeze } from '../core/json.ts'
import { acceptState } from './accept-state.ts'
import { changedPaths } from './changed-paths.ts'
import { checkValue } from './check-value.ts'
import { compileDefinitions } from './compile-definition.ts'
import { initialState } from './initial-state.ts'
import { stateFromDisk, stateToDisk } from './state.ts'

function definitionsOf(agent: object, global: object = {}) {
  const findings = new Findings()
  const result = { agent: compileDefinitions(agent, [], findings), global: compileDefinitions(global, [], findings) }
  expect(findings.problems).toEqual([])
  return result
}
const check = (definition: object, value: unknown) => {
  const checked = checkValue(definitionsOf({ x: definition }).agent.get('x')!, value, 'x')
  return checked.problem ? `${checked.problem.path}: ${checked.problem.expected}` : checked.value
}
const list = (item: unknown, more: object = {}) => ({ type: 'list', item_type: item, ...more })
const many = (n: number) => Array.from({ length: n }, (_, i) => i)

describe('values', () => {
  it.each<[string, object, unknown, unknown]>([
    ['float', { type: 'float', default: 0 }, 1.5, 1.5],
    ['float NaN', { type: 'float', default: 0 }, Number.NaN, 'x: a finite number'],
    ['int', { type: 'int', default: 0 }, 3, 3],
    ['numeric text', { type: 'int', default: 0 }, '12', 'x: a finite number'],
    ['true for int', { type: 'int', default: 0 }, true, 'x: a finite number'],
    ['number for bool', { type: 'bool', default: true }, 1, 'x: true or false'],
    ['inclusive bounds', { type: 'int', min: 1, max: 2, default: 1 }, 2, 2],
    ['nullable text', { type: 'str', default: null }, null, null],
    ['null for text', { type: 'str', default: '' }, null, 'x: text'],
    ['whole pattern', { type: 'str', default: 'ab', pattern: '[a-z]+' }, 'ab1', 'x: text matching [a-z]+'],
    ['text too long', { type: 'str', default: '', max_length: 2 }, 'abc', 'x: text of at most 2 characters'],
    ['list of 1000', list('int'), many(1000), many(1000)],
    ['list of 1001', list('int'), many(1001), 'x: a list of at most 1000 items'],
    ['list beyond its own length', list('int', { max_length: 2 }), [1, 2, 3], 'x: a list of at most 2 items'],
    [
      'dict of 1001',
      { type: 'dict', key_type: 'str', value_type: 'int' },
      Object.fromEntries(many(1001).map((i) => [`k${i}`, i])),
      'x: a map of at most 1000 entries',
    ],
    ['int keys', { type: 'dict', key_type: 'int', value_type: 'str' }, { '-5': 'a', 0: 'b' }, { '-5': 'a', 0: 'b' }],
    [
      'malformed int key',
      { type: 'dict', key_type: 'int', value_type: 'str' },
      { '05': 'a' },
      'x.05: a whole number as key',
    ],
    ['fixed dict', { type: 'dict', schema: { a: 'int' } }, { a: 1 }, { a: 1 }],
    ['fixed dict lacking a field', { type: 'dict', schema: { a: 'int', b: 'int' } }, { a: 1 }, 'x.b: present'],
    ['object completed', { type: 'object', schema: { a: 'int', b: 'str' } }, { a: 1 }, { a: 1, b: '' }],
    ['object with another field', { type: 'object', schema: { a: 'int' } }, { c: 1 }, 'x.c: one of the fields a'],
    ['tuple', { type: 'tuple', item_types: ['float', 'bool'] }, [1, true], [1, true]],
    ['tuple element', { type: 'tuple', item_types: ['float', 'bool'] }, [1, 2], 'x[1]: true or false'],
    ['tuple length', { type: 'tuple', item_types: ['float', 'bool'] }, [1], 'x: a tuple of 2 items'],
    [
      'deep path',
      { type: 'dict', key_type: 'str', value_type: list({ type: 'object', schema: { n: 'int' } }) },
      { a: [{ n: 1 }, { n: 'x' }] },
      'x.a[1].n: a finite number',
    ],
  ])('%s', (_name, definition, value, expected) => {
    expect(check(definition, value)).toEqual(expected)
  })
})

describe('states', () => {
  const definitions = definitionsOf(
    {
      wealth: { type: 'float', default: 1 },
      position_history: list({ type: 'tuple', item_types: ['float', 'float'] }),
      town: {
        type: 'object',
        schema: {
          stock: { type: 'dict', key_type: 'int', value_type: 'int' },
          at: { type: 'tuple', item_types: ['int', 'int'] },
        },
      },
    },
    { price: { type: 'float', default: 2 } },
  )
  const start = initialState(
    [
      {
        name: 'ada',
        initial_state: {
          position_history: [
            [1, 2],
            [3, 4],
          ],
          town: { stock: { 7: 1 } },
        },
      },
    ],
    {},
    definitions,
  )

  it('are frozen to the bottom', () => {
    for (const mutate of [
      () => ((start as any).turn = 5),
      () => ((start.agents['ada'] as any).wealth = 5),
      () => ((start.agents['ada'] as any).position_history[0][1] = 5),
      () => delete (start.agents['ada'] as any).town.stock['7'],
    ])
      expect(mutate).toThrow(TypeError)
  })

  it('come back from disk as they were, tuples and whole-number keys included', () => {
    expect(stateFromDisk(JSON.parse(JSON.stringify(stateToDisk(start))))).toEqual(start)
  })

  it('leave the old one untouched by an update', () => {
    const after = {
      ...start,
      agents: { ada: { ...start.agents['ada']!, wealth: 9, town: { ...start.agents['ada']!['town'], at: [5, 'x'] } } },
    }
    const { state, changes, violations } = acceptState(start, after, definitions, true)
    expect(start.agents['ada']?.['wealth']).toBe(1)
    expect(state.agents['ada']).toMatchObject({ wealth: 9, town: { at: [0, 0] } })
    expect(changes.map(({ variable, oldValue, newValue }) => [variable, oldValue, newValue])).toEqual([
      ['wealth', 1, 9],
    ])
    expect(violations.map(({ message }) => message)).toEqual([
      'agents.ada.town.at[1] must be a finite number, but is "x"',
    ])
  })

  it('are the very same object when nothing changed', () => {
    expect(acceptState(start, start, definitions, true).state).toBe(start)
    expect(acceptState(start, { ...start, agents: { ...start.agents } }, definitions, true).changes).toEqual([])
    expect(() => acceptState(start, undefined, definitions, true)).toThrow(/must return a state/)
  })

  it('list the places that differ, at most fifty', () => {
    expect(changedPaths({ a: 1, b: [1, { c: 2 }] }, { a: 1, b: [1, { c: 3 }], d: 4 })).toEqual(['b[1].c', 'd'])
    expect(changedPaths(many(200), many(200).reverse())).toHaveLength(50)
  })

  it('survive names that mean something to JavaScript', () => {
    const odd = initialState(
      ['constructor', 'toString', '10', '2'].map((name) => ({ name, initial_state: {} })),
      {},
      definitions,
    )
    expect(Object.keys(odd.agents).sort()).toEqual(['10', '2', 'constructor', 'toString'])
    expect(deepFreeze(odd)).toBe(odd)
  })
})
