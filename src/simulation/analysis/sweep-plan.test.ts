import { describe, expect, it } from 'vitest'
import { readSeeds, readValues } from './read-values.ts'
import { applyParameters, configOf, MAX_SWEEP_RUNS, planSweep } from './sweep-plan.ts'
import { groupRows, measureOf, statisticsOf, sweepCsv } from './sweep-table.ts'

describe('the plan of a sweep', () => {
  it('has every combination with every seed, seeds fastest', () => {
    const members = planSweep({
      parameters: [
        { path: 'a', values: [1, 2] },
        { path: 'b', values: ['x', 'y'] },
      ],
      seeds: [7, 8],
    })
    expect(members.map(({ position, parameters, seed }) => [position, parameters['a'], parameters['b'], seed])).toEqual(
      [
        [0, 1, 'x', 7],
        [1, 1, 'x', 8],
        [2, 1, 'y', 7],
        [3, 1, 'y', 8],
        [4, 2, 'x', 7],
        [5, 2, 'x', 8],
        [6, 2, 'y', 7],
        [7, 2, 'y', 8],
      ],
    )
  })

  it('without parameters and seeds is the configuration once', () => {
    expect(planSweep({ parameters: [], seeds: [] })).toEqual([{ position: 0, parameters: {}, seed: null }])
  })

  it.each<[string, Parameters<typeof planSweep>[0], RegExp]>([
    ['no values', { parameters: [{ path: 'a', values: [] }], seeds: [] }, /a has no values/],
    [
      'the same path twice',
      {
        parameters: [
          { path: 'a', values: [1] },
          { path: 'a', values: [2] },
        ],
        seeds: [],
      },
      /a is given twice/,
    ],
    [
      'too many runs',
      { parameters: [{ path: 'a', values: Array(200).fill(0) }], seeds: Array.from({ length: 100 }, (_, i) => i) },
      new RegExp(`20000 runs; at most ${MAX_SWEEP_RUNS}`),
    ],
  ])('refuses %s', (_, spec, message) => {
    expect(() => planSweep(spec)).toThrow(message)
  })
})

describe('a parameter', () => {
  const config = {
    simulation: { name: 's', turns: 5 },
    engine: { type: 'e' },
    agents: [{ name: 'ada', config: { x: 1 } }, { name: 'bo' }],
  }

  it('is set in a copy, in maps, in lists by number, name or star', () => {
    const changed: any = applyParameters(config, {
      'engine.config.rate': 0.5,
      'agents[1].initial_state.wealth': 3,
      'agents.ada.config.x': 2,
    })
    expect(changed.engine).toEqual({ type: 'e', config: { rate: 0.5 } })
    expect(changed.agents).toEqual([
      { name: 'ada', config: { x: 2 } },
      { name: 'bo', initial_state: { wealth: 3 } },
    ])
    expect(config.agents[0]).toEqual({ name: 'ada', config: { x: 1 } })
    const all: any = applyParameters(config, { 'agents.*.config.x': 9 })
    expect(all.agents.map((agent: any) => agent.config.x)).toEqual([9, 9])
  })

  it('max_turns takes the place of its alias, the seed that of the file', () => {
    const made: any = configOf(config, { position: 0, parameters: { 'simulation.max_turns': 9 }, seed: 4 })
    expect(made.simulation).toEqual({ name: 's', max_turns: 9, seed: 4 })
  })

  it.each([
    ['agents.nobody.config.x', /no entry nobody/],
    ['engine.type.deep', /leads nowhere/],
    ['', /not a path/],
    ['a.__proto__.b', /not a path/],
    ['a..b', /not a path/],
  ])('%s is refused', (path, message) => {
    expect(() => applyParameters(config, { [path]: 1 })).toThrow(message)
  })
})

describe('values as they are typed', () => {
  it.each<[string, unknown[]]>([
    ['1,2.5,true', [1, 2.5, true]],
    ['grow,"a,b",[1,2]', ['grow', 'a,b', [1, 2]]],
    ['1..4', [1, 2, 3, 4]],
    ['0.1..0.5/0.2', [0.1, 0.3, 0.5]],
    ['0..1/0.25,5', [0, 0.25, 0.5, 0.75, 1, 5]],
  ])('%s', (text, values) => {
    expect(readValues(text)).toEqual(values)
  })

  it('backward ranges and seeds that are no whole numbers are refused', () => {
    expect(() => readValues('5..1')).toThrow(/no range/)
    expect(() => readSeeds('1,a')).toThrow(/whole numbers/)
  })
})

describe('the table of a sweep', () => {
  const state = { global_state: { total: 7, on: true }, agents: { ada: { name: 'ada', w: 1 }, 'b.o': { w: 3 } } }

  it.each<[string, number | null]>([
    ['total', 7],
    ['on', 1],
    ['b.o.w', 3],
    ['w', 2],
    ['sum(w)', 4],
    ['min(w)', 1],
    ['max(w)', 3],
    ['nothing', null],
    ['ada.name', null],
  ])('measures %s', (name, value) => {
    expect(measureOf(state, name)).toBe(value)
  })

  it('gathers rows of equal parameters over their seeds', () => {
    const row = (position: number, x: number, seed: number, value: number | null, status = 'completed') => ({
      position,
      parameters: { x },
      seed,
      run_id: `r${position}`,
      status,
      final_turn: 3,
      measures: { m: value },
      error: null,
    })
    const rows = [row(0, 1, 1, 2), row(1, 1, 2, 4), row(2, 2, 1, null, 'failed')]
    expect(groupRows(rows, ['m'])).toEqual([
      { parameters: { x: 1 }, runs: 2, done: 2, measures: { m: { n: 2, mean: 3, sd: Math.SQRT2, min: 2, max: 4 } } },
      {
        parameters: { x: 2 },
        runs: 1,
        done: 0,
        measures: { m: { n: 0, mean: null, sd: null, min: null, max: null } },
      },
    ])
    expect(statisticsOf([5])).toEqual({ n: 1, mean: 5, sd: null, min: 5, max: 5 })
    expect(sweepCsv(['x'], ['m'], rows).split('\n').slice(0, 2)).toEqual([
      'position,x,seed,run_id,status,final_turn,m',
      '0,1,1,r0,completed,3,2',
    ])
  })
})
