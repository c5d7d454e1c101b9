import type { FixtureRoute } from '../_fixture-server.ts'

const NOW = Date.now()
const DEPENDENCIES = {
  state_store: 'connected',
  auto_movie: 'connected',
  brain: 'unavailable',
  task_service: 'not_configured',
}
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()
const PAGE = `<!doctype html><html><head><meta charset="utf-8"><title>Task Result</title><style>body{font-family:sans-serif;margin:24px;color:#222}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:6px 12px}</style></head><body><h1>Sales by region</h1><p>Total revenue 6,500. North leads with 2,700.</p><table><tr><th>Region</th><th>Revenue</th></tr><tr><td>North</td><td>2700</td></tr><tr><td>East</td><td>2500</td></tr><tr><td>South</td><td>1300</td></tr></table></body></html>`
const CHART = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 500"><rect width="800" height="500" fill="#fff"/><text x="40" y="40" font-size="22" font-family="sans-serif">Revenue by region</text><rect x="90" y="120" width="150" height="320" fill="#0f766e"/><rect x="320" y="144" width="150" height="296" fill="#0f766e"/><rect x="550" y="286" width="150" height="154" fill="#0f766e"/></svg>`

type Row = Record<string, unknown>
const subtask = (id: string, description: string, status: string, rest: Row = {}): Row => ({
  ...{
    id: `subtask_${id}`,
    description,
    status,
    required_capabilities: ['data_analysis'],
    dependencies: [],
    priority: 7,
    estimated_duration: 30,
  },
  ...{
    input_data: {},
    assigned_agent: null,
    attempts: 0,
    queued_at: ago(95),
    started_at: null,
    finished_at: null,
    waiting_reason: null,
    blocked_by: [],
  },
  ...rest,
})
const result = (
  task: string,
  id: string,
  agent: string,
  output: Row | null,
  error: string | null,
  at: number,
  rest: Row = {},
): Row => ({
  ...{
    task_id: task,
    subtask_id: `subtask_${id}`,
    agent_id: agent,
    status: error ? 'failed' : 'completed',
    output,
    error,
  },
  ...{ execution_time: 1.42, attempt: 1, created_at: ago(at), ...rest },
})
const output = (summary: string, data: Row, rest: Row = {}): Row => ({
  success: true,
  data,
  summary,
  result: '',
  files_created: [],
  ...rest,
})
const progress = (completed: number, failed: number, blocked: number, running: number, total: number) => ({
  ...{
    completed,
    failed,
    blocked,
    cancelled: 0,
    running,
    total,
    percent: Math.round((100 * (completed + failed + blocked)) / total),
  },
})

export const DONE = 'task_260301101500_0123456789ab'
export const RUNNING = 'task_260301101600_1123456789ab'
export const FAILED = 'task_260301101700_2123456789ab'

const base = (id: string, description: string, status: string, at: number, rest: Row): Row => ({
  ...{
    id,
    user_id: 'default_user',
    description,
    status,
    created_at: ago(at),
    updated_at: ago(Math.max(1, at - 60)),
    result: null,
    error: null,
  },
  ...{ attachments: [], uploads_folder: null, decomposition_method: 'rules', ...rest },
})

const rows = [
  { date: '2025-01-05', region: 'North', product: 'A', revenue: 1200 },
  { date: '2025-02-03', region: 'North', product: 'B', revenue: 1500 },
  { date: '2025-03-01', region: 'East', product: 'C', revenue: 2500 },
]
const doneData = {
  row_count: 5,
  sum_revenue: 6500,
  mean_revenue: 1300,
  median_revenue: 1200,
  by_region: { North: { revenue: { sum: 2700 } }, East: { revenue: { sum: 2500 } }, South: { revenue: { sum: 1300 } } },
  by_month: {
    '2025-01': { revenue: { sum: 2000 } },
    '2025-02': { revenue: { sum: 2000 } },
    '2025-03': { revenue: { sum: 2500 } },
  },
  rows,
}
const doneOutput = output('Analysed 5 rows: revenue 6,500 in all, North leads with 2,700', doneData, {
  html_file: `artifacts/results/${DONE}_20260301_101530/subtask_a_agent_1.html`,
  files_created: ['output/filtered.csv', `artifacts/images/${DONE}/bar_1.svg`],
})
const readOutput = output(
  'Read 5 rows from sales.csv',
  { row_count: 5, rows },
  { html_file: `artifacts/results/${DONE}_20260301_101530/subtask_r_agent_3.html` },
)

