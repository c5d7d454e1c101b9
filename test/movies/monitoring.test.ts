import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { networkErrors } from '../../src/movies/metrics/host-metrics.ts'
import type { TestServer } from '../_server.ts'
import { agentStub } from './_agent-stub.ts'
import { auto, bodyB, create, decide, ended, moviesServer, pending } from './_movies.ts'

const folder = path.resolve(import.meta.dirname, '../../deploy/monitoring')
const rules: any[] = parse(fs.readFileSync(path.join(folder, 'movies-alerts.yml'), 'utf8')).groups.flatMap(
  (group: any) => group.rules,
)

let server: TestServer
let text: string
beforeAll(async () => {
  server = await moviesServer()
  const agent = await agentStub(() => ({ status: 500 }))
  await server.call('POST', '/api/v1/agents', {
    agent_id: 'failing-01',
    agent_type: 'story',
    capabilities: ['series_creator'],
    endpoint_url: agent.url,
    resource_requirements: { cpu_cores: 0.1, memory_gb: 0.1 },
  })
  const made = await create(server, bodyB({ custom_parameters: auto }))
  await ended(server, made.workflow_id)
  const asks = await create(server, bodyB())
  await pending(server, asks.workflow_id, 'story_approval_001')
  await decide(server, asks.workflow_id, 'story_approval_001', 'approved')
  await pending(server, asks.workflow_id, 'final_approval_001')
  await server.call('POST', '/api/v1/projects', { title: 'Neon tide' })
  await agent.close()
  text = (await server.call('GET', '/metrics')).body
}, 120_000)
afterAll(() => server[Symbol.asyncDispose]())

/** Metrics of contract 6.3 and their labels. */
const CONTRACT: [name: string, kind: 'counter' | 'gauge' | 'histogram', ...labels: string[]][] = [
  ['workflow_created_total', 'counter', 'project_id', 'workflow_type', 'priority'],
  ['workflow_completed_total', 'counter', 'project_id', 'workflow_type', 'status'],
  ['workflow_duration_seconds', 'histogram', 'project_id', 'workflow_type'],
  ['workflows_active', 'gauge', 'project_id', 'workflow_type'],
  ['agent_registered_total', 'counter', 'agent_category', 'agent_version'],
  ['agent_tasks_assigned_total', 'counter', 'agent_id', 'task_type'],
  ['agent_tasks_completed_total', 'counter', 'agent_id', 'status'],
  ['agent_task_duration_seconds', 'histogram', 'agent_id', 'task_type'],
  ['agent_health_status', 'gauge', 'agent_id'],
  ['agent_errors_total', 'counter', 'agent_id', 'error_type'],
  ['task_created_total', 'counter', 'workflow_type', 'task_type', 'priority'],
  ['task_completed_total', 'counter', 'workflow_type', 'task_type', 'status'],
  ['task_retries_total', 'counter', 'workflow_type', 'task_type', 'status'],
  ['task_duration_seconds', 'histogram', 'task_type'],
  ['project_created_total', 'counter', 'project_type'],
  ['project_workflows', 'gauge', 'project_id'],
  ['circuit_state', 'gauge', 'service'],
  ['decisions_pending', 'gauge', 'point'],
  ['decision_wait_seconds', 'histogram', 'point'],
  ['video_processing_duration_seconds', 'histogram', 'kind'],
  ['http_requests_total', 'counter', 'method', 'endpoint', 'status_code'],
  ['http_request_duration_seconds', 'histogram', 'method', 'endpoint', 'status_code'],
  ['http_request_size_bytes', 'histogram', 'method', 'endpoint', 'status_code'],
  ['http_response_size_bytes', 'histogram', 'method', 'endpoint', 'status_code'],
  ['app_info', 'gauge', 'version'],
  ['app_uptime_seconds', 'gauge'],
  ...['up', 'connections', 'blocked', 'memory_bytes', 'slow_operations', 'cache_hits', 'cache_misses', 'evictions'].map(
    (name): [string, 'gauge'] => [`state_store_${name}`, 'gauge'],
  ),
  ['state_store_replication_lag_seconds', 'gauge'],
  ['process_cpu_seconds_total', 'counter'],
  ['process_resident_memory_bytes', 'gauge'],
  ['process_open_fds', 'gauge'],
  ['nodejs_eventloop_lag_seconds', 'gauge'],
  ['nodejs_gc_duration_seconds', 'histogram'],
]
/** Declared at start; they have series only after what they count has happened. */
const DECLARED = [
  'workflow_errors_total',
  'tasks_active',
  'external_calls_total',
  'external_call_seconds',
  'content_optimization_duration_seconds',
  'api_rate_limit_hits_total',
]

