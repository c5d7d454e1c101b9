import type { Kernel } from '../kernel/kernel.ts'
import { part } from '../kernel/kernel.ts'
import type { Counter, Histogram, MetricScope, Metrics } from '../kernel/telemetry/metrics.ts'

type TaskMetrics = { dispatch: Counter; tools: Counter; duration: Histogram; execution: Histogram }
let metrics: TaskMetrics | undefined

/** Counts each dispatch attempt by its outcome. */
export const dispatchMetrics = (outcome: string): void => metrics?.dispatch.inc({ outcome })
export const countToolCall = (tool: string, outcome: string): void => metrics?.tools.inc({ tool, outcome })

/** The metrics of 6.4. What is stored is read when asked, so that counts survive a restart. */
export function defineTaskMetrics(kernel: Kernel): void {
  const scope: MetricScope = kernel.use(part<Metrics>('metrics')).scope('tasks')
  metrics = {
    dispatch: scope.counter({
      name: 'dispatch_attempts_total',
      help: 'Dispatch attempts by outcome',
      labels: ['outcome'],
    }),
    tools: scope.counter({ name: 'tool_calls_total', help: 'Tool calls', labels: ['tool', 'outcome'] }),
    duration: scope.histogram({ name: 'task_duration_seconds', help: 'Wall time of finished tasks' }),
    execution: scope.histogram({
      name: 'subtask_execution_seconds',
      help: 'Execution time of subtasks',
      labels: ['agent', 'capability'],
    }),
  }
  scope.counter({ name: 'model_calls_total', help: 'Calls of language models', labels: ['purpose', 'outcome'] })
  scope.histogram({ name: 'model_call_seconds', help: 'Duration of model calls', labels: ['purpose', 'outcome'] })
  const count = (name: string, help: string, labels: string[], sql: string) => {
    const before = new Map<string, Record<string, string>>()
    scope.gauge({
      name,
      help,
      labels,
      collect: async (gauge) => {
        const { rows } = await kernel.db.query(sql)
        const gone = new Map(before)
        before.clear()
        for (const { value, ...labelValues } of rows as { value: unknown }[]) {
          const key = JSON.stringify(labelValues)
          gone.delete(key)
          before.set(key, labelValues)
          gauge.set(labelValues, Number(value))
        }
        for (const labelValues of gone.values()) gauge.remove(labelValues)
      },
    })
  }
  count(
    'tasks_total',
    'Tasks by status',
    ['status'],
    'select status, count(*) as value from tasks.tasks group by status',
  )
  count(
    'subtasks_total',
    'Subtasks by status',
    ['status'],
    'select status, count(*) as value from tasks.subtask_states group by status',
  )
  count(
    'queue_length',
    'Waiting items',
    ['queue'],
    `select q as queue, (select count(*) from kernel.assignments where pool = 'tasks' and status = 'ready' and q = 'agent_tasks') as value from unnest(array['agent_tasks', 'agent_results']) q`,
  )
  const agents = `from kernel.agents where pool = 'tasks'` // the dead ones too: alerts are about them
  count(
    'agent_available',
    'Whether an agent takes work',
    ['agent'],
    `select id as agent, (dead_at is null and reported_available and running < slots)::int as value ${agents}`,
  )
  count(
    'agent_utilization_ratio',
    'Share of slots in use',
    ['agent'],
    `select id as agent, running::float8 / slots as value ${agents}`,
  )
  count(
    'agent_last_heartbeat_age_seconds',
    'Seconds since the last heartbeat',
    ['agent'],
    `select id as agent, extract(epoch from now() - seen_at) as value ${agents}`,
  )
}

export const observeTask = (seconds: number): void => metrics?.duration.observe({}, seconds)
export const observeSubtask = (agent: string, capability: string, seconds: number): void =>
  metrics?.execution.observe({ agent, capability }, seconds)
