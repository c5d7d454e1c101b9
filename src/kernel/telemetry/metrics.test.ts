import { describe, expect, it } from 'vitest'
import { createMetrics } from './metrics.ts'

describe('metrics', () => {
  it('gives a metric of one domain exactly its labels', async () => {
    const metrics = createMetrics()
    metrics
      .scope('tasks')
      .counter({ name: 'tasks_total', help: 'Tasks', labels: ['status'] })
      .inc({ status: 'completed' }, 2)
    expect(await metrics.text()).toBe(
      '# HELP tasks_total Tasks\n# TYPE tasks_total counter\ntasks_total{status="completed"} 2\n',
    )
  })

  it('joins metrics of one name: union of labels plus domain', async () => {
    const metrics = createMetrics()
    metrics
      .scope('tasks')
      .counter({ name: 'requests_total', help: 'R', labels: ['route'] })
      .inc({ route: '/tasks' })
    metrics
      .scope('movies')
      .counter({ name: 'requests_total', help: 'R', labels: ['endpoint', 'status'] })
      .inc({ endpoint: '/a', status: 200 })
    const text = await metrics.text()
    expect(text).toContain('requests_total{route="/tasks",domain="tasks"} 1\n')
    expect(text).toContain('requests_total{endpoint="/a",status="200",domain="movies"} 1\n')
    expect(text.match(/# TYPE requests_total/g)).toHaveLength(1)
  })

  it('writes histograms with buckets, sum and count', async () => {
    const metrics = createMetrics()
    metrics
      .scope()
      .histogram({ name: 'h_seconds', help: 'H', buckets: [0.1, 1] })
      .observe({}, 0.5)
    const text = await metrics.text()
    expect(text).toContain('h_seconds_bucket{le="0.1"} 0\n')
    expect(text).toContain('h_seconds_bucket{le="+Inf"} 1\n')
    expect(text).toContain('h_seconds_sum 0.5\nh_seconds_count 1\n')
  })

  it('asks a gauge for its value at each reading', async () => {
    const metrics = createMetrics()
    let length = 3
    metrics
      .scope()
      .gauge({ name: 'queue', help: 'Q', labels: ['q'], collect: (gauge) => gauge.set({ q: 'a' }, length++) })
    await metrics.text()
    expect(await metrics.samples()).toEqual([{ name: 'queue', labels: { q: 'a' }, value: 4 }])
  })

  it('gives the same metric twice, and refuses the name for another kind', async () => {
    const metrics = createMetrics()
    const scope = metrics.scope('tasks')
    scope.counter({ name: 'c_total', help: 'C' }).inc()
    scope.counter({ name: 'c_total', help: 'C' }).inc()
    expect(await metrics.samples()).toEqual([{ name: 'c_total', labels: {}, value: 2 }])
    expect(() => metrics.scope('movies').gauge({ name: 'c_total', help: 'C' })).toThrow(/is a counter/)
  })

  it('escapes label values', async () => {
    const metrics = createMetrics()
    metrics
      .scope()
      .counter({ name: 'e_total', help: 'E', labels: ['x'] })
      .inc({ x: 'a"b\\c\nd' })
    expect(await metrics.text()).toContain('e_total{x="a\\"b\\\\c\\nd"} 1\n')
  })

  it('adds process metrics when asked', async () => {
    expect(await createMetrics({ processMetrics: true }).text()).toContain('process_resident_memory_bytes')
  })
})
