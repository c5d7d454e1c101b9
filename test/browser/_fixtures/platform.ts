import type { FixtureRoute } from '../_fixture-server.ts'

type Row = Record<string, unknown>
const NOW = Date.now()
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()
const later = (seconds: number) => ago(-seconds)

const decision = (id: string, rest: Row): Row => ({
  ...{
    id,
    domain: 'planning',
    kind: 'approve',
    status: 'open',
    type: 'budget_decision',
    title: '',
    prompt: '',
    options: [],
    form: null,
    evidence: [],
  },
  ...{
    blocks: null,
    subject_type: null,
    subject_id: null,
    scope: null,
    run_id: 'run_plan',
    assignment_id: null,
    roles: ['Approver'],
    users: [],
  },
  ...{
    deadline: null,
    on_timeout: 'escalate',
    default_answer: null,
    escalation: [],
    escalation_step: 0,
    escalated_at: null,
    answer: null,
  },
  ...{
    answered_by: null,
    answered_at: null,
    automatic: false,
    superseded_by: null,
    data: {},
    correlation_id: 'c1',
    event_id: null,
  },
  ...{ created_by: 'Budget agent', created_at: ago(7200), updated_at: ago(7200), may_answer: true, ...rest },
})

const open = [
  decision('dec_budget', {
    title: 'Approve the budget of 45,500 USD for AI Summit 2025',
    prompt:
      'The plan is **3,500 USD above** the first estimate. Venue and catering are quoted; travel is estimated.\n\n- Contingency is 10 %\n- Deposit due in 5 days',
    blocks: 'Logistics of AI Summit 2025',
    deadline: later(20_000),
    evidence: [
      { title: 'Total', kind: 'money', value: { amount: 45_500, currency: 'USD' } },
      {
        title: 'By category',
        kind: 'table',
        value: {
          columns: ['Category', 'Plan', 'Quoted'],
          rows: [
            ['Venue', 18_000, 19_500],
            ['Catering', 12_000, 11_200],
            ['Sound and light', 6000, 6000],
            ['Travel', 9500, null],
          ],
        },
      },
      {
        title: 'Against the version before',
        kind: 'diff',
        value: { before: { guests: 180, catering: 10_800 }, after: { guests: 200, catering: 12_000 } },
      },
    ],
  }),
  decision('dec_venue', {
    kind: 'choose',
    type: 'venue_choice',
    title: 'Which venue shall we book?',
    prompt: 'Three venues fit 200 people on 14 and 15 November.',
    options: [
      {
        id: 'v1',
        label: 'Harbour Hall',
        description: '260 seats, 19,500 USD, 8 min from the station',
        recommended: true,
      },
      { id: 'v2', label: 'Old Mill', description: '210 seats, 14,000 USD, no breakout rooms' },
      { id: 'v3', label: 'Campus East', description: '400 seats, 22,000 USD' },
    ],
    escalated_at: ago(3000),
    blocks: 'the contract',
  }),
  decision('dec_story', {
    domain: 'movies',
    kind: 'answer',
    type: 'story_question',
    title: 'What does the keeper find in the letter?',
    prompt: 'The treatment leaves it open; the storyboard needs to show it.',
    form: {
      type: 'object',
      required: ['finding'],
      properties: {
        finding: { type: 'string', maxLength: 500, title: 'What is in the letter?' },
        tone: { enum: ['hopeful', 'eerie', 'plain'], title: 'Tone' },
      },
    },
    created_by: 'Writer',
  }),
]
const answered = [
  decision('dec_old', {
    status: 'answered',
    title: 'Use the plain title font?',
    answer: { choice: 'approve', comment: 'Legible on small screens.' },
    answered_by: 'you',
    answered_at: ago(90_000),
    domain: 'movies',
  }),
  decision('dec_exp', {
    status: 'expired',
    title: 'Order printed badges?',
    answer: null,
    automatic: true,
    updated_at: ago(180_000),
  }),
]

