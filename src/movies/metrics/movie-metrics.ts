import type { Kernel } from '../../kernel/kernel.ts'
import type { Counter, Histogram, Metrics } from '../../kernel/telemetry/metrics.ts'
import { noMetrics } from '../../kernel/telemetry/no-metrics.ts'
import { metrics } from '../../kernel/telemetry/part.ts'
import { workflowCap } from '../workflow-cap.ts'
import { hostMetrics } from './host-metrics.ts'
import { serviceMetrics } from './service-metrics.ts'
import { storeGauge } from './store-gauge.ts'
import { storeMetrics } from './store-metrics.ts'

const LONG = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14_400]
const BYTES = [256, 1024, 8192, 65_536, 262_144, 1_048_576, 16_777_216]
const TASK = [0.05, 0.2, 1, 5, 15, 60, 120, 300, 600, 900]

const made = new WeakMap<Metrics, MovieMetrics>()
export type MovieMetrics = ReturnType<typeof define>

/** The metrics of contract 6.3 that this domain emits. Made once per registry. */
export function movieMetrics(kernel: Kernel): MovieMetrics {
  let registry: Metrics
  try {
    registry = kernel.use(metrics)
  } catch {
    registry = noMetrics // a kernel without telemetry, as in unit tests
  }
  const found = made.get(registry)
  if (found) return found
  const defined = define(kernel, registry)
  made.set(registry, defined)
  return defined
}

function define(kernel: Kernel, registry: Metrics) {
  const scope = registry.scope('movies')
  const counter = (name: string, help: string, ...labels: string[]): Counter => scope.counter({ name, help, labels })
  const histogram = (name: string, help: string, buckets: number[], ...labels: string[]): Histogram =>
    scope.histogram({ name, help, labels, buckets })
  const gauge = storeGauge(kernel, scope)
  gauge(
    'workflows_active',
    'Movie workflows that run or are paused',
    ['project_id', 'workflow_type'],
    `select project_id, workflow_type, count(*) as value from movies.workflows where status in ('running', 'paused') group by 1, 2`,
  )
  gauge(
    'workflows_silent',
    'Running movie workflows without an event for 30 minutes',
    ['workflow_type'],
    `select workflow_type, count(*) as value from movies.workflows where status = 'running' and not queued and last_event_at < now() - interval '30 minutes' group by 1`,
  )
  gauge('workflow_cap', 'Movie workflows that may run at once', [], `select ${workflowCap(kernel)} as value`)
  gauge(
    'agent_health_status',
    '1 when the movie agent can be reached and is not offline',
    ['agent_id'],
    `select agent_id, case when status = 'offline' or health->>'status' = 'unhealthy' then 0 else 1 end as value from movies.agents`,
  )
  gauge(
    'tasks_active',
    'Movie tasks that are pending or running',
    ['task_type'],
    `select task_type, count(*) as value from movies.tasks where status in ('pending', 'running') and not superseded group by 1`,
  )
  gauge(
    'project_workflows',
    'Movie workflows of a project',
    ['project_id'],
    'select project_id, count(*) as value from movies.workflows group by 1',
  )
  gauge(
    'decisions_pending',
    'Decisions of movie workflows that wait for a person',
    ['point'],
    `select type as point, count(*) as value from kernel.decisions where domain = 'movies' and status = 'open' group by 1`,
  )
  gauge(
    'decisions_overdue',
    'Decisions of movie workflows past their deadline',
    ['point'],
    `select type as point, count(*) as value from kernel.decisions where domain = 'movies' and status = 'open' and deadline < now() group by 1`,
  )
  storeMetrics(kernel, scope)
  hostMetrics(kernel, scope)
  return {
    ...serviceMetrics(kernel, scope),
    workflowCreated: counter(
      'workflow_created_total',
      'Movie workflows created',
      'project_id',
      'workflow_type',
      'priority',
    ),
    workflowCompleted: counter(
      'workflow_completed_total',
      'Movie workflows ended',
      'project_id',
      'workflow_type',
      'status',
    ),
    workflowSeconds: histogram('workflow_duration_seconds', 'From start to end', LONG, 'project_id', 'workflow_type'),
    workflowErrors: counter(
      'workflow_errors_total',
      'Errors of movie workflows',
      'project_id',
      'workflow_type',
      'error_type',
    ),
    agentRegistered: counter('agent_registered_total', 'Movie agents registered', 'agent_category', 'agent_version'),
    agentAssigned: counter('agent_tasks_assigned_total', 'Tasks given to movie agents', 'agent_id', 'task_type'),
    agentCompleted: counter('agent_tasks_completed_total', 'Tasks ended by movie agents', 'agent_id', 'status'),
    agentSeconds: histogram(
      'agent_task_duration_seconds',
      'Time of a movie agent for a task',
      TASK,
      'agent_id',
      'task_type',
    ),
    agentErrors: counter('agent_errors_total', 'Errors of movie agents', 'agent_id', 'error_type'),
    taskCreated: counter('task_created_total', 'Movie tasks created', 'workflow_type', 'task_type', 'priority'),
    taskCompleted: counter('task_completed_total', 'Movie tasks ended', 'workflow_type', 'task_type', 'status'),
    taskRetries: counter('task_retries_total', 'Movie tasks tried again', 'workflow_type', 'task_type', 'status'),
    taskSeconds: histogram('task_duration_seconds', 'Time of a movie task', TASK, 'task_type'),
    projectCreated: counter('project_created_total', 'Movie projects created', 'project_type'),
    decisionWait: histogram('decision_wait_seconds', 'Time a decision waited', LONG, 'point'),
    videoSeconds: histogram('video_processing_duration_seconds', 'Time to make media', TASK, 'kind'),
    optimizationSeconds: histogram('content_optimization_duration_seconds', 'Time to optimise content', TASK, 'kind'),
    requestBytes: histogram(
      'http_request_size_bytes',
      'Length of request bodies',
      BYTES,
      'method',
      'endpoint',
      'status_code',
    ),
    responseBytes: histogram(
      'http_response_size_bytes',
      'Length of answers',
      BYTES,
      'method',
      'endpoint',
      'status_code',
    ),
    rateLimitHits: counter('api_rate_limit_hits_total', 'Calls refused by the rate limit', 'endpoint'),
  }
}
