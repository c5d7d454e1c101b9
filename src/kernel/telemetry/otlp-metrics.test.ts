import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogger, silentLog } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { otlpMetricsBody, startMetricPush } from './otlp-metrics.ts'

const servers: http.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

describe('OTLP metrics', () => {
  it('turns counters, gauges and histograms into the protocol', async () => {
    const metrics = createMetrics()
    const scope = metrics.scope('tasks')
    scope.counter({ name: 'c_total', help: 'C', labels: ['status'] }).inc({ status: 'ok' }, 2)
    scope.gauge({ name: 'g', help: 'G' }).set({}, 1.5)
    const histogram = scope.histogram({ name: 'h_seconds', help: 'H', labels: ['agent'], buckets: [1, 5] })
    for (const value of [0.5, 2, 3, 9]) histogram.observe({ agent: 'a' }, value)
    const body = otlpMetricsBody(await metrics.families(), 'troupe', 1, 2) as any
    const [{ scopeMetrics, resource }] = body.resourceMetrics
    expect(resource.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'troupe' } }])
    const times = { startTimeUnixNano: '1000000', timeUnixNano: '2000000' }
    expect(scopeMetrics[0].metrics).toEqual([
      {
        name: 'c_total',
        description: 'C',
        sum: {
          dataPoints: [{ attributes: [{ key: 'status', value: { stringValue: 'ok' } }], ...times, asDouble: 2 }],
          aggregationTemporality: 2,
          isMonotonic: true,
        },
      },
      { name: 'g', description: 'G', gauge: { dataPoints: [{ attributes: [], ...times, asDouble: 1.5 }] } },
      {
        name: 'h_seconds',
        description: 'H',
        histogram: {
          aggregationTemporality: 2,
          dataPoints: [
            {
              attributes: [{ key: 'agent', value: { stringValue: 'a' } }],
              ...times,
              count: '4',
              sum: 14.5,
              explicitBounds: [1, 5],
              bucketCounts: ['1', '2', '1'],
            },
          ],
        },
      },
    ])
  })

  it('pushes to the collector, also at the end', async () => {
    const seen: string[] = []
    const server = http.createServer((req, res) => {
      seen.push(req.url!)
      req.resume()
      res.end('{}')
    })
    servers.push(server)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const push = startMetricPush({ endpoint, serviceName: 'troupe', metrics: createMetrics(), log: silentLog })
    await push.push()
    await push.stop()
    expect(seen).toEqual(['/v1/metrics', '/v1/metrics'])
  })

  it('reports a collector that is away once', async () => {
    const lines: string[] = []
    const log = createLogger({ write: (line) => lines.push(line) })
    const push = startMetricPush({
      endpoint: 'http://127.0.0.1:9',
      serviceName: 'troupe',
      metrics: createMetrics(),
      log,
    })
    await push.push()
    await push.stop()
    expect(lines).toHaveLength(1)
  })
})