const run = (id: string, rest: Row): Row => ({
  ...{
    id,
    domain: 'planning',
    kind: 'planning.session',
    key: 'brief_1',
    title: 'AI Summit 2025',
    owner: 'you',
    status: 'waiting',
    holds: ['decision'],
  },
  ...{
    stage: 'budget@1',
    stage_no: 4,
    progress: 0.45,
    result: null,
    error: null,
    cost: { usd: 0.42 },
    limits: {},
    waiting_since: ago(7200),
  },
  ...{
    wake_at: null,
    correlation_id: 'c1',
    forked_from: null,
    parent_id: null,
    created_at: ago(9000),
    updated_at: ago(7200),
    started_at: ago(8990),
    finished_at: null,
    ...rest,
  },
})
const runs = [
  run('run_plan', {}),
  run('run_film', {
    domain: 'movies',
    kind: 'movies.workflow',
    title: 'The Keeper: storyboard',
    status: 'running',
    holds: [],
    stage: 'storyboard@2',
    progress: 0.7,
    waiting_since: null,
    updated_at: ago(4),
    started_at: ago(400),
    created_at: ago(420),
  }),
  run('run_sim', {
    domain: 'simulation',
    kind: 'simulation.job',
    title: 'Three traders',
    status: 'completed',
    holds: [],
    stage: 'done@1',
    progress: 1,
    waiting_since: null,
    finished_at: ago(800),
    updated_at: ago(800),
    result: { turns: 40, outcome: 'completed' },
  }),
  run('run_bad', {
    title: 'Meetup March',
    status: 'failed',
    holds: [],
    stage: 'research@1',
    progress: 0.2,
    waiting_since: null,
    finished_at: ago(5000),
    error: { code: 'NETWORK_ERROR', message: 'The venue register did not answer (timeout after 30 s)' },
  }),
]
const step = (
  stage_no: number,
  stage: string,
  name: string,
  kind: string,
  from: number,
  to: number | null,
  rest: Row = {},
): Row => ({
  ...{
    run_id: 'run_plan',
    stage_no,
    stage,
    step: name,
    kind,
    status: to === null ? 'running' : 'completed',
    attempts: 1,
    agent_id: null,
  },
  ...{
    input: { brief: 'AI Summit 2025' },
    output: to === null ? null : { ok: true },
    error: null,
    usage: null,
    started_at: ago(from),
    finished_at: to === null ? null : ago(to),
    ...rest,
  },
})
const steps = [
  step(1, 'initiate@1', 'initiate@1', 'stage', 8990, 8950),
  step(1, 'initiate@1', 'read brief', 'perform', 8988, 8970, {
    agent_id: 'planner',
    usage: { input_tokens: 812, output_tokens: 240, usd: 0.02 },
  }),
  step(1, 'initiate@1', 'save brief', 'write', 8969, 8968),
  step(2, 'plan@1', 'plan@1', 'stage', 8950, 8850),
  step(2, 'plan@1', 'draft plan', 'perform', 8949, 8900, { agent_id: 'planner', attempts: 2 }),
  step(2, 'plan@1', 'check plan', 'perform', 8899, 8860, { agent_id: 'reviewer' }),
  step(3, 'research@1', 'research@1', 'stage', 8850, 8700),
  step(3, 'research@1', 'find venues', 'perform', 8848, 8760, { agent_id: 'venue' }),
  step(3, 'research@1', 'ask register', 'step', 8758, 8720, {
    status: 'failed',
    attempts: 3,
    error: { message: 'timeout' },
  }),
]

const LEVELS = ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL']
const TYPES = ['run.started', 'decision.raised', 'task.assigned', 'artifact.saved', 'tool.called']
const DOMAINS = ['tasks', 'planning', 'movies', 'simulation']
const eventId = (i: number) => `01JABCDEFGHJKMNPQRSTV${String(i).padStart(5, '0')}`
const events = Array.from({ length: 600 }, (_, i) => ({
  ...{
    id: eventId(i),
    at: ago(i * 3),
    domain: DOMAINS[i % 4],
    type: TYPES[i % 5],
    level: LEVELS[i % 5],
    stream: 'run:run_plan',
    seq: 600 - i,
  },
  ...{
    run_id: i % 2 ? null : 'run_plan',
    agent_id: i % 3 ? `agent_${(i % 5) + 1}` : null,
    actor: 'system',
    correlation_id: 'c1',
  },
  ...{
    causes: i < 590 ? [eventId(i + 1), ...(i % 4 === 0 ? [eventId(i + 3)] : [])] : [],
    summary: [
      'AI Summit 2025 started',
      'Budget approval asked',
      'Subtask given to agent_2',
      'Budget saved as version 3',
      'web_fetch answered in 412 ms',
    ][i % 5],
    data: { n: i },
  },
}))
const byId = new Map(events.map((event) => [event.id, event]))

