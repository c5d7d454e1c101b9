import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../kernel/config/load-config.ts'
import { AgentHealthReply, AgentStatus } from '../schema.ts'
import { type FakeServer, startFakeServer } from './_fake-server.ts'
import { createAgentLog } from './agent-log.ts'
import { type RunningAgent, startAgent } from './start-agent.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function setup(env: Record<string, string> = {}, onEnd?: (why: string) => void) {
  const server = await startFakeServer()
  open.push(() => server[Symbol.asyncDispose]())
  const agent = await start(server, env, onEnd)
  await server.waitFor(({ path }) => path === '/v1/agents')
  return { server, agent, call: caller(agent) }
}

async function start(
  server: FakeServer,
  env: Record<string, string> = {},
  onEnd?: (why: string) => void,
): Promise<RunningAgent> {
  const config = loadConfig({
    AGENT_ID: 'agent_1',
    AGENT_PORT: '0',
    AGENT_TOKEN: 'boot',
    ORCHESTRATOR_URL: server.url,
    ALLOW_PRIVATE_HOSTS: '1',
    ...env,
  })
  const agent = await startAgent({ config, log: createAgentLog('silent'), ...(onEnd && { onEnd }) })
  open.push(() => agent.stop(0))
  return agent
}

const caller =
  (agent: RunningAgent) =>
  async (
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    method = body === undefined ? 'GET' : 'POST',
  ) => {
    const response = await fetch(`http://127.0.0.1:${agent.port}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json().catch(() => ({}))) as any,
    }
  }

/** An address that never answers, so that a step takes as long as the test wants. */
async function hangingUrl(): Promise<string> {
  const server = http.createServer(
    (request, response) => void (request.url === '/robots.txt' && response.writeHead(404).end()),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/slow`
}

const endsWith = (end: string) => (call: { path: string }) => call.path.endsWith(end)
const VALID = {
  id: 'subtask_test456',
  description: 'Test subtask execution',
  required_capabilities: ['data_analysis'],
  priority: 5,
  estimated_duration: 10,
}

describe('the service', () => {
  it.each([
    ['agent_1', ['data_analysis', 'code_generation']],
    ['agent_2', ['web_scraping', 'api_integration']],
    ['agent_3', ['file_processing', 'database_operations']],
    ['agent_4', ['code_generation', 'api_integration']],
    ['agent_5', ['data_analysis', 'database_operations']],
  ])('%s tells its health and status', async (id, capabilities) => {
    const { agent, call } = await setup({ AGENT_ID: id })
    const health = await call('/health')
    expect(health.status).toBe(200)
    expect(AgentHealthReply.parse(health.body)).toMatchObject({
      status: 'healthy',
      agent_id: id,
      is_available: true,
      current_task: null,
      model_configured: false,
    })
    expect(health.body.sdk_version.toLowerCase()).toContain('claude-agent-sdk')
    const status = AgentStatus.parse((await call('/status')).body)
    expect(status).toMatchObject({
      agent_id: id,
      port: agent.port,
      capabilities,
      is_available: true,
      current_task: null,
      tasks_completed: 0,
    })
  })
  it('has the balanced profile and own capabilities', async () => {
    expect((await (await setup({ AGENT_PROFILE: 'balanced' })).call('/status')).body.capabilities).toEqual([
      'data_analysis',
      'web_scraping',
      'code_generation',
    ])
    expect(
      (await (await setup({ AGENT_CAPABILITIES: 'web_scraping, data_analysis' })).call('/status')).body.capabilities,
    ).toEqual(['web_scraping', 'data_analysis'])
    await expect(setup({ AGENT_CAPABILITIES: 'magic' })).rejects.toThrow(/AGENT_CAPABILITIES.*data_analysis/)
  })
  it('accepts one of two calls at once', async () => {
    const { call } = await setup()
    const answers = await Promise.all([1, 2].map(() => call('/execute', { task_id: 'task_test123', subtask: VALID })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 503])
    expect(answers.find(({ status }) => status === 200)!.body).toEqual({ status: 'accepted', agent_id: 'agent_1' })
    expect(answers.find(({ status }) => status === 503)!.body).toEqual({ detail: 'Agent busy', code: 'AGENT_BUSY' })
  })
  it.each<[string, object | string]>([
    ['no subtask', { task_id: 't' }],
    ['empty capabilities', { task_id: 't', subtask: { ...VALID, required_capabilities: [] } }],
    ['priority 15', { task_id: 't', subtask: { ...VALID, priority: 15 } }],
    ['a dependency on itself', { task_id: 't', subtask: { ...VALID, dependencies: ['subtask_test456'] } }],
    ['a body that is no JSON', '{'],
  ])('refuses %s with 400', async (_, body) => {
    const { call } = await setup()
    const answer = await call('/execute', body)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'VALIDATION_ERROR', detail: expect.any(String) })
  })
  it('refuses work it has no capability for, unknown paths, wrong methods and unknown cancellations', async () => {
    const { call } = await setup()
    const mismatch = await call('/execute', {
      task_id: 't',
      subtask: { ...VALID, required_capabilities: ['web_scraping'] },
    })
    expect(mismatch).toMatchObject({ status: 409, body: { code: 'CAPABILITY_MISMATCH' } })
    expect(await call('/nothing')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
    const wrong = await call('/execute')
    expect(wrong).toMatchObject({ status: 405, body: { code: 'METHOD_NOT_ALLOWED' } })
    expect(wrong.headers.get('allow')).toBe('POST')
    expect(await call('/cancel', { task_id: 't', subtask_id: 's' })).toMatchObject({
      status: 404,
      body: { code: 'SUBTASK_NOT_FOUND' },
    })
    expect((await call('/cancel', {})).status).toBe(400)
    expect((await call('/health', undefined, { 'x-request-id': 'r-1' })).headers.get('x-request-id')).toBe('r-1')
  })
  it('asks for the token when one is set, but not for health', async () => {
    const { call } = await setup({ API_TOKEN: 'secret-token' })
    expect((await call('/health')).status).toBe(200)
    expect(await call('/status')).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } })
    expect((await call('/status', undefined, { authorization: 'Bearer wrong-token!' })).status).toBe(401)
    expect((await call('/status', undefined, { authorization: 'Bearer secret-token' })).status).toBe(200)
  })
  it('takes no work from web pages', async () => {
    const { call } = await setup()
    const body = { task_id: 't', subtask: VALID }
    expect((await call('/execute', body, { origin: 'https://evil.test' })).status).toBe(403)
    expect((await call('/execute', body, { origin: 'null' })).status).toBe(403)
    expect((await call('/execute', body, { origin: 'http://127.0.0.1:8000' })).status).toBe(200)
  })
})

