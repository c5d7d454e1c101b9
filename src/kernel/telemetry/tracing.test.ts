import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { trace } from '@opentelemetry/api'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogger, silentLog } from './logger.ts'
import { createSecrets } from './secrets.ts'
import { startTracing, withSpan } from './tracing.ts'

const servers: http.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function startCollector(statuses: number[] = []) {
  const bodies: any[] = []
  const server = http.createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req) body += chunk
    bodies.push({ url: req.url, type: req.headers['content-type'], json: JSON.parse(body) })
    res.writeHead(statuses.shift() ?? 200, { 'content-type': 'application/json' }).end('{}')
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies }
}

const start = (endpoint: string | undefined, log = silentLog) =>
  startTracing({ endpoint, serviceName: 'troupe', version: '1', log, secrets: createSecrets(['hunter2hunter2']) })

describe('tracing', () => {
  it('does nothing when no collector is configured', async () => {
    const tracing = await start(undefined)
    expect(tracing.enabled).toBe(false)
    expect(await withSpan('x', {}, async (span) => span.isRecording())).toBe(false)
    await tracing.shutdown()
  })

  it('sends nested spans as OTLP JSON, with status and without secrets', async () => {
    const collector = await startCollector()
    const tracing = await start(collector.endpoint)
    const failing = withSpan('outer', { 'run.id': 'r1', n: 3, ok: true, list: ['a'], half: 0.5 }, async () => {
      await withSpan('inner', { note: 'hunter2hunter2' }, async (span) => {
        span.addEvent('seen', { k: 'v' })
      })
      throw new Error('broken')
    })
    await expect(failing).rejects.toThrow('broken')
    await tracing.shutdown()

    const [request] = collector.bodies
    expect([request.url, request.type]).toEqual(['/v1/traces', 'application/json'])
    const [resource] = request.json.resourceSpans
    expect(resource.resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'troupe' } })
    const [inner, outer] = resource.scopeSpans[0].spans
    expect(inner.parentSpanId).toBe(outer.spanId)
    expect(inner.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(inner.attributes).toEqual([{ key: 'note', value: { stringValue: '***' } }])
    expect(inner.events[0]).toMatchObject({ name: 'seen', attributes: [{ key: 'k', value: { stringValue: 'v' } }] })
    expect(outer).toMatchObject({ name: 'outer', kind: 1, status: { code: 2, message: 'broken' } })
    expect(outer.attributes).toEqual([
      { key: 'run.id', value: { stringValue: 'r1' } },
      { key: 'n', value: { intValue: '3' } },
      { key: 'ok', value: { boolValue: true } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }] } } },
      { key: 'half', value: { doubleValue: 0.5 } },
    ])
    expect(BigInt(outer.endTimeUnixNano) >= BigInt(outer.startTimeUnixNano)).toBe(true)
    expect(trace.getActiveSpan()).toBeUndefined()
  })

  it('repeats once when the collector is busy', async () => {
    const collector = await startCollector([503])
    const tracing = await start(collector.endpoint)
    await withSpan('x', {}, async () => undefined)
    await tracing.shutdown()
    expect(collector.bodies).toHaveLength(2)
  })

  it('reports a collector that is away once, and never fails the work', async () => {
    const lines: string[] = []
    const tracing = await start('http://127.0.0.1:9', createLogger({ write: (line) => lines.push(line) }))
    expect(await withSpan('x', {}, async () => 7)).toBe(7)
    await tracing.shutdown()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('collector is away')
  })
})
