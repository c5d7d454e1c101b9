import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { CircularSchemaError, ConfigurationError, DepthLimitError } from '../core/errors.ts'
import { withRoot } from '../run/_run-helpers.ts'
import { schemaHash } from '../state/definitions.ts'
import { type LoadOptions, loadConfigObject, loadConfigText } from './load-config.ts'

const BASE = `simulation: { name: test, max_turns: 5 }
engine: { type: economic }
validator: { type: always_valid }
agents:
  - name: ada
`

async function problemsOf(text: string, options: LoadOptions = {}) {
  try {
    await loadConfigText(text, options)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    return (error as ConfigurationError).problems
  }
}
const variables = (agent: string, more = '') => `${BASE}state_variables:
  agent_vars:
    economic_strength: { type: float, default: 0 }
${agent
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
  global_vars:
    total_economic_value: { type: float, default: 0 }
${more}`

describe('a configuration', () => {
  it('gets its defaults', async () => {
    const { config, warnings } = await loadConfigText(BASE)
    expect(config).toMatchObject({
      simulation: {
        checkpoint_interval: null,
        seed: 0,
        max_agents: 25,
        parallel_decisions: false,
        on_agent_error: 'abort',
      },
      engine: { interest_rate: 0.05, config: {} },
      validator: { domain: null, permissive: true },
      agents: [{ name: 'ada', type: 'simple', initial_state: {}, config: {} }],
      event_stream: {
        enabled: true,
        verbosity: 'ACTION',
        mode: 'async',
        fsync: 'never',
        max_file_size: 524_288_000,
        max_queue_size: 10_000,
      },
      llm: null,
      logging: { level: 'INFO', format: 'json' },
    })
    expect(warnings.map(({ code }) => code)).toEqual(['legacy_variables'])
  })

  it('takes aliases and forms: turns, sizes, levels in any case, sync with fsync', async () => {
    const text = BASE.replace('max_turns', 'turns')
    const { config } = await loadConfigText(
      `${text}event_stream: { verbosity: state, max_file_size: "2MB", mode: sync }\n`,
    )
    expect(config.simulation.max_turns).toBe(5)
    expect(config.event_stream).toMatchObject({ verbosity: 'STATE', max_file_size: 2 * 1024 * 1024, fsync: 'always' })
    expect((await problemsOf(BASE.replace('max_turns: 5', 'max_turns: 5, turns: 6'))).map((p) => p.path)).toEqual([
      'simulation.turns',
    ])
  })

  it('moves unknown component keys into config and warns of others', async () => {
    const text = `${BASE}    strategy: grow
    config: { mood: good }
surprise: 1
event_stream: { colour: red }
global_state: { turn: 0 }
`
    const { config, warnings } = await loadConfigText(text)
    expect(config.agents[0]?.config).toEqual({ strategy: 'grow', mood: 'good' })
    expect(warnings.map(({ code, path: at, line }) => [code, at, line])).toEqual([
      ['config_unknown_key', 'surprise', 8],
      ['global_turn_ignored', 'global_state.turn', 10],
      ['config_unknown_key', 'event_stream.colour', 9],
      ['legacy_variables', '', 1],
    ])
  })

  it('replaces variables of the environment inside strings and refuses undefined ones', async () => {
    const text = `${BASE}llm: { model: "\${MODEL}-mini", api_key: "\${KEY}" }\n`
    const { config, stored } = await loadConfigText(text, { env: { MODEL: 'big', KEY: 'sk-1' } })
    expect(config.llm).toMatchObject({ model: 'big-mini', api_key: 'sk-1', provider: 'openai' })
    expect((stored['llm'] as any).api_key).toBe(`$\{KEY}`)
    const plain = await loadConfigText(`${BASE}llm: { api_key: sk-2 }\n`)
    expect((plain.stored['llm'] as any).api_key).toBe('***')
    const [problem] = await problemsOf(text, { env: { KEY: 'x' } })
    expect([problem?.path, problem?.line]).toEqual(['llm.model', 6])
    expect(problem?.message).toContain('MODEL')
  })

  it.each<[string, string]>([
    ['http://localhost:11434', 'ollama'],
    ['https://models.example/v1', 'openai'],
    ['https://models.example/v1/', 'openai'],
  ])('infers the provider of %s', async (host, provider) => {
    expect((await loadConfigText(`${BASE}llm: { host: "${host}" }\n`)).config.llm?.provider).toBe(provider)
  })

  it.each<[string, string, string[], (number | null)[]]>([
    [
      'several faults at once',
      BASE.replace('max_turns: 5', 'max_turns: 0, checkpoint_interval: 0')
        .replace('economic }', 'economic, interest_rate: 2 }')
        .concat('  - name: ada\n'),
      ['simulation.max_turns', 'simulation.checkpoint_interval', 'engine.interest_rate', 'agents[1].name'],
      [1, 1, 2, 6],
    ],
    ['missing sections', 'agents: []\n', ['simulation', 'engine', 'validator'], [1, 1, 1]],
    [
      'missing keys, at their parent',
      'simulation: { name: x }\nengine: {}\nvalidator: { type: basic }\nagents:\n  - type: simple\n',
      ['simulation.max_turns', 'engine.type', 'agents[0].name'],
      [1, 2, 5],
    ],
    ['an unknown engine', BASE.replace('economic', 'imaginary'), ['engine.type'], [2]],
    ['a bad agent name', BASE.replace('ada', 'a b'), ['agents[0].name'], [5]],
    ['the name global', BASE.replace('ada', 'global'), ['agents[0].name'], [5]],
    [
      'too many agents',
      BASE.replace('max_turns: 5', 'max_turns: 5, max_agents: 1').concat('  - name: bo\n'),
      ['agents'],
      [4],
    ],
    ['a location without a map', `${BASE}    initial_location: "0,0"\n`, ['agents[0].initial_location'], [6]],
    [
      'two values of one thing',
      `${BASE}    initial_economic_strength: 5\n    initial_state: { economic_strength: 6 }\n`,
      ['agents[0].initial_economic_strength'],
      [6],
    ],
    [
      'an initial value out of bounds',
      `${BASE}    initial_state: { economic_strength: -1 }\n`,
      ['agents[0].initial_state.economic_strength'],
      [6],
    ],
    [
      'a variable to watch that is none',
      BASE.replace('max_turns: 5', 'max_turns: 5, termination: { min_value: 1, variable: joy }'),
      ['simulation.termination.variable'],
      [1],
    ],
    ['a script that is no list', `${BASE}    type: scripted\n`, ['agents[0].config.actions'], [5]],
    [
      'a script entry without name',
      `${BASE}    type: scripted\n    config: { actions: [{ action_name: a }, { x: 1 }, 5] }\n`,
      ['agents[0].config.actions[1]', 'agents[0].config.actions[2]'],
      [7, 7],
    ],
    ['a model validator without domain', BASE.replace('always_valid', 'econ_llm_validator'), ['validator.domain'], [3]],
    ['no YAML', 'a: [1,\nb: 2', [''], [2]],
    ['duplicate keys', 'a: 1\na: 2\n', [''], [2]],
    ['a tag', `${BASE}global_state: { x: !!js/function "f" }\n`, [''], [6]],
    ['a list at the top', '- 1\n', [''], [1]],
  ])('is refused for %s', async (_name, text, paths, lines) => {
    const problems = await problemsOf(text)
    expect(problems.map((problem) => problem.path)).toEqual(paths)
    expect(problems.map((problem) => problem.line)).toEqual(lines)
    for (const problem of problems) expect(problem.message.length).toBeGreaterThan(10)
  })

  it('says which option a wrong value came from', async () => {
    const overrides = [{ path: ['simulation', 'max_turns'], value: -1, option: '--turns' }] as never
    const [problem] = await problemsOf(BASE, { overrides })
    expect([problem?.path, problem?.line]).toEqual(['simulation.max_turns', null])
    expect(problem?.message).toMatch(/^--turns: /)
  })

  it('may come as an object, without lines', async () => {
    await expect(loadConfigObject({ simulation: { name: 'x' } })).rejects.toThrow('simulation.max_turns')
    await expect(loadConfigObject(null)).rejects.toThrow('must be a map of sections')
  })

  it('stays below the limits of a served run', async () => {
    const limits = { 'event_stream.max_queue_size': 100_000, 'simulation.max_agents': 250 }
    expect(
      (await problemsOf(`${BASE}event_stream: { max_queue_size: 100001 }\n`, { limits })).map((p) => p.path),
    ).toEqual(['event_stream.max_queue_size'])
  })
})

