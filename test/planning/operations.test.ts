import { expect, it } from 'vitest'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { planningModule } from '../../src/planning/index.ts'
import { BRIEF, newEvent } from '../../src/planning/routes/_scenario.ts'
import { testApp } from '../_app.ts'
import { testServer } from '../_server.ts'

const code = ({ status, body }: { status: number; body: any }) => `${status} ${body?.error ?? ''}`.trim()

it('says ready with every dependency, alive without asking any, and describes itself', async () => {
  await using server = await testServer({ modules: [planningModule(loadConfig({ DATA_KEYS: 'A'.repeat(43) + '=' }))] })
  const ready = await server.call('GET', '/health/ready')
  expect(ready.status).toBe(200)
  expect(ready.body).toMatchObject({
    status: 'healthy',
    version: expect.any(String),
    timestamp: expect.any(String),
    dependencies: { database: 'connected', model_provider: 'disabled', telemetry: 'disabled' },
  })
  expect((await server.call('GET', '/health/live')).body).toEqual({ status: 'alive' })
  expect((await server.call('GET', '/metrics')).body).toMatch(/^# HELP/m)
  const { body } = await server.call('GET', '/openapi.json')
  expect(body.openapi).toMatch(/^3\.1/)
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining(['/api/event-briefs/{id}/transition', '/api/approvals/{approvalId}', '/api/audit']),
  )
})

it('answers the calls over the limit with 429, and failures of the store or of its own without a stack', async () => {
  await using t = await testApp([planningModule], { env: { RATE_LIMIT_PER_MINUTE: '3' } })
  const calls = await Promise.all([1, 2, 3, 4].map(() => t.call('GET', '/api/event-briefs')))
  expect(calls.map(code).filter((one) => one !== '200')).toEqual(['429 RATE_LIMITED'])

  await using broken = await testApp([planningModule])
  const event = await newEvent(broken)
  const { query } = broken.kernel.db
  Object.assign(broken.kernel.db, {
    query: async () => {
      throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' })
    },
  })
  const away = await broken.call('GET', event.url(''))
  expect(code(away)).toBe('503 SERVICE_UNAVAILABLE')
  expect(JSON.stringify(away.body)).not.toContain('10.0.0.7')
  Object.assign(broken.kernel.db, {
    query: async () => {
      throw new TypeError('secret detail at /srv/app.ts:1')
    },
  })
  const failed = await broken.call('GET', event.url(''))
  expect(code(failed)).toBe('500 INTERNAL_ERROR')
  expect(JSON.stringify(failed.body)).not.toMatch(/secret|app\.ts/)
  Object.assign(broken.kernel.db, { query })
  expect((await broken.call('GET', event.url(''))).body.title).toBe(BRIEF.title)
})
