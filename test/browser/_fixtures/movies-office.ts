import type { FixtureRoute } from '../_fixture-server.ts'

type Row = Record<string, unknown>
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

const project = (rest: Row): Row => ({
  project_id: 'drowned-bell',
  user_id: 'local',
  title: 'The Drowned Bell',
  description: 'Under a harbour town a bell rings before each storm.',
  genre: 'mystery',
  target_duration: 90,
  style_preferences: { visual_style: 'ink and wash', tone: 'hushed' },
  characters: [{ name: 'Ada', description: 'a diver who lost her brother' }, { name: 'Bruno' }],
  settings: [{ name: 'Old pier' }],
  themes: ['grief', 'duty'],
  content_rating: 'PG',
  status: 'in_production',
  deadline: null,
  budget_constraints: { max_workflows: 3 },
  custom_requirements: '',
  source: 'local',
  created_at: ago(300),
  updated_at: ago(12),
  ...rest,
})
const projects = [
  project({}),
  project({ project_id: 'night-market', title: 'Night Market', status: 'draft', source: 'auto_movie' }),
]
const audit = [
  ['decision.answered', 'decision', 'story_approval_001', 'user-7', { choice: 'approved', automatic: false }],
  ['workflow.created', 'workflow', '7b6f1f3e-1f2a-4c1e-9a70-0d5f3f1b2a02', 'user-7', { title: 'Kite', priority: 5 }],
  ['key.refused', 'request', 'GET /api/v1/workflows', 'anonymous', null],
].map(([action, entity_type, entity_id, actor, after], i) => ({
  id: `a${i}`,
  at: ago(i * 7),
  actor,
  action,
  entity_type,
  entity_id,
  before: null,
  after,
  correlation_id: `c${i}`,
  source_address: '127.0.0.1',
}))

const METRICS = `# TYPE circuit_state gauge
circuit_state{service="auto_movie"} 0
circuit_state{service="brain"} 2
circuit_state{service="task_service"} 0
workflows_active{project_id="a",workflow_type="movie_creation"} 3
decisions_pending{point="final_approval"} 1
agent_health_status{agent_id="x"} 1
tasks_active{task_type="frames"} 12
tasks_active{task_type="story_arc"} 1
workflow_completed_total{status="completed"} 19
workflow_completed_total{status="failed"} 1
http_request_duration_seconds_bucket{le="0.05"} 90
http_request_duration_seconds_bucket{le="0.1"} 99
http_request_duration_seconds_bucket{le="+Inf"} 100
app_uptime_seconds 8040
process_resident_memory_bytes 262144000
state_store_size_bytes 41943040
state_store_connections 12
state_store_blocked 0
`

const P = '^/api/v1/projects/([^/]+)'
/** What the people around a production look at: projects, audit, figures. */
export const movieOfficeRoutes: FixtureRoute[] = [
  ['GET', /^\/api\/v1\/projects$/, () => ({ body: { projects, total_count: projects.length, has_more: false } })],
  [
    'POST',
    /^\/api\/v1\/projects$/,
    ({ body }) => ({ status: 201, body: project({ ...(JSON.parse(body) as Row), project_id: 'drowned-bell' }) }),
  ],
  [
    'GET',
    new RegExp(`${P}$`),
    ({ params }) => {
      const found = projects.find((one) => one.project_id === params[0])
      return found ? { body: found } : { status: 404, body: { error: 'No such project', code: 'PROJECT_NOT_FOUND' } }
    },
  ],
  ['GET', /^\/api\/v1\/audit$/, () => ({ body: { entries: audit, total_count: audit.length, has_more: false } })],
  ['GET', /^\/metrics$/, () => ({ type: 'text/plain', body: METRICS })],
]