const done = {
  task: base(
    DONE,
    'Analyze the attached CSV: total revenue by region, top products, monthly trends, with charts',
    'completed',
    600,
    {
      progress: progress(2, 0, 0, 0, 2),
      attachments: [
        {
          filename: 'sales.csv',
          original_filename: 'sales.csv',
          file_path: `artifacts/uploads/${DONE}/sales.csv`,
          file_size: 142,
          mime_type: 'text/csv',
          uploaded_at: ago(600),
        },
      ],
      subtasks: [
        subtask('r', 'Read the attached CSV file', 'completed', {
          required_capabilities: ['file_processing'],
          assigned_agent: 'agent_3',
          attempts: 1,
          started_at: ago(598),
          finished_at: ago(597),
        }),
        subtask('a', 'Total revenue by region, top products, monthly trends, with charts', 'completed', {
          assigned_agent: 'agent_1',
          attempts: 2,
          dependencies: ['subtask_r'],
          started_at: ago(590),
          finished_at: ago(588),
        }),
      ],
      result: {
        ...{ subtask_results: [], outputs: {}, data: doneData, files: ['output/filtered.csv'] },
        ...{ total_execution_time: 2.84, wall_time: 12.2, summary: 'Completed 2 subtasks' },
      },
    },
  ),
  subtask_results: [
    result(DONE, 'r', 'agent_3', readOutput, null, 597),
    result(DONE, 'a', 'agent_5', null, 'AGENT_LOST: no heartbeat for 60 s', 593, { attempt: 1 }),
    result(DONE, 'a', 'agent_1', doneOutput, null, 588, { attempt: 2 }),
  ],
}
const running = {
  task: base(
    RUNNING,
    'Fetch weather data from API, analyze temperature trends, and create summary report',
    'in_progress',
    42,
    {
      progress: progress(1, 0, 0, 1, 3),
      subtasks: [
        subtask('w', 'Fetch weather data from API', 'completed', {
          required_capabilities: ['api_integration'],
          assigned_agent: 'agent_2',
          attempts: 1,
          started_at: ago(40),
          finished_at: ago(30),
        }),
        subtask('t', 'analyze temperature trends', 'running', {
          assigned_agent: 'agent_5',
          attempts: 1,
          dependencies: ['subtask_w'],
          started_at: ago(28),
        }),
        subtask('s', 'create summary report', 'pending', {
          required_capabilities: ['code_generation'],
          dependencies: ['subtask_t'],
          priority: 5,
          waiting_reason: 'waits for "analyze temperature trends"',
        }),
      ],
    },
  ),
  subtask_results: [
    result(
      RUNNING,
      'w',
      'agent_2',
      output('Fetched 24 readings', { status: 200, extracted: [12.5, 13.1, 14] }),
      null,
      30,
      { execution_time: 9.6 },
    ),
  ],
}
const failed = {
  task: base(FAILED, 'Write a sonnet about the sea, then store it in database table poems', 'failed', 3600, {
    progress: progress(0, 1, 1, 0, 2),
    error:
      'Subtask subtask_p failed: MODEL_NOT_CONFIGURED: No built-in skill can carry out this step. Blocked: subtask_q',
    subtasks: [
      subtask('p', 'Write a sonnet about the sea', 'failed', {
        required_capabilities: ['code_generation'],
        assigned_agent: 'agent_4',
        attempts: 1,
        started_at: ago(3590),
        finished_at: ago(3589),
      }),
      subtask('q', 'store it in database table poems', 'blocked', {
        required_capabilities: ['database_operations'],
        dependencies: ['subtask_p'],
        blocked_by: ['subtask_p'],
      }),
    ],
  }),
  subtask_results: [
    result(
      FAILED,
      'p',
      'agent_4',
      null,
      'MODEL_NOT_CONFIGURED: No built-in skill can carry out this step and no language model is configured. Set ANTHROPIC_API_KEY, or LLM_PROVIDER with LLM_BASE_URL, LLM_API_KEY and LLM_MODEL, or CLAUDECODE=1, restart the orchestrator and agents, then retry. Closest built-in skills: report and combination.',
      3589,
    ),
  ],
}
const all: Record<string, { task: Row; subtask_results: Row[] }> = {
  [RUNNING]: running,
  [DONE]: done,
  [FAILED]: failed,
}

