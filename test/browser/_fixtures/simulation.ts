import type { FixtureRoute } from '../_fixture-server.ts'

type Row = Record<string, any>
const TYPES = ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL', 'SYSTEM']
const AGENTS = ['ada', 'bo', 'cy', 'dee']
const START = Date.UTC(2026, 2, 1, 9)
export const SIM_A = 'Traders_4agents_20260301_090000_01'
export const SIM_B = 'Traders_4agents_20260301_091500_01'

type World = { id: string; events: Row[]; states: Row[] }

/** A small deterministic world: four traders on a grid who move, trade and change their wealth. `swing` makes runs differ. */
function makeWorld(id: string, turns: number, swing: number): World {
  const events: Row[] = []
  const states: Row[] = []
  let n = 0
  const wealth: Record<string, number> = Object.fromEntries(AGENTS.map((name, i) => [name, 1000 + i * 50]))
  const at: Record<string, [number, number]> = Object.fromEntries(AGENTS.map((name, i) => [name, [i * 2, i % 3]]))
  const put = (turn: number, event_type: string, rest: Row): string => {
    const event_id = `01JABCDEF${String(n).padStart(17, '0')}`
    events.push({
      event_id,
      timestamp: new Date(START + n * 40).toISOString().replace('Z', '000+00:00'),
      turn_number: turn,
      event_type,
      simulation_id: id,
      ...rest,
    })
    n++
    return event_id
  }
  const snapshot = (turn: number) =>
    states.push({
      turn,
      agents: Object.fromEntries(
        AGENTS.map((name) => [
          name,
          { name, wealth: wealth[name], mood: (wealth[name] ?? 0) > 1050 ? 'calm' : 'tense' },
        ]),
      ),
      global_state: { total_wealth: AGENTS.reduce((sum, name) => sum + (wealth[name] ?? 0), 0) },
      paused_agents: [],
      spatial_state: {
        topology_type: 'grid',
        agent_positions: Object.fromEntries(AGENTS.map((name) => [name, at[name]?.join(',')])),
        locations: Object.fromEntries(
          Array.from({ length: 32 }, (_, i) => [
            `${i % 8},${Math.floor(i / 8)}`,
            { id: `${i % 8},${Math.floor(i / 8)}` },
          ]),
        ),
        networks: { default: { name: 'default', edges: [] } },
      },
    })
  const begin = put(0, 'MILESTONE', {
    description: 'Simulation started',
    details: { milestone_type: 'simulation_start' },
  })
  snapshot(0)
  let before = begin
  for (let turn = 1; turn <= turns; turn++) {
    const start = put(turn, 'MILESTONE', {
      description: `Turn ${turn} started`,
      caused_by: [before],
      details: { milestone_type: 'turn_start', active_agents: 4 },
    })
    for (const [i, name] of AGENTS.entries()) {
      const partner = AGENTS[(i + turn) % 4] ?? 'ada'
      const amount = Math.round(20 + 15 * Math.sin((turn + i) / 3) + (turn > 12 ? swing * i : 0))
      const decision = put(turn, 'DECISION', {
        agent_id: name,
        caused_by: [start],
        description: `${name} decided: trade`,
        details: { decision_type: 'trade', new_value: { action_name: 'trade' } },
      })
      if (partner === name) continue
      const action = put(turn, 'ACTION', {
        agent_id: name,
        caused_by: [decision],
        description: `${name} traded ${amount} with ${partner}`,
        details: {
          action_type: 'trade',
          action_payload: { amount, partner },
          participating_agent_ids: [name, partner],
        },
      })
      for (const [who, by] of [
        [name, -amount],
        [partner, amount + 1],
      ] as const) {
        const old = wealth[who] ?? 0
        wealth[who] = old + by
        put(turn, 'STATE', {
          agent_id: who,
          caused_by: [action],
          description: `${who}.wealth: ${old} -> ${wealth[who]}`,
          details: { variable_name: 'wealth', old_value: old, new_value: wealth[who], scope: 'agent' },
        })
      }
      at[name] = [((at[name]?.[0] ?? 0) + (turn % 2)) % 8, ((at[name]?.[1] ?? 0) + ((turn + i) % 2)) % 4]
    }
    put(turn, 'DETAIL', {
      description: 'Sum of wealth',
      details: { calculation_type: 'wealth_total', intermediate_values: { ...wealth } },
    })
    if (turn % 9 === 0)
      put(turn, 'SYSTEM', {
        description: 'An action was rejected',
        details: { status: 'warning', system_event_type: 'validation_failure', error_type: 'action_rejected' },
      })
    before = put(turn, 'MILESTONE', {
      description: `Turn ${turn} ended`,
      caused_by: [start],
      details: { milestone_type: 'turn_end', duration_ms: 3 },
    })
    snapshot(turn)
  }
  put(turns, 'MILESTONE', {
    description: 'Simulation ended',
    caused_by: [before],
    details: { milestone_type: 'simulation_end', outcome: 'completed' },
  })
  return { id, events, states }
}