const series = (name: string) => text.split('\n').filter((line) => new RegExp(`^${name}(\\{|\\s)`).test(line))
const labelsOf = (line: string) => [...line.matchAll(/([a-z_]+)="/g)].map(([, label]) => label!)

test.each(CONTRACT)('%s is emitted as a %s with its labels', (name, kind, ...labels) => {
  expect(text).toContain(`# TYPE ${name} ${kind}\n`)
  const lines = series(kind === 'histogram' ? `${name}_count` : name)
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) expect(labelsOf(line)).toEqual(expect.arrayContaining(labels))
})

test.each(DECLARED)('%s is declared', (name) => {
  expect(text).toContain(`# TYPE ${name} `)
})

test('what has happened is counted', () => {
  const value = (name: string, has: string) =>
    series(name)
      .filter((line) => line.includes(has))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  expect(value('workflow_created_total', 'movie_creation')).toBe(2)
  expect(value('workflow_completed_total', 'status="completed"')).toBe(1)
  expect(value('decision_wait_seconds_count', 'story_approval')).toBeGreaterThanOrEqual(1)
  expect(value('decisions_pending', 'final_approval')).toBe(1)
  expect(value('agent_errors_total', 'failing-01')).toBeGreaterThanOrEqual(3)
  expect(value('agent_registered_total', 'agent_category="story"')).toBe(1)
  expect(value('workflows_active', 'movie_creation')).toBe(1)
  expect(value('state_store_up', '')).toBe(1)
})

/** Alerts of contract 6.4 with what they wait for. */
const ALERTS: Record<string, [wait: string | undefined, severity: string]> = {
  ServiceDown: ['1m', 'critical'],
  ApplicationHealthCheckFailed: ['1m', 'critical'],
  HighErrorRate: ['2m', 'critical'],
  SlowResponseTimes: ['5m', 'warning'],
  HighRequestRate: ['5m', 'warning'],
  WorkflowFailures: ['3m', 'warning'],
  WorkflowStuck: ['10m', 'warning'],
  LongWorkflowDuration: ['5m', 'warning'],
  AgentHealthIssues: ['2m', 'warning'],
  HighAgentTaskFailures: ['5m', 'warning'],
  SlowAgentTasks: ['5m', 'warning'],
  TaskQueueBacklog: ['10m', 'warning'],
  HighTaskRetries: ['5m', 'warning'],
  DecisionOverdue: [undefined, 'warning'],
  CircuitOpen: ['5m', 'warning'],
  HighCPUUsage: ['5m', 'warning'],
  HighMemoryUsage: ['5m', 'warning'],
  HighDiskUsage: ['5m', 'warning'],
  HighSystemLoad: ['5m', 'warning'],
  FileDescriptors: ['5m', 'warning'],
  NetworkErrors: ['5m', 'warning'],
  ProcessRestart: [undefined, 'info'],
  RuntimePressure: ['5m', 'warning'],
  MemoryLeak: ['30m', 'warning'],
  StateStoreDown: ['1m', 'critical'],
  StateStoreNoConnections: ['1m', 'critical'],
}

test.each(Object.entries(ALERTS))('alert %s waits and weighs as the contract says', (name, [wait, severity]) => {
  const rule = rules.find((r) => r.alert === name)
  expect([rule?.for, rule?.labels.severity]).toEqual([wait, severity])
  expect(rule.annotations.action).toBeTruthy()
})

test('alert rules select by labels and values that are really emitted', () => {
  const selected = rules.flatMap((rule) =>
    [...String(rule.expr).matchAll(/([a-z_]\w*)\{([^}]*)\}/g)].flatMap(([, name, selectors]) =>
      [...selectors!.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => ({
        alert: rule.alert,
        name: name!,
        label,
      })),
    ),
  )
  expect(selected.length).toBeGreaterThan(5)
  for (const { alert, name, label } of selected.filter((s) => s.name !== 'up')) {
    const lines = series(name)
    expect(lines.length, `${alert}: ${name}`).toBeGreaterThan(0)
    for (const line of lines) expect(labelsOf(line), `${alert}: ${name}`).toContain(label)
  }
  const grouped = rules.flatMap((rule) => [
    ...String(rule.expr).matchAll(/by \(([^)]*)\)[^a-z]*\(?(?:\w+\()?([a-z_]+)/g),
  ])
  for (const [, labels, name] of grouped)
    for (const label of labels!.split(',').map((part) => part.trim()))
      for (const line of series(name!)) expect(labelsOf(line), name).toContain(label)
})

test('routing names only receivers that exist, and critical alerts reach a person first', () => {
  const { route, receivers } = parse(fs.readFileSync(path.join(folder, 'movies-alertmanager.yml'), 'utf8'))
  const known = new Set(receivers.map((r: any) => r.name))
  const all = (r: any): any[] => [r, ...(r.routes ?? []).flatMap(all)]
  for (const r of all(route)) expect(known).toContain(r.receiver)
  expect(route.routes[0]).toMatchObject({ matchers: ['severity="critical"'], group_wait: '5s', repeat_interval: '5m' })
})

test('network errors are summed over the interfaces', () => {
  const table = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  100 1 2 0 0 0 0 0 100 1 3 0 0 0 0 0
  eth0:  100 1 5 0 0 0 0 0 100 1 7 0 0 0 0 0
`
  expect(networkErrors(table)).toEqual({ received: 7, sent: 10 })
})