function walk(id: string, depth: number, side: string): Row[] {
  const out: Row[] = []
  let front = [id]
  const seen = new Set(front)
  for (let hop = 1; hop <= depth; hop++) {
    const next =
      side === 'causes'
        ? front.flatMap((one) => byId.get(one)?.causes ?? [])
        : events.filter((event) => event.causes.some((cause) => front.includes(cause))).map((event) => event.id)
    front = next.filter((one) => !seen.has(one))
    for (const one of front) seen.add(one)
    out.push(...[...new Set(front)].map((one) => ({ event: byId.get(one), depth: hop })))
  }
  return out
}

const agent = (pool: string, id: string, rest: Row = {}): Row => ({
  ...{
    pool,
    id,
    transport: 'http',
    endpoint: `http://127.0.0.1:80${id.slice(-1).padStart(2, '0')}`,
    capabilities: ['data_analysis', 'code_generation'],
    slots: 1,
    running: 0,
  },
  ...{
    instance: 'i',
    status: 'available',
    reported_available: true,
    current_work: null,
    cpu_usage: 12,
    memory_usage: 40,
    process_memory_bytes: 61e6,
    sdk_version: null,
  },
  ...{
    errors: 0,
    meta: {},
    registered_at: ago(4000),
    seen_at: ago(3),
    dead_at: null,
    alive: true,
    free: 1,
    completed: 14,
    failed: 1,
    success_rate: 93,
    mean_seconds: 2.4,
    last_error: null,
    ...rest,
  },
})
const agents = [
  agent('tasks', 'agent_1'),
  agent('tasks', 'agent_2', {
    status: 'busy',
    running: 1,
    current_work: 'subtask_t',
    capabilities: ['web_scraping', 'api_integration'],
  }),
  agent('tasks', 'agent_3', {
    status: 'offline',
    alive: false,
    seen_at: ago(500),
    last_error: 'AGENT_LOST: no heartbeat for 60 s',
  }),
  agent('movies', 'storyboard_1', { capabilities: ['storyboard'], slots: 4, running: 2, status: 'maintenance' }),
]
const keys = [
  {
    id: 'key_1',
    name: 'CI pipeline',
    roles: ['Organizer'],
    scopes: [],
    created_at: ago(90_000),
    expires_at: later(8e6),
    last_used_at: ago(60),
    revoked_at: null,
  },
  {
    id: 'key_2',
    name: 'Old laptop',
    roles: ['Viewer'],
    scopes: [],
    created_at: ago(990_000),
    expires_at: null,
    last_used_at: null,
    revoked_at: ago(1000),
  },
]