const worlds = new Map([makeWorld(SIM_A, 40, 0), makeWorld(SIM_B, 40, 4)].map((world) => [world.id, world]))
const summary = (world: World): Row => ({
  ...{
    id: world.id,
    name: 'Traders',
    start_time: world.events[0]?.timestamp,
    event_count: world.events.length,
    status: 'completed',
    last_event_time: world.events.at(-1)?.timestamp,
  },
  ...{ last_turn: 40, file_count: 1, total_bytes: 412_000, corrupted_lines: 0 },
})
const served = (world: World): Row => ({
  ...{
    run_id: world.id,
    name: 'Traders',
    status: 'completed',
    turn: 40,
    max_turns: 40,
    started_by: 'you',
    created_at: world.events[0]?.timestamp,
    ended_at: null,
  },
  ...{ resumed_from: null, continued_as: null, termination_reason: 'max_turns', error: null },
})
const count = (events: Row[], of: (event: Row) => string | undefined): Record<string, number> => {
  const out: Record<string, number> = {}
  for (const event of events) {
    const key = of(event)
    if (key) out[key] = (out[key] ?? 0) + 1
  }
  return out
}

function pick(world: World, query: URLSearchParams): Row[] {
  const types = query.getAll('event_types')
  const agents = query.getAll('agent_ids')
  const [from, to] = [Number(query.get('turn_start') ?? 0), Number(query.get('turn_end') ?? 1e9)]
  const text = query.get('text')?.toLowerCase()
  const list = world.events.filter(
    (event) =>
      (types.length === 0 || types.includes(event.event_type)) &&
      (agents.length === 0 || agents.includes(event.agent_id)) &&
      event.turn_number >= from &&
      event.turn_number <= to &&
      (!text || event.description?.toLowerCase().includes(text)),
  )
  return query.get('order') === 'desc' ? list.reverse() : list
}

function causality(world: World, id: string, depth: number): Row {
  const byId = new Map(world.events.map((event) => [event.event_id, event]))
  const step = (ids: string[], up: boolean) =>
    up
      ? ids.flatMap((one) => byId.get(one)?.caused_by ?? [])
      : world.events
          .filter((event) => event.caused_by?.some((cause: string) => ids.includes(cause)))
          .map((event) => event.event_id)
  const walk = (up: boolean) => {
    const seen = new Set([id])
    const out: string[] = []
    let front = [id]
    for (let hop = 0; hop < depth && front.length > 0; hop++) {
      front = [...new Set(step(front, up))].filter((one) => !seen.has(one))
      for (const one of front) seen.add(one)
      out.push(...front)
    }
    return out
  }
  const [upstream, downstream] = [walk(true), walk(false)]
  const all = new Set([id, ...upstream, ...downstream])
  const edges = [...all].flatMap((effect) =>
    (byId.get(effect)?.caused_by ?? [])
      .filter((cause: string) => all.has(cause))
      .map((cause: string) => [cause, effect]),
  )
  return {
    event_id: id,
    event: byId.get(id),
    upstream: upstream.map((one) => byId.get(one)),
    downstream: downstream.map((one) => byId.get(one)),
    edges,
    missing: [],
    truncated: downstream.length > 20,
  }
}