describe('variables', () => {
  it.each<[string, string, string]>([
    ['an unknown type', 'x: { type: complex, default: 1 }', 'state_variables.agent_vars.x.type'],
    ['min above max', 'x: { type: int, min: 5, max: 1, default: 3 }', 'state_variables.agent_vars.x.min'],
    ['a default above max', 'x: { type: int, max: 10, default: 11 }', 'state_variables.agent_vars.x.default'],
    ['a missing default', 'x: { type: bool }', 'state_variables.agent_vars.x.default'],
    ['categorical without values', 'x: { type: categorical, default: a }', 'state_variables.agent_vars.x.values'],
    [
      'a default that is no value',
      'x: { type: categorical, values: [a], default: b }',
      'state_variables.agent_vars.x.default',
    ],
    [
      'both dict modes',
      'x: { type: dict, key_type: str, value_type: int, schema: { a: int } }',
      'state_variables.agent_vars.x',
    ],
    ['neither dict mode', 'x: { type: dict }', 'state_variables.agent_vars.x'],
    [
      'a tuple default of wrong length',
      'x: { type: tuple, item_types: [int, int], default: [1, 2, 3] }',
      'state_variables.agent_vars.x.default',
    ],
    ['max_length 0', 'x: { type: str, max_length: 0, default: "" }', 'state_variables.agent_vars.x.max_length'],
    ['a reserved name', 'turn: { type: int, default: 0 }', 'state_variables.agent_vars.turn'],
    ['a malformed name', '2x: { type: int, default: 0 }', 'state_variables.agent_vars.2x'],
    ['a key of another type', 'x: { type: int, default: 0, pattern: "a" }', 'state_variables.agent_vars.x.pattern'],
    [
      'a default breaking a pattern',
      'x: { type: list, item_type: { type: tuple, item_types: [{ type: str, pattern: "[a-z]+" }] } }',
      'state_variables.agent_vars.x.item_type.item_types[0]',
    ],
  ])('are refused with %s', async (_name, definition, at) => {
    const problems = await problemsOf(variables(definition))
    expect(problems.map((problem) => problem.path)).toEqual([at])
  })

  it('lists the nine types when one is unknown', async () => {
    const [problem] = await problemsOf(variables('x: { type: complex, default: 1 }'))
    for (const type of ['float', 'int', 'bool', 'categorical', 'str', 'dict', 'list', 'tuple', 'object'])
      expect(problem?.message).toContain(type)
  })

  it('may not be nested too deep or in circles', async () => {
    const dict = (depth: number): string =>
      depth === 0 ? 'int' : `{ type: dict, key_type: str, value_type: ${dict(depth - 1)} }`
    const list = (depth: number): string => (depth === 0 ? 'int' : `{ type: list, item_type: ${list(depth - 1)} }`)
    await loadConfigText(variables(`x: ${dict(4)}\ny: ${list(3)}`))
    await expect(loadConfigText(variables(`x: ${dict(5)}`))).rejects.toThrow(DepthLimitError)
    await expect(loadConfigText(variables(`x: ${list(4)}`))).rejects.toThrow(DepthLimitError)
    const circle = variables('town: &town\n  type: object\n  schema:\n    twin: *town')
    await expect(loadConfigText(circle)).rejects.toThrow(CircularSchemaError)
    await expect(loadConfigText(circle)).rejects.toThrow(
      /town -> .*town.*ids instead of nesting, make the reference optional.*flatten/s,
    )
  })

  it('compose defaults, complete objects and keep keys as text', async () => {
    const { definitions, config } = await loadConfigText(
      variables(
        `town:
  type: object
  schema:
    name: str
    size: { type: int, min: 3 }
    spots: { type: tuple, item_types: [float, bool] }
    shops: { type: dict, key_type: int, value_type: { type: list, item_type: str } }
note: { type: str, default: null }
codes: { type: dict, key_type: str, value_type: int, default: { 1.0: 2, yes: 3 } }`,
        '',
      ).replace('  - name: ada\n', '  - name: ada\n    initial_state: { town: { name: X, shops: { 7: [a] } } }\n'),
    )
    expect(definitions.agent.get('town')?.default).toEqual({ name: '', size: 3, spots: [0, false], shops: {} })
    expect(config.agents[0]?.initial_state['town']).toEqual({
      name: 'X',
      size: 3,
      spots: [0, false],
      shops: { '7': ['a'] },
    })
    expect(definitions.agent.get('note')?.default).toBeNull()
    expect(definitions.agent.get('codes')?.default).toEqual({ '1.0': 2, yes: 3 })
  })

  it('extend those of the engine, replacing same names whole', async () => {
    const text = `simulation: { name: x, max_turns: 1 }
engine: { type: simple_economic }
validator: { type: basic }
agents: []
state_variables: { agent_vars: { wealth: { type: int, default: 7 }, joy: { type: float, default: 1 } }, global_vars: {} }
`
    const { definitions } = await loadConfigText(text)
    expect([...definitions.agent.keys()]).toEqual(['wealth', 'joy'])
    expect(definitions.agent.get('wealth')).toMatchObject({ type: 'int', default: 7 })
    expect([...definitions.global.keys()]).toEqual(['total_wealth'])
    const missing = await problemsOf(text.replace('simple_economic', 'economic'))
    expect(missing.map((problem) => problem.path)).toEqual([
      'state_variables.agent_vars.economic_strength',
      'state_variables.global_vars.total_economic_value',
    ])
  })

  it('are inferred from initial values without the section, refused with it', async () => {
    const text = BASE.replace(
      '  - name: ada\n',
      '  - name: ada\n    initial_state: { age: 30, home: { street: A }, tags: [a, 1] }\n  - name: bo\n',
    )
    const { definitions } = await loadConfigText(text)
    expect(definitions.agent.get('age')).toMatchObject({ type: 'float', default: 0 })
    expect(definitions.agent.get('home')).toMatchObject({ type: 'dict', default: {} })
    const strict = variables('joy: { type: int, default: 0 }').replace(
      '  - name: ada\n',
      '  - name: ada\n    initial_state: { age: 30 }\n',
    )
    expect((await problemsOf(strict)).map((problem) => problem.path)).toEqual(['agents[0].initial_state.age'])
  })

  it('hash by what constrains them, whatever their order', async () => {
    const hash = async (definition: string) => schemaHash((await loadConfigText(variables(definition))).definitions)
    const original = await hash(
      'a: { type: int, max: 9, default: 1 }\nb: { type: categorical, values: [x, y], default: x }\nc: { type: object, schema: { d: int } }',
    )
    expect(original).toMatch(/^[0-9a-f]{64}$/)
    expect(
      await hash(
        'c: { schema: { d: { type: int } }, type: object, description: old }\nb: { type: categorical, values: [x, y], default: y }\na: { type: int, max: 9, default: 2 }',
      ),
    ).toBe(original)
    for (const other of [
      'a: { type: int, max: 8, default: 1 }\nb: { type: categorical, values: [x, y], default: x }\nc: { type: object, schema: { d: int } }',
      'a: { type: float, max: 9, default: 1 }\nb: { type: categorical, values: [x, y], default: x }\nc: { type: object, schema: { d: int } }',
      'a: { type: int, max: 9, default: 1 }\nb: { type: categorical, values: [x, z], default: x }\nc: { type: object, schema: { d: int } }',
      'a: { type: int, max: 9, default: 1 }\nb: { type: categorical, values: [x, y], default: x }\nc: { type: object, schema: { d: float } }',
    ])
      expect(await hash(other)).not.toBe(original)
  })
})