describe('work', () => {
  it('runs a subtask, reports the result and is free again', async () => {
    const { server, call } = await setup()
    expect((await call('/execute', server.work('Calculate factorial of 10'))).status).toBe(200)
    const result = await server.waitFor(endsWith('/attempts/1/result'))
    expect(result.token).toBe('ct_1')
    expect(result.body).toMatchObject({
      status: 'completed',
      output: {
        success: true,
        data: { factorial_10: 3628800 },
        summary: 'Calculated factorial of 10 = 3,628,800',
        files_created: [],
      },
    })
    expect(result.body.execution_time).toBeGreaterThan(0)
    expect(JSON.parse(server.files.get('output/subtask_0123456789ab/result.json')!.toString())).toMatchObject({
      success: true,
      data: { factorial_10: 3628800 },
    })
    await server.waitFor(
      (seen) =>
        seen.path.endsWith('/heartbeat') && seen.body.is_available === true && server.seen('/result').length > 0,
    )
    expect((await call('/status')).body).toMatchObject({ is_available: true, tasks_completed: 1 })
  })
  it('beats at each change of availability and names what runs until the result was answered', async () => {
    const { server, call } = await setup({ AGENT_ID: 'agent_2' })
    const work = server.work(`Scrape ${await hangingUrl()} please`, {}, { required_capabilities: ['web_scraping'] })
    await call('/execute', work)
    const beat = await server.waitFor((seen) => seen.path.endsWith('/heartbeat') && !seen.body.is_available)
    expect(beat.token).toBe('at_1')
    expect(beat.body).toMatchObject({
      current_task: 'subtask_0123456789ab',
      running: [{ assignment_id: 'a1', attempt: 1 }],
    })
    await call('/cancel', { task_id: work.task_id, subtask_id: work.subtask.id })
    await server.waitFor((seen) => seen.path.endsWith('/heartbeat') && seen.body.running.length === 0)
  })
  it('takes the next subtask while the result of the one before is on its way', async () => {
    const { server, call } = await setup()
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    server.answer(async ({ path }) => {
      if (path.endsWith('/a1/attempts/1/result')) await held
      return undefined
    })
    await call('/execute', server.work('Calculate factorial of 3'))
    await server.waitFor(endsWith('/result'))
    const next = call('/execute', server.work('Calculate factorial of 4', { assignment_id: 'a2' }))
    release()
    expect((await next).status).toBe(200)
    await server.waitFor(({ path }) => path.endsWith('/a2/attempts/1/result'))
  })
  it('answers the same assignment and attempt again without a second run', async () => {
    const { server, call } = await setup()
    const work = server.work('Calculate factorial of 10')
    await call('/execute', work)
    expect((await call('/execute', work)).status).toBe(200)
    await server.waitFor(endsWith('/result'))
    expect((await call('/execute', work)).status).toBe(200)
    await call('/execute', server.work('Calculate factorial of 11', { assignment_id: 'a2' }))
    await server.waitFor((seen) => seen.path.includes('/a2/') && seen.path.endsWith('/result'))
    expect(server.seen('/attempts/1/result')).toHaveLength(2)
  })
  it('reports work without callback fields by its agent token', async () => {
    const { server, call } = await setup()
    const { assignment_id: _a, callback_url: _u, callback_token: _t, ...raw } = server.work('Calculate factorial of 5')
    await call('/execute', raw)
    const result = await server.waitFor(endsWith('/v1/agents/agent_1/results'))
    expect(result.token).toBe('at_1')
    expect(result.body).toMatchObject({
      task_id: raw.task_id,
      subtask_id: 'subtask_0123456789ab',
      attempt: 1,
      status: 'completed',
    })
  })
  it('fails with the words of the contract when nothing fits', async () => {
    const { server, call } = await setup()
    await call(
      '/execute',
      server.work('Write a sonnet about the sea', {}, { required_capabilities: ['code_generation'] }),
    )
    const { body } = await server.waitFor(endsWith('/result'))
    expect(body).toMatchObject({ status: 'failed' })
    expect(body.error).toMatch(
      /^MODEL_NOT_CONFIGURED: No built-in skill can carry out this step and no language model is configured\. Set ANTHROPIC_API_KEY, or LLM_PROVIDER with LLM_BASE_URL, LLM_API_KEY and LLM_MODEL, or CLAUDECODE=1, restart the orchestrator and agents, then retry\. Closest built-in skills: .+\.$/,
    )
  })
  it('fails at its time limit and can be cancelled', async () => {
    const { server, call } = await setup({ AGENT_ID: 'agent_2' })
    const scraping = { required_capabilities: ['web_scraping'] }
    const url = await hangingUrl()
    await call('/execute', server.work(`Scrape ${url} please`, { timeout: 1 }, scraping))
    expect((await server.waitFor(endsWith('/result'))).body).toMatchObject({
      status: 'failed',
      error: 'TIMEOUT: exceeded 1 s',
    })
    await server.waitFor(
      (seen) => seen.path.endsWith('/heartbeat') && seen.body.is_available && server.seen('/result').length === 1,
    )
    await call('/execute', server.work(`Scrape ${url} please`, { assignment_id: 'a2' }, scraping))
    const cancelled = await call('/cancel', {
      task_id: 'task_250101000000_0123456789ab',
      subtask_id: 'subtask_0123456789ab',
    })
    expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelling' } })
    const { body } = await server.waitFor((seen) => seen.path.includes('/a2/') && seen.path.endsWith('/result'))
    expect(body).toMatchObject({ status: 'failed', error: 'CANCELLED: cancelled while running' })
  })
  it.each([
    ['web_scraping', 'Scrape {url} please'],
    ['api_integration', 'Fetch data from {url} API'],
  ])('%s reaches no private address, neither named nor by a redirect, and writes nothing', async (capability, text) => {
    const seen: string[] = []
    const inside = http.createServer((request, response) => {
      seen.push(request.url!)
      if (request.url === '/robots.txt') response.writeHead(404).end()
      else response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end()
    })
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve))
    open.push(async () => void inside.close())
    const url = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/page`
    const refused = async (env: Record<string, string>, description: string) => {
      const { server, call } = await setup({ AGENT_ID: 'agent_2', ...env })
      await call('/execute', server.work(description, {}, { required_capabilities: [capability] }))
      const { body } = await server.waitFor(endsWith('/result'))
      expect(body).toMatchObject({
        status: 'failed',
        error: expect.stringMatching(/^NETWORK_ERROR: .*ALLOW_PRIVATE_HOSTS/),
      })
      expect([...server.files.keys()].filter((path) => path.startsWith('output/'))).toEqual([])
    }
    for (const address of [url, 'http://[::1]/', 'http://2130706433/', 'http://10.0.0.1/x', 'http://localhost/'])
      await refused({ ALLOW_PRIVATE_HOSTS: '0' }, text.replace('{url}', address))
    expect(seen).toEqual([])
    await refused({ ALLOW_PRIVATE_HOSTS: '1' }, text.replace('{url}', url))
    expect(seen).toContain('/page')
  })
  it('reads uploads and writes files over the protocol', async () => {
    const { server, call } = await setup()
    server.files.set('uploads/sales.csv', Buffer.from('region,revenue\nN,1200\nS,800\n'))
    const context = { attachments: [{ filename: 'sales.csv' }] }
    await call(
      '/execute',
      server.work('Read the attached CSV and filter rows where revenue > 1000', { task_context: context }),
    )
    const { body } = await server.waitFor(endsWith('/result'))
    expect(body.output.data.filtered_count).toBe(1)
    expect(server.files.get('output/filtered.csv')!.toString()).toBe('region,revenue\nN,1200\n')
  })
  it('follows results that were stored by reference', async () => {
    const { server, call } = await setup()
    server.files.set(
      'output/s1/result.json',
      Buffer.from(JSON.stringify({ success: true, data: { factorial_5: 120 }, summary: 'x' })),
    )
    const previous_results = {
      s1: {
        success: true,
        summary: 'x',
        data: {},
        result_ref: {
          path: 'shared_files/t/output/s1/result.json',
          bytes: 1,
          sha256: 'x',
          content_type: 'application/json',
        },
      },
    }
    await call(
      '/execute',
      server.work(
        'combine results',
        { task_context: { previous_results } },
        { dependencies: ['s1'], required_capabilities: ['code_generation'] },
      ),
    )
    expect((await server.waitFor(endsWith('/result'))).body.output.data.combined).toEqual({ factorial_5: 120 })
  })
})

describe('the protocol', () => {
  it('registers with its credential, endpoint, capabilities and a new instance', async () => {
    const { server, agent } = await setup()
    const { body, token } = server.seen('/v1/agents')[0]!
    expect(token).toBe('boot')
    expect(body).toMatchObject({
      agent_id: 'agent_1',
      endpoint: `http://localhost:${agent.port}`,
      capabilities: ['data_analysis', 'code_generation'],
    })
    expect(body.instance).toMatch(/^[0-9a-f]{24}$/)
  })
  it('repeats a result until it is answered', async () => {
    const { server, call } = await setup()
    let n = 0
    server.answer(({ path }) =>
      path.endsWith('/result') && n++ < 1 ? { status: 503, json: { detail: 'no' } } : undefined,
    )
    await call('/execute', server.work('Calculate factorial of 3'))
    await server.waitFor(
      (seen) => seen.path.endsWith('/heartbeat') && seen.body.is_available && server.seen('/result').length === 2,
    )
    expect(server.seen('/result')[0]!.body).toEqual(server.seen('/result')[1]!.body)
  })
  it('corrects a result that the server cannot use', async () => {
    const { server, call } = await setup()
    server.answer(({ path, body }) =>
      path.endsWith('/result') && body.status === 'completed'
        ? { status: 400, json: { detail: 'bad output', code: 'VALIDATION_ERROR' } }
        : undefined,
    )
    await call('/execute', server.work('Calculate factorial of 3'))
    const { body } = await server.waitFor((seen) => seen.path.endsWith('/result') && seen.body.status === 'failed')
    expect(body.error).toBe('INTERNAL: the server refused the result: bad output')
  })
  it('stops and reports nothing when the attempt is over', async () => {
    const { server, call } = await setup()
    server.answer(({ path }) =>
      path.endsWith('/approvals') || path.includes('/files')
        ? { status: 409, json: { detail: 'over', code: 'ATTEMPT_OVER', reason: 'superseded' } }
        : undefined,
    )
    await call('/execute', server.work('Calculate factorial of 3'))
    await server.waitFor(
      (seen) =>
        seen.path.endsWith('/heartbeat') &&
        seen.body.is_available &&
        server.calls.some(({ path }) => path.includes('/files')),
    )
    expect(server.seen('/result')).toEqual([])
  })
  it('ends work that the heartbeat says is no longer its own', async () => {
    const { server, call } = await setup({ AGENT_ID: 'agent_2' })
    server.answer(({ path, body }) =>
      path.endsWith('/heartbeat') && body.running.length > 0
        ? { json: { status: 'ok', stop: [{ ...body.running[0], reason: 'cancelled' }] } }
        : undefined,
    )
    await call(
      '/execute',
      server.work(`Scrape ${await hangingUrl()} please`, {}, { required_capabilities: ['web_scraping'] }),
    )
    await server.waitFor(
      (seen) => seen.path.endsWith('/heartbeat') && seen.body.is_available && seen.body.running.length === 0,
    )
    expect(server.seen('/result')).toEqual([])
  })
  it('registers again when the server forgot it, and ends when another process took its id', async () => {
    const ended: string[] = []
    const { server, call } = await setup({}, (why) => ended.push(why))
    let beats = 0
    server.answer(({ path }) =>
      path.endsWith('/heartbeat') && beats++ === 0
        ? { status: 404, json: { detail: 'register again', code: 'AGENT_NOT_FOUND' } }
        : undefined,
    )
    await call('/execute', server.work('Calculate factorial of 3'))
    await server.waitFor(() => server.seen('/v1/agents').length === 2)
    expect(server.seen('/v1/agents')[0]!.body.instance).toBe(server.seen('/v1/agents')[1]!.body.instance)
    server.answer(({ path }) =>
      path.endsWith('/heartbeat') ? { status: 409, json: { detail: 'x', code: 'INSTANCE_REPLACED' } } : undefined,
    )
    await call('/execute', server.work('Calculate factorial of 3', { assignment_id: 'a3' }))
    await expect.poll(() => ended).toEqual(['replaced by another process'])
  })
  it('ends when the server refuses the registration', async () => {
    const server = await startFakeServer(({ path }) =>
      path === '/v1/agents' ? { status: 401, json: { detail: 'no', code: 'UNAUTHORIZED' } } : undefined,
    )
    open.push(() => server[Symbol.asyncDispose]())
    const ended: string[] = []
    await start(server, {}, (why) => ended.push(why))
    await expect.poll(() => ended).toEqual(['registration refused: UNAUTHORIZED'])
  })
})