export const TRADERS_SWEEP = 'Traders_sweep_20260301_093000'
const sweepSummary: Row = {
  sweep_id: TRADERS_SWEEP,
  name: 'Traders',
  status: 'running',
  runs: 4,
  done: 3,
  failed: 1,
  parameters: [{ path: 'engine.config.rate', values: [0.1, 0.2] }],
  seeds: [1, 2],
  started_by: 'you',
  created_at: '2026-03-01T09:30:00.000Z',
}
const sweepRow = (position: number, rate: number, seed: number, status: string, value: number | null): Row => ({
  position,
  parameters: { 'engine.config.rate': rate },
  seed,
  run_id: `${TRADERS_SWEEP}.${position + 1}`,
  status,
  final_turn: status === 'completed' ? 40 : 12,
  measures: value === null ? {} : { total_wealth: value },
  error: status === 'failed' ? 'A component threw' : null,
})
const measured = (n: number, mean: number, sd: number | null): Row => ({
  total_wealth: { n, mean, sd, min: mean - 4, max: mean + 4 },
})
const sweep: Row = {
  ...sweepSummary,
  measures: ['total_wealth'],
  rows: [
    sweepRow(0, 0.1, 1, 'completed', 4300),
    sweepRow(1, 0.1, 2, 'completed', 4308),
    sweepRow(2, 0.2, 1, 'failed', null),
    sweepRow(3, 0.2, 2, 'running', null),
  ],
  groups: [
    { parameters: { 'engine.config.rate': 0.1 }, runs: 2, done: 2, measures: measured(2, 4304, 5.66) },
    { parameters: { 'engine.config.rate': 0.2 }, runs: 2, done: 0, measures: measured(1, 4400, null) },
  ],
}

/** What the series of a run are made of: every change, or every thinned stretch of turns. */
function seriesFor(world: World, query: URLSearchParams): Row {
  const names = query.get('variables')?.split(',') ?? ['wealth']
  const [from, to] = [Number(query.get('turn_start') ?? 0), Number(query.get('turn_end') ?? 40)]
  const own = (name: string): [string, string | null, (state: Row) => number][] =>
    name === 'total_wealth'
      ? [['total_wealth', null, (state) => state.global_state.total_wealth]]
      : AGENTS.map((agent) => [`${agent}.wealth`, agent, (state) => state.agents[agent].wealth])
  const lines = names.flatMap(own)
  return {
    from_turn: from,
    to_turn: to,
    turns_per_point: 1,
    variables: [
      { name: 'wealth', scope: 'agent', lines: 4, changes: 280 },
      { name: 'total_wealth', scope: 'global', lines: 1, changes: 40 },
    ],
    series: lines.map(([name, agent, read]) => ({
      name,
      agent_id: agent,
      variable: agent ? 'wealth' : 'total_wealth',
      points: world.states.slice(from, to + 1).map((state) => [state.turn, read(state)]),
    })),
    series_total: lines.length,
  }
}

const sideOf = (world: World): Row => ({
  run_id: world.id,
  name: 'Traders',
  status: 'completed',
  seed: 7,
  verbosity: 'DETAIL',
  first_turn: 0,
  last_turn: 40,
})

function comparisonOf(a: World, b: World): Row {
  const differs = (event: Row, i: number) =>
    event.turn_number > 12 && event.description !== b.events[i]?.description && event.event_type === 'ACTION'
  const at = a.events.findIndex(differs)
  const [x, y] = [a.events[at], b.events[at]]
  return {
    a: sideOf(a),
    b: sideOf(b),
    same: at < 0,
    compared: { from_turn: 0, to_turn: 40, level: 'DETAIL', variables: 5 },
    divergence:
      x && y ? { kind: 'event', turn: x.turn_number, agent_id: x.agent_id, variable: null, a: x, b: y } : null,
    variables: AGENTS.map((agent) => ({
      name: `${agent}.wealth`,
      agent_id: agent,
      variable: 'wealth',
      first_turn: 13,
      a: a.states[13]?.agents[agent].wealth,
      b: b.states[13]?.agents[agent].wealth,
      last_a: a.states[40]?.agents[agent].wealth,
      last_b: b.states[40]?.agents[agent].wealth,
      max_difference: 120,
    })),
    settings: [{ path: 'engine.config.swing', a: 0, b: 4 }],
  }
}

const notFound = { status: 404, body: { code: 'NOT_FOUND', message: 'Simulation not found' } }
const of = (
  path: string,
  answer: (world: World, query: URLSearchParams, params: string[]) => unknown,
): FixtureRoute => [
  'GET',
  new RegExp(`^/simulations/([^/]+)${path}$`),
  ({ params, query }) => {
    const world = worlds.get(params[0] ?? '')
    return world ? { body: answer(world, query, params) } : notFound
  },
]

