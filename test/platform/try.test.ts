import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agents } from '../../src/cli/agents.ts'
import { type TestServer, testServer } from '../_server.ts'

let server: TestServer
let brief: string
beforeAll(async () => {
  server = await testServer({ roles: ['api'] })
  const made = await server.call('POST', '/api/event-briefs', {
    title: 'Developer meetup',
    date_range_start: '2027-05-12T18:00:00Z',
    date_range_end: '2027-05-12T21:00:00Z',
    audience_size: 20,
    event_type: 'meetup',
    objectives: 'Short talks about agents and time to talk',
    constraints: 'Budget $500; in Berlin',
  })
  brief = made.body.id
}, 120_000)
afterAll(() => server[Symbol.asyncDispose]())

describe('one agent alone', { timeout: 60_000 }, () => {
  it('works on a real brief, says what made it, and saves nothing', async () => {
    const before = (await server.call('GET', `/api/event-briefs/${brief}/artifacts`)).body
    const { status, body } = await server.call('POST', '/v1/agents/try', {
      domain: 'planning',
      agent: 'event-planner',
      subject: brief,
      task: 'scope',
    })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body.made_by).toBe('craft')
    expect(body.output.artifacts.map((one: any) => one.type)).toContain('Requirements')
    expect((await server.call('GET', `/api/event-briefs/${brief}/artifacts`)).body).toEqual(before)
  })

  it('does a job of its own kind with its tools and files, and leaves none of them', async () => {
    const { status, body } = await server.call('POST', '/v1/agents/try', {
      domain: 'tasks',
      agent: 'data_analysis',
      input: 'Analyze sales.csv: total revenue by region',
      files: [{ name: 'sales.csv', text: 'region,revenue\nNorth,10\nSouth,32\nNorth,5\n' }],
    })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({ made_by: 'craft', usage: null })
    expect(JSON.stringify(body.output.data.by_region.North)).toContain('15')
    expect(body.tools.map((tool: any) => [tool.name, tool.ok])).toContainEqual(['read_file', true])
    expect((await server.call('GET', '/tasks')).body.tasks).toEqual([])
  })

  it('changes nothing outside: what would need a person is refused', async () => {
    const { status, body } = await server.call('POST', '/v1/agents/try', {
      domain: 'tasks',
      agent: 'api_integration',
      input: 'Send a POST request to https://example.com/things with {"name": "x"}',
    })
    expect([status, body.message ?? body.detail]).toEqual([409, expect.stringContaining('APPROVAL_DENIED')])
  })

  it('is tried from the command line as well', async () => {
    let out = ''
    const code = await agents(['try', 'planning', 'event-planner', brief, '--task', 'plan'], {
      out: (text) => {
        out += text
      },
      err: () => undefined,
      isTty: false,
      env: { TROUPE_URL: server.url },
    })
    expect(code).toBe(0)
    expect(out).toContain('Timeline')
  })

  it('names the agents there are', async () => {
    const { body } = await server.call('GET', '/v1/agents/try')
    expect(body.agents.filter((one: any) => one.domain === 'planning')).toHaveLength(5)
    expect(body.agents.length).toBeGreaterThan(20)
    const wrong = await server.call('POST', '/v1/agents/try', { domain: 'movies', agent: 'nobody', subject: 'x' })
    expect(wrong.status).toBe(404)
    const noBrief = await server.call('POST', '/v1/agents/try', {
      domain: 'planning',
      agent: 'event-planner',
      subject: 'none',
    })
    expect(noBrief.status).toBe(404)
  })
})