const agents = [
  ['data_analysis', 'code_generation'],
  ['web_scraping', 'api_integration'],
  ['file_processing', 'database_operations'],
  ['code_generation', 'api_integration'],
  ['data_analysis', 'database_operations'],
].map((capabilities, i) => ({
  ...{
    agent_id: `agent_${i + 1}`,
    port: 8001 + i,
    base_url: `http://localhost:${8001 + i}`,
    capabilities,
    is_available: i !== 4,
  },
  ...{
    current_task: i === 4 ? 'subtask_t' : null,
    cpu_usage: 12.5 + i * 17,
    memory_usage: 41 + i,
    tasks_completed: 12 + i * 3,
    last_heartbeat: ago(2 + i),
    sdk_enabled: true,
    process_memory_bytes: 61_000_000,
  },
}))
const LEVELS = ['INFO', 'INFO', 'DEBUG', 'WARN', 'ERROR']
const logs = Array.from({ length: 240 }, (_, i) => ({
  ...{
    id: 240 - i,
    agent_id: i % 4 === 0 ? 'orchestrator' : `agent_${(i % 5) + 1}`,
    task_id: i % 3 === 0 ? null : DONE,
    log_level: LEVELS[i % 5],
  },
  ...{
    message: [
      'Subtask assigned',
      'Built-in skill table_analysis chosen (confidence 0.97)',
      'Read 5 rows',
      'Heartbeat late by 12 s',
      'TIMEOUT: exceeded 300 s',
    ][i % 5],
    metadata: i % 2 ? { subtask_id: 'subtask_a', duration_ms: 120 + i } : null,
    created_at: ago(i * 7),
  },
}))
const folder = `${DONE}_20260301_101530`
const files = (subtaskId: string, agent: string) => ({
  name: `${subtaskId}_${agent}.html`,
  subtask_id: subtaskId,
  agent_id: agent,
  size: PAGE.length,
})
const approval = {
  id: 'appr_1',
  task_id: RUNNING,
  subtask_id: 'subtask_t',
  agent_id: 'agent_5',
  tool: 'store_rows',
  arguments: { table: 'readings', rows: 24 },
  requested_at: ago(20),
  expires_at: new Date(NOW + 100_000).toISOString(),
  status: 'pending',
}
let approvals = [approval]

const html = (body: string) => ({ body, type: 'text/html; charset=utf-8' })