/** The platform's own answers: questions, runs, events, agents, keys. */
export const platformRoutes: FixtureRoute[] = [
  [
    'GET',
    /^\/v1\/home$/,
    () => ({
      body: {
        waiting: { total: 3, oldest: ago(7200), decisions: open },
        running: {
          total: 2,
          runs: runs.slice(0, 2),
          plans: [
            {
              id: 'plan_1',
              domain: 'tasks',
              subject: 'task_260301101600_1123456789ab',
              created_at: ago(42),
              total: 3,
              completed: 1,
              running: 1,
              agents: ['agent_5'],
            },
          ],
        },
        failures: [
          {
            domain: 'tasks',
            code: 'MODEL_NOT_CONFIGURED',
            count: 3,
            last: ago(3000),
            example:
              'MODEL_NOT_CONFIGURED: No built-in skill can carry out this step and no language model is configured.',
          },
          {
            domain: 'planning',
            code: 'NETWORK_ERROR',
            count: 1,
            last: ago(5000),
            example: 'NETWORK_ERROR: The venue register did not answer',
          },
        ],
        fleet: [
          { pool: 'movies', total: 1, alive: 1, running: 2, slots: 4 },
          { pool: 'tasks', total: 5, alive: 4, running: 2, slots: 5 },
        ],
        spent_today: { usd: 1.2345, tokens: 48_211, calls: 37 },
      },
    }),
  ],
  [
    'GET',
    /^\/v1\/decisions$/,
    ({ query }) => {
      const list = query.get('status') === 'open' ? open : answered
      return { body: { decisions: list, total: list.length } }
    },
  ],
  [
    'POST',
    /^\/v1\/decisions\/([^/]+)\/answer$/,
    ({ params }) => {
      const at = open.findIndex((one) => one.id === params[0])
      const [taken] = at >= 0 ? open.splice(at, 1) : []
      return taken
        ? { body: { ...taken, status: 'answered' } }
        : { status: 409, body: { code: 'ALREADY_ANSWERED', message: 'Maria answered this question 2 minutes ago' } }
    },
  ],
  [
    'GET',
    /^\/v1\/runs$/,
    ({ query }) => {
      const list = runs.filter(
        (one) =>
          (!query.get('status') || one.status === query.get('status')) &&
          (!query.get('domain') || one.domain === query.get('domain')),
      )
      return { body: { runs: list, total: list.length } }
    },
  ],
  [
    'GET',
    /^\/v1\/runs\/([^/]+)$/,
    ({ params }) => {
      const one = runs.find((candidate) => candidate.id === params[0])
      return one ? { body: one } : { status: 404, body: { code: 'NOT_FOUND', message: `No run ${params[0]}` } }
    },
  ],
  ['GET', /^\/v1\/runs\/([^/]+)\/steps$/, () => ({ body: { steps } })],
  [
    'POST',
    /^\/v1\/runs\/([^/]+)\/(pause|resume|cancel|retry|fork)$/,
    ({ params }) => ({ body: runs.find((one) => one.id === params[0]) ?? runs[0] }),
  ],
  [
    'GET',
    /^\/v1\/events$/,
    ({ query }) => {
      const fit = events.filter(
        (event) =>
          (!query.get('run_id') || event.run_id === query.get('run_id')) &&
          (!query.get('domain') || event.domain === query.get('domain')) &&
          (!query.get('level') || LEVELS.indexOf(event.level ?? '') <= LEVELS.indexOf(query.get('level') ?? '')) &&
          (!query.get('q') || event.summary?.toLowerCase().includes((query.get('q') ?? '').toLowerCase())),
      )
      const from = query.get('after') ? fit.findIndex((event) => event.id === query.get('after')) + 1 : 0
      const page = fit.slice(from, from + Number(query.get('limit') ?? 100))
      return { body: { events: page, next_cursor: from + page.length < fit.length ? page.at(-1)?.id : null } }
    },
  ],
  [
    'GET',
    /^\/v1\/events\/([^/]+)$/,
    ({ params }) =>
      byId.has(params[0] ?? '')
        ? { body: byId.get(params[0] ?? '') }
        : { status: 404, body: { code: 'NOT_FOUND', message: `No event ${params[0]}` } },
  ],
  [
    'GET',
    /^\/v1\/events\/([^/]+)\/(causes|effects)$/,
    ({ params, query }) => ({
      body: {
        event: byId.get(params[0] ?? ''),
        related: walk(params[0] ?? '', Number(query.get('depth') ?? 5), params[1] ?? ''),
      },
    }),
  ],
  ['GET', /^\/v1\/agents$/, () => ({ body: { agents } })],
  ['POST', /^\/v1\/agents$/, () => ({ status: 201, body: { agent_id: 'agent_6', agent_token: 'at_sample' } })],
  ['POST', /^\/v1\/agents\/([^/]+)\/([^/]+)\/(drain|offline|resume)$/, () => ({ body: agents[0] })],
  [
    'GET',
    /^\/v1\/me$/,
    () => ({
      body: {
        id: 'local',
        name: 'Local developer',
        kind: 'user',
        roles: ['Admin', 'Organizer', 'Approver'],
        scopes: ['*'],
        auth_mode: 'dev',
      },
    }),
  ],
  ['GET', /^\/v1\/keys$/, () => ({ body: { keys } })],
  ['POST', /^\/v1\/keys$/, () => ({ status: 201, body: { ...keys[0], secret: 'tk_sample_secret' } })],
]
