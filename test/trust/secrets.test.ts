// Canaries: every secret setting holds a value that is nowhere else. People type them, a model repeats them, a provider's error
// quotes them; none may come out in logs, events, prompts, audit, metrics or answers about the platform.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { createLogger } from '../../src/kernel/telemetry/logger.ts'
import { createSecrets } from '../../src/kernel/telemetry/secrets.ts'
import { secretsOfConfig } from '../../src/kernel/telemetry/secrets-of-config.ts'
import { BRIEF } from '../../src/planning/routes/_scenario.ts'
import { type FakeLlm, startFakeLlm } from '../_fake-llm.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { auto, bodyB } from '../movies/_movies.ts'

const CANARIES = {
  API_TOKEN: 'canary-api-token-7c1f0e',
  LLM_API_KEY: 'canary-llm-key-90aa31',
  SECRET_KEY: 'canary-secret-key-5b77d2-and-long-enough-for-all',
  SMTP_PASSWORD: 'canary smtp "pass" 44e1',
  WEBHOOK_SECRET: 'canary-webhook-secret-12cd9f',
  AUTO_MOVIE_API_KEY: 'canary-auto-movie-38fe00',
  BRAIN_SERVICE_API_KEY: 'canary-brain-6610ab',
  TASK_SERVICE_API_KEY: 'canary-task-service-77b0',
}
const ALL = Object.values(CANARIES)
const TYPED = `please use ${ALL.join(' and ')} for it`

let llm: FakeLlm
let server: TestServer
const lines: string[] = []
let briefId: string
const admin = { authorization: `Bearer ${CANARIES.API_TOKEN}` }

beforeAll(async () => {
  llm = await startFakeLlm()
  const env = {
    ...CANARIES,
    LLM_PROVIDER: 'openai_compatible',
    LLM_BASE_URL: llm.urls.openai,
    LLM_MODEL: 'ok',
    LLM_RETRIES: '0',
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: '1',
    LOG_LEVEL: 'debug',
  }
  const secrets = createSecrets(secretsOfConfig(loadConfig(env) as never))
  const log = createLogger({ level: 'debug', secrets, write: (line) => void lines.push(line) })
  server = await testServer({ env, log })
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await llm.close()
})

/** Every spelling in which a value could travel. */
const spellings = (value: string) => [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value),
  Buffer.from(value).toString('base64'),
]
const found = (text: string) =>
  Object.entries(CANARIES).flatMap(([name, value]) =>
    spellings(value).some((one) => text.includes(one)) ? [name] : [],
  )
const call = (method: string, at: string, body?: unknown) => server.call(method, at, body, admin)
const dump = async (table: string) =>
  (await server.kernel.db.query(`select coalesce(string_agg(to_jsonb(t)::text, ' '), '') as all from ${table} t`))
    .rows[0]!['all'] as string

describe('no secret comes out', () => {
  it('whoever types, repeats or quotes it', async () => {
    llm.reply = () => ({ text: `Surely: ${ALL.join(', ')}` })
    const task = await call('POST', '/tasks', { description: `Write a poem about the sea and ${TYPED}` })
    expect(task.status).toBe(200)
    const brief = await call('POST', '/api/event-briefs', { ...BRIEF, objectives: TYPED })
    expect(brief.status).toBe(201)
    briefId = (brief.body.event_brief_id ?? brief.body.id ?? brief.body.event_brief?.id) as string
    await call('POST', '/api/sessions', { brief_id: briefId, event_brief_id: briefId, message: TYPED })
    await call('POST', '/tasks', { description: 7, [TYPED]: TYPED })
    await call('GET', `/nothing/${encodeURIComponent(ALL[0]!)}?api=${encodeURIComponent(ALL[1]!)}`)
    await server.call('GET', '/v1/me', undefined, { authorization: `Bearer ${CANARIES.LLM_API_KEY}x` })
    await until(async () => llm.seen.length > 0, 50)
    await until(async () => (await call('GET', `/tasks/${task.body.task_id}`)).body.task.status !== 'pending', 50)
  }, 60_000)

  it('in prompts', () => {
    expect(llm.seen.length).toBeGreaterThan(0)
    for (const asked of llm.seen) {
      const { key: _own, headers: _headers, ...sent } = asked as unknown as Record<string, unknown>
      expect(found(JSON.stringify(sent))).toEqual([])
    }
  })

  it('in logs, of the process and of the agents', async () => {
    expect(lines.length).toBeGreaterThan(0)
    expect(found(lines.join('\n'))).toEqual([])
    expect(found(await dump('tasks.agent_logs'))).toEqual([])
  })

  it('in events, decisions, audit and what is about to be sent', async () => {
    for (const table of [
      'kernel.events',
      'kernel.decisions',
      'kernel.audit_rows',
      'kernel.outbox',
      'kernel.api_keys',
      'kernel.idempotency',
    ])
      expect(found(await dump(table)), table).toEqual([])
    expect(await dump('kernel.events')).toContain('task')
  })

  it('in exports, also of what a person typed', async () => {
    const id = briefId
    const film = await call('POST', '/api/v1/workflows', { ...bodyB({ description: TYPED }), custom_parameters: auto })
    expect(film.status, JSON.stringify(film.body)).toBe(201)
    const own = `/api/v1/workflows/${film.body.workflow_id}/exports`
    const formats = await until(async () => {
      const { body } = await call('GET', own)
      return body.exports.some((one: any) => one.available) && body.exports
    }, 200)
    const files = [
      ...['export.json', 'calendar.ics', 'exports/plan.md'].map((name) => `/api/event-briefs/${id}/${name}`),
      ...formats.filter((one: any) => one.available).map((one: any) => `${own}/${one.format}`),
      '/v1/audit/export',
    ]
    for (const at of files) {
      const response = await fetch(`${server.url}${at}`, { headers: admin })
      expect(response.status, at).toBe(200)
      expect(found(await response.text()), at).toEqual([])
    }
  }, 60_000)

  it('in what the platform says about itself', async () => {
    for (const at of [
      '/health',
      '/health/ready',
      '/metrics',
      '/openapi.json',
      '/v1/me',
      '/v1/keys',
      '/v1/events?limit=100',
      '/v1/runs',
      '/v1/agents',
      '/v1/audit',
    ])
      expect(found(JSON.stringify((await call('GET', at)).body)), at).toEqual([])
  })

  it('in the refusals it gets', async () => {
    const answers = await Promise.all([
      call('POST', '/tasks', { description: 7, [TYPED]: 1 }),
      call('GET', `/tasks/${encodeURIComponent(ALL[0]!)}`),
      call('GET', `/api/event-briefs/${encodeURIComponent(ALL[1]!)}`),
    ])
    for (const { body } of answers) expect(found(JSON.stringify(body))).toEqual([])
  })
})