/** The task contract's HTTP answers, with three tasks: one running, one completed, one failed. */
export const taskRoutes: FixtureRoute[] = [
  [
    'GET',
    /^\/health$/,
    () => ({
      body: {
        status: 'healthy',
        version: '0.1.0',
        uptime_seconds: 12,
        model_configured: false,
        dependencies: DEPENDENCIES,
      },
    }),
  ],
  [
    'POST',
    /^\/tasks$/,
    ({ body }) =>
      /name="description"\r\n\r\n[^\r]{10,}/.test(body)
        ? {
            body: {
              task_id: RUNNING,
              status: 'created',
              subtasks_count: 3,
              initial_subtasks_queued: 1,
              files_uploaded: body.includes('filename=') ? 1 : 0,
            },
          }
        : {
            status: 400,
            body: {
              detail: 'description: use 10 to 5000 characters',
              code: 'VALIDATION_ERROR',
              errors: [{ field: 'description', message: 'at least 10 characters' }],
            },
          },
  ],
  [
    'GET',
    /^\/tasks$/,
    () => ({ body: { tasks: Object.values(all).map((one) => one.task), total_count: 3, limit: 50, offset: 0 } }),
  ],
  [
    'GET',
    /^\/tasks\/([^/]+)\/files$/,
    ({ params }) => ({
      body:
        params[0] === DONE
          ? {
              attachments: done.task.attachments,
              outputs: [{ path: 'output/filtered.csv', size: 88, mime_type: 'text/csv', subtask_id: 'subtask_a' }],
              artifacts: [
                {
                  path: `artifacts/images/${DONE}/bar_1.svg`,
                  size: CHART.length,
                  mime_type: 'image/svg+xml',
                  subtask_id: 'subtask_a',
                },
              ],
            }
          : { attachments: [], outputs: [], artifacts: [] },
    }),
  ],
  [
    'GET',
    /^\/tasks\/([^/]+)\/(files|outputs)\/(.+)$/,
    () => ({ body: 'region,revenue\nNorth,2700\n', type: 'text/csv' }),
  ],
  [
    'GET',
    /^\/tasks\/([^/]+)$/,
    ({ params }) =>
      all[params[0] ?? '']
        ? { body: all[params[0] ?? ''] }
        : { status: 404, body: { detail: 'Task not found', code: 'TASK_NOT_FOUND' } },
  ],
  [
    'POST',
    /^\/tasks\/([^/]+)\/cancel$/,
    ({ params }) => ({ body: { task_id: params[0], status: 'cancelled', cancelled_subtasks: 2 } }),
  ],
  [
    'POST',
    /^\/tasks\/([^/]+)\/(?:subtasks\/[^/]+\/)?retry$/,
    ({ params }) => ({
      body: { task_id: params[0], status: 'in_progress', requeued: ['subtask_p'], unblocked: ['subtask_q'] },
    }),
  ],
  ['DELETE', /^\/tasks\/([^/]+)$/, ({ params }) => ({ body: { task_id: params[0], deleted: true } })],
  ['GET', /^\/agents$/, () => ({ body: { agents } })],
  [
    'GET',
    /^\/logs$/,
    ({ query }) => {
      const level = query.getAll('log_level')
      const fit = logs.filter(
        (log) =>
          (level.length === 0 || level.includes(log.log_level ?? '')) &&
          (!query.get('q') || log.message?.includes(query.get('q') ?? '')) &&
          (!query.get('task_id') || log.task_id === query.get('task_id')) &&
          (!query.get('agent_id') || log.agent_id === query.get('agent_id')),
      )
      const offset = Number(query.get('offset') ?? 0)
      return { body: { logs: fit.slice(offset, offset + Number(query.get('limit') ?? 100)), total_count: fit.length } }
    },
  ],
  [
    'GET',
    /^\/results$/,
    () => ({
      body: {
        folders: [
          { name: folder, task_id: DONE, created_at: ago(588), files: 2, size: 2 * PAGE.length },
          { name: `${FAILED}_20260228_090000`, task_id: FAILED, created_at: ago(90_000), files: 1, size: PAGE.length },
        ],
      },
    }),
  ],
  [
    'GET',
    /^\/results\/([^/]+)$/,
    ({ params }) => ({
      body: { name: params[0], files: [files('subtask_a', 'agent_1'), files('subtask_r', 'agent_3')] },
    }),
  ],
  ['GET', /^\/results\/[^/]+\/archive$/, () => ({ body: 'PK', type: 'application/zip' })],
  ['GET', /^\/results\/([^/]+)\/(.+)$/, () => html(PAGE)],
  [
    'GET',
    /^\/artifacts\/info$/,
    () => ({
      body: {
        base_directory: 'artifacts',
        results: { count: 3, size_mb: 0.01 },
        uploads: { count: 1, size_mb: 0.01 },
        reports: { count: 0, size_mb: 0 },
        data: { count: 1, size_mb: 0.02 },
        images: { count: 2, size_mb: 0.05 },
        total_files: 7,
        total_size_mb: 0.09,
      },
    }),
  ],
  ['GET', /^\/artifacts\/images\/.+$/, () => ({ body: CHART, type: 'image/svg+xml' })],
  ['GET', /^\/approvals$/, () => ({ body: { approvals } })],
  [
    'POST',
    /^\/approvals\/([^/]+)$/,
    ({ body }) => {
      const decision = (JSON.parse(body) as { decision: string }).decision
      approvals = []
      return { body: { ...approval, status: decision === 'approve' ? 'approved' : 'denied' } }
    },
  ],
]