describe('approvals', () => {
  const csv = 'a,b\nx,1\ny,2\n'
  async function filtering(decide: (n: number) => object) {
    const { server, call } = await setup()
    server.files.set('uploads/t.csv', Buffer.from(csv))
    let asked = 0
    server.answer(({ path, body }) =>
      path.endsWith('/approvals') && body.tool === 'write_file' ? { json: decide(asked++) } : undefined,
    )
    await call(
      '/execute',
      server.work('Read the attached CSV and filter rows where b > 1', {
        task_context: { attachments: [{ filename: 't.csv' }] },
      }),
    )
    return { body: (await server.waitFor(endsWith('/result'))).body, asked: () => asked, server }
  }
  it('waits for a person and goes on', async () => {
    const { body, server } = await filtering((n) =>
      n === 0 ? { decision: 'pending', approval_id: 'p' } : { decision: 'approved', approval_id: 'p' },
    )
    expect(body.status).toBe('completed')
    const [first, second] = server.seen('/approvals').filter((call) => call.body.tool === 'write_file')
    expect(first!.body.call_id).toBe(second!.body.call_id)
    expect(first!.body.arguments).toMatchObject({ path: 'output/filtered.csv' })
  })
  it.each([
    ['denied', /^APPROVAL_DENIED: write_file was denied by a person: not now/],
    ['expired', /^APPROVAL_TIMEOUT: nobody approved write_file in time/],
  ])('fails the step when it is %s', async (decision, error) => {
    const { body } = await filtering(() => ({ decision, approval_id: 'p', reason: 'not now' }))
    expect(body).toMatchObject({ status: 'failed', error: expect.stringMatching(error) })
  })
  it('asks once where nobody is asked', async () => {
    const { asked, body } = await filtering(() => ({ decision: 'approved', approval_id: null }))
    expect(body.status).toBe('completed')
    expect(asked()).toBe(1)
  })
})