/** The simulation contract's answers for two finished worlds that part ways at turn 13. */
export const simulationRoutes: FixtureRoute[] = [
  ['GET', /^\/simulations$/, () => ({ body: { simulations: [...worlds.values()].map(summary) } })],
  [
    'GET',
    /^\/v1\/simulations$/,
    () => ({ body: { simulations: [...worlds.values()].map(served), total: 2, has_more: false } }),
  ],
  [
    'GET',
    /^\/v1\/simulations\/([^/]+)$/,
    ({ params }) => (worlds.has(params[0] ?? '') ? { body: served(worlds.get(params[0] ?? '') as World) } : notFound),
  ],
  [
    'POST',
    /^\/v1\/simulations\/validate$/,
    ({ body }) => {
      const bad = body.includes('max_turns: 0')
      return {
        body: {
          valid: !bad,
          problems: bad
            ? [
                {
                  path: 'simulation.max_turns',
                  line: 3,
                  expected: 'an integer > 0',
                  actual: '0',
                  remedy: 'Set max_turns to the number of turns to run.',
                  message: 'must be greater than 0',
                },
              ]
            : [],
        },
      }
    },
  ],
  [
    'POST',
    /^\/v1\/simulations$/,
    () => ({ status: 201, body: { ...served(worlds.get(SIM_A) as World), status: 'queued' } }),
  ],
  of('', (world) => ({
    ...summary(world),
    verbosity: 'DETAIL',
    agents: AGENTS,
    config: { simulation: { name: 'Traders', max_turns: 40, seed: 7 } },
    run_metadata: {},
    result: { outcome: 'completed', total_turns: 40 },
    files: [],
  })),
  of('/events', (world, query) => {
    const list = pick(world, query)
    const after = query.get('after')
    const offset = after ? list.findIndex((event) => event.event_id === after) + 1 : Number(query.get('offset') ?? 0)
    const page = list.slice(offset, offset + Number(query.get('limit') ?? 1000))
    const events = query.get('fields') === 'compact' ? page.map(({ details: _details, ...event }) => event) : page
    return {
      events,
      total: list.length,
      has_more: offset + page.length < list.length,
      next_after: page.at(-1)?.event_id ?? null,
    }
  }),
  of('/events/([^/]+)', (world, _query, params) => world.events.find((event) => event.event_id === params[1])),
  of('/causality/([^/]+)', (world, query, params) =>
    causality(world, params[1] ?? '', Number(query.get('depth') ?? 5)),
  ),
  of('/facets', (world) => ({
    event_types: {
      ...Object.fromEntries(TYPES.map((type) => [type, 0])),
      ...count(world.events, (event) => event.event_type),
    },
    agents: count(world.events, (event) => event.agent_id),
    turns: { min: 0, max: 40 },
    variables: count(world.events, (event) => event.details?.variable_name),
    ...{ decision_types: { trade: 1 }, action_types: { trade: 1 }, interaction_types: {} },
  })),
  of('/turns', (world) => ({
    turns: world.states.map((state) => ({
      turn: state.turn,
      counts: count(
        world.events.filter((event) => event.turn_number === state.turn),
        (event) => event.event_type,
      ),
      agents: AGENTS,
    })),
  })),
  of('/state', (world, query) => {
    const turn = Number(query.get('turn') ?? 40)
    return {
      turn,
      state: world.states[turn] ?? world.states.at(-1),
      complete: true,
      source: { checkpoint_turn: 0, applied_changes: 10 },
    }
  }),
  of('/series', seriesFor),
  of('/compare/([^/]+)', (world, _query, params) => comparisonOf(world, worlds.get(params[1] ?? '') ?? world)),
  of('/checkpoints/([^/]+)', (world, _query, params) => ({
    metadata: {},
    state: params[1] === 'last' ? world.states.at(-1) : world.states[Number(params[1])],
  })),
  ['GET', /^\/v1\/sweeps$/, () => ({ body: { sweeps: [sweepSummary] } })],
  ['GET', /^\/v1\/sweeps\/[^/]+$/, () => ({ body: sweep })],
  of('/checkpoints', () => ({ checkpoints: [0, 10, 20, 30, 40], last: 40 })),
  of('/integrity', (world) => ({
    ok: true,
    files: [
      {
        name: 'events.jsonl',
        bytes: 412_000,
        lines: world.events.length,
        valid: world.events.length,
        corrupted: 0,
        duplicates: 0,
        torn: false,
      },
    ],
    problems: [],
    dangling_causes: { count: 0, samples: [] },
    cycles: { count: 0, samples: [] },
    order_violations: 0,
    dropped_total: 0,
    lost_total: 0,
  })),
]