describe('observability and maps', () => {
  const observing = (matrix: string, visibility = 'external: [economic_strength], internal: []') =>
    `${BASE}  - name: bo\nobservability: { enabled: true, variable_visibility: { ${visibility} }, matrix: ${matrix} }\n`

  it.each<[string, string, string | undefined, string]>([
    ['an unknown observer', '[[cy, bo, external, 0]]', undefined, 'observability.matrix[0][0]'],
    ['an unknown target', '[[ada, cy, external, 0]]', undefined, 'observability.matrix[0][1]'],
    ['an unknown level', '[[ada, bo, friend, 0]]', undefined, 'observability.matrix[0][2]'],
    ['negative noise', '[[ada, bo, external, -1]]', undefined, 'observability.matrix[0][3]'],
    ['wrong arity', '[[ada, bo, external]]', undefined, 'observability.matrix[0]'],
    ['a self entry', '[[ada, ada, external, 0]]', undefined, 'observability.matrix[0]'],
    ['a pair twice', '[[ada, bo, external, 0], [ada, bo, insider, 0]]', undefined, 'observability.matrix[1]'],
    ['an unknown variable', '[]', 'external: [joy], internal: []', 'observability.variable_visibility.external[0]'],
    [
      'an overlap',
      '[]',
      'external: [gdp_growth], internal: [gdp_growth]',
      'observability.variable_visibility.external',
    ],
  ])('are refused with %s', async (_name, matrix, visibility, at) => {
    expect((await problemsOf(observing(matrix, visibility))).map((problem) => problem.path)).toEqual([at])
  })

  it('accept null noise and a self entry that says what is so anyway', async () => {
    expect(
      await problemsOf(observing('[[ada, bo, external, null], [ada, ada, insider, 0], [ada, global, insider, 0]]')),
    ).toEqual([])
  })

  it.each<[string, string, string]>([
    ['an unknown topology', '{ topology: { type: torus } }', 'spatial.topology.type'],
    ['no width', '{ topology: { type: grid, height: 3 } }', 'spatial.topology.width'],
    ['a missing file', '{ topology: { type: network, edges_file: nope.json } }', 'spatial.topology.edges_file'],
    ['a malformed file', '{ topology: { type: network, edges_file: bad.json } }', 'spatial.topology.edges_file'],
    [
      'an unknown location in an edge',
      '{ topology: { type: grid, width: 2, height: 1 }, additional_networks: [{ name: rail, edges: [["0,0", "9,9"]] }] }',
      'spatial.additional_networks[0].edges[0]',
    ],
    [
      'a network name twice',
      '{ topology: { type: grid, width: 2, height: 1 }, additional_networks: [{ name: default, edges: [] }] }',
      'spatial.additional_networks[0].name',
    ],
    [
      'regions without names',
      '{ topology: { type: geojson, geojson_file: nameless.json } }',
      'spatial.topology.geojson_file',
    ],
  ])('are refused with %s', (_name, spatial, at) =>
    withRoot(async (root) => {
      fs.writeFileSync(path.join(root, 'bad.json'), '{"nodes": [1], "edges": []}')
      fs.writeFileSync(
        path.join(root, 'nameless.json'),
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": null}]}',
      )
      expect(
        (await problemsOf(`${BASE}spatial: ${spatial}\n`, { baseDir: root })).map((problem) => problem.path),
      ).toEqual([at])
    }),
  )

  it('keep files absolute, warn of attributes for unknown places, and place agents', () =>
    withRoot(async (root) => {
      fs.writeFileSync(
        path.join(root, 'net.json'),
        JSON.stringify({ nodes: ['a', { id: 'b', type: 'port', attributes: { depth: 3 } }], edges: [['a', 'b']] }),
      )
      const text = `${BASE}    initial_location: b\nspatial: { topology: { type: network, edges_file: net.json }, location_attributes: { b: { depth: 4 }, z: { x: 1 } } }\n`
      const { world, config, warnings } = await loadConfigText(text, { baseDir: root })
      expect(config.spatial?.['topology'].edges_file).toBe(path.join(root, 'net.json'))
      expect(world?.locations['b']).toEqual({ id: 'b', attributes: { depth: 4 }, metadata: { type: 'port' } })
      expect(world?.agentPositions).toEqual({ ada: 'b' })
      expect(warnings.map(({ code }) => code)).toContain('unknown_location')
      const outside = `${BASE}spatial: { topology: { type: network, edges_file: "${path.join(root, 'net.json')}" } }\n`
      expect((await problemsOf(outside, { filesWithin: path.join(root, 'inner') })).length).toBe(1)
    }))
})
