// Annex 10 of the contract row by row, and approvals (2.2.9, 3.12), by an agent that is nothing but the protocol.
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finished, submit } from '../_agents.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { SHAPES } from '../contract/_task-rows.ts'
import { below, GOOD, type Job, rawAgent } from './_raw-agent.ts'

let server: TestServer
let agent: Awaited<ReturnType<typeof rawAgent>>
let work: Job
let task: string
let beating: NodeJS.Timeout
/** Turns a text into two numbers, unless it asks for trouble. */
const embeddings = http.createServer(async (request, response) => {
  const { text } = JSON.parse((await request.toArray()).join(''))
  if (text === 'broken') response.writeHead(500).end('no')
  else if (text === 'garbage') response.end('<html>')
  else response.end(JSON.stringify({ embedding: [text.includes('sea') ? 1 : 0, 1] }))
})
beforeAll(async () => {
  await new Promise<void>((resolve) => embeddings.listen(0, '127.0.0.1', resolve))
  server = await testServer({
    env: {
      SDK_PERMISSION_MODE: 'approveEdits',
      NO_AGENT_TIMEOUT_SECONDS: '2',
      MAX_UPLOAD_TOTAL_BYTES: '1000',
      EMBEDDING_API_URL: `http://127.0.0.1:${(embeddings.address() as AddressInfo).port}/`,
    },
  })
  agent = await rawAgent(server)
  task = await submit(server, 'Write a haiku about the sea')
  work = await agent.next(1)
  // However slow the machine, the agent is heard of.
  beating = setInterval(() => void agent.beat([{ assignment_id: work.assignment_id, attempt: work.attempt }]), 5_000)
}, 120_000)
afterAll(async () => {
  clearInterval(beating)
  await agent.close()
  await server[Symbol.asyncDispose]()
  embeddings.close()
})

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/)
const refusal = (code: string) => ({ code, detail: expect.stringMatching(/\S/) })
const invalid = refusal('VALIDATION_ERROR')

describe('10.2 registration', () => {
  const good = () => ({ ...agent.registration, agent_id: 'agent_8' })
  it.each<[string, object]>([
    ['nothing', { agent_id: undefined }],
    ['an id of another shape', { agent_id: 'worker-1' }],
    ['an unknown pool', { pool: 'cooks' }],
    ['no address', { endpoint: 'here' }],
    ['another scheme', { endpoint: 'ftp://127.0.0.1/' }],
    ['no capability', { capabilities: [] }],
    ['an unknown capability', { capabilities: ['flying'] }],
    ['a capability twice', { capabilities: ['code_generation', 'code_generation'] }],
    ['two slots', { slots: 2 }],
    ['a short instance', { instance: 'x' }],
    ['no instance', { instance: undefined }],
  ])('with %s is refused, and nobody is registered', async (_what, change) => {
    expect(await server.call('POST', '/v1/agents', { ...good(), ...change })).toMatchObject({
      status: 400,
      body: invalid,
    })
    expect((await server.call('GET', '/agents')).body.agents).toHaveLength(1)
  })

  it('answers 201, then 200; another address is AGENT_ID_TAKEN while the first still answers', async () => {
    const other = await rawAgent(server, undefined, 'agent_8')
    expect(other.registered).toMatchObject({ status: 201 })
    expect(other.registered.body).toEqual({
      agent_id: 'agent_8',
      pool: 'tasks',
      agent_token: expect.stringMatching(/^at_/),
      heartbeat_seconds: 10,
      ttl_seconds: 60,
      requeued: [],
      server_time: time,
    })
    expect((await server.call('POST', '/v1/agents', other.registration)).status).toBe(200)
    const elsewhere = { ...other.registration, endpoint: 'http://127.0.0.1:1' }
    expect(await server.call('POST', '/v1/agents', elsewhere)).toMatchObject({
      status: 409,
      body: refusal('AGENT_ID_TAKEN'),
    })
    // The second registration ended the first token.
    expect((await other.beat()).status).toBe(401)
    const newer = { ...other.registration, instance: 'another-process' }
    await server.call('POST', '/v1/agents', newer)
    expect(await other.beat()).toMatchObject({ status: 409, body: refusal('INSTANCE_REPLACED') })
    const last = await server.call('POST', '/v1/agents', newer)
    const gone = await server.call('DELETE', '/v1/agents/agent_8', undefined, {
      authorization: `Bearer ${last.body.agent_token}`,
    })
    expect([gone.status, gone.body]).toEqual([200, { agent_id: 'agent_8', deregistered: true, requeued: [] }])
    expect(await other.beat()).toMatchObject({ status: 404, body: refusal('AGENT_NOT_FOUND') })
    await other.close()
  })

  it('an agent that a person takes out stays out over heartbeats and registrations, and is not called busy', async () => {
    const other = await rawAgent(server, undefined, 'agent_6')
    const available = async () =>
      (await server.call('GET', '/agents/available')).body.available_agents.includes('agent_6')
    // What it was just given goes back as soon as two heartbeats do not name it.
    const idle = () =>
      until(async () => {
        expect((await other.beat()).status).toBe(200)
        const { body } = await server.call('GET', '/agents/agent_6')
        return body.current_task === null ? body : undefined
      })
    for (const verb of ['offline', 'drain']) {
      expect((await server.call('POST', `/v1/agents/tasks/agent_6/${verb}`)).status).toBe(200)
      expect(await idle()).toMatchObject({ is_available: true, current_task: null, draining: true })
      expect(await available()).toBe(false)
    }
    const again = await server.call('POST', '/v1/agents', other.registration)
    expect([again.status, await available()]).toEqual([200, false])
    expect((await server.call('POST', '/v1/agents/tasks/agent_6/resume')).status).toBe(200)
    expect((await server.call('GET', '/agents/agent_6')).body.draining).toBe(undefined)
    const headers = { authorization: `Bearer ${again.body.agent_token}` }
    expect((await server.call('DELETE', '/v1/agents/agent_6', undefined, headers)).status).toBe(200)
    await other.close()
  })

  it('heartbeats are answered with what to stop, and refused when malformed', async () => {
    const mine = { assignment_id: work.assignment_id, attempt: work.attempt }
    const foreign = { assignment_id: 'asg_of_nobody', attempt: 3 }
    const { status, body } = await agent.beat([mine, foreign])
    expect([status, body]).toEqual([
      200,
      { status: 'ok', stop: [{ ...foreign, reason: 'cancelled' }], server_time: time },
    ])
    const at = `/v1/agents/${agent.id}/heartbeat`
    for (const bad of [{}, { instance: agent.registration.instance, is_available: 'yes' }])
      expect((await server.call('POST', at, bad, agent.headers)).status).toBe(400)
    expect(
      (
        await server.call(
          'POST',
          '/v1/agents/agent_77/heartbeat',
          { instance: 'x'.repeat(8), is_available: true },
          agent.headers,
        )
      ).status,
    ).toBe(404)
  })
})

describe('10.4 calls during an attempt', () => {
  const LONG = 'x'.repeat(1_100_000)
  it.each<[what: string, method: string, at: string, body: unknown, status: number, answer: unknown]>([
    ['progress', 'POST', 'progress', { message: 'half', percent: 50 }, 204, ''],
    ['progress over 100', 'POST', 'progress', { percent: 101 }, 400, invalid],
    ['a long message', 'POST', 'progress', { message: 'x'.repeat(4001) }, 400, invalid],
    ['a checkpoint', 'POST', 'checkpoint', { state: { line: 2 } }, 200, { saved_at: time }],
    ['a checkpoint that is no object', 'POST', 'checkpoint', { state: [1] }, 400, invalid],
    ['too large a checkpoint', 'POST', 'checkpoint', { state: { LONG } }, 413, refusal('PAYLOAD_TOO_LARGE')],
    ['logs', 'POST', 'logs', { entries: [{ level: 'INFO', message: 'hello' }] }, 200, { stored: 1 }],
    ['501 logs', 'POST', 'logs', { entries: Array(501).fill({ level: 'INFO', message: 'x' }) }, 400, invalid],
    ['a log of an unknown level', 'POST', 'logs', { entries: [{ level: 'LOUD', message: 'x' }] }, 400, invalid],
    [
      'a file',
      'PUT',
      'files/output/a.txt',
      { a: 1 },
      200,
      { path: 'output/a.txt', bytes: 7, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ],
    ['the same file again', 'GET', 'files/output/a.txt', undefined, 200, '{"a":1}'],
    [
      'a list of files',
      'GET',
      'files',
      undefined,
      200,
      { files: expect.arrayContaining([{ path: 'output/a.txt', size: 7 }]) },
    ],
    ['a file that is not there', 'GET', 'files/output/none.txt', undefined, 404, refusal('FILE_NOT_FOUND')],
    ['a file of elsewhere', 'GET', 'files/..%2F..%2Fx', undefined, 400, refusal('PATH_NOT_ALLOWED')],
    ['a file of the context', 'PUT', 'files/context/task.json', {}, 400, refusal('PATH_NOT_ALLOWED')],
    [
      'a chart of another task',
      'PUT',
      'files/artifacts/images/task_250101000000_0123456789ab/a.svg',
      {},
      400,
      refusal('PATH_NOT_ALLOWED'),
    ],
    ['state', 'PUT', 'state/a:key', { value: { n: [1] }, ttl_seconds: 60 }, 200, { key: 'a:key', expires_at: time }],
    ['the same state', 'GET', 'state/a:key', undefined, 200, { key: 'a:key', value: { n: [1] }, expires_at: time }],
    ['state that was never set', 'GET', 'state/none', undefined, 404, refusal('STATE_NOT_FOUND')],
    ['a key with blanks', 'PUT', 'state/a%20key', { value: 1 }, 400, invalid],
    ['a life of no time', 'PUT', 'state/k', { value: 1, ttl_seconds: 0 }, 400, invalid],
    ['a life of two days', 'PUT', 'state/k', { value: 1, ttl_seconds: 172_800 }, 400, invalid],
    ['too large a value', 'PUT', 'state/k', { value: LONG }, 413, refusal('PAYLOAD_TOO_LARGE')],
    ['a folder', 'GET', 'files/output', undefined, 404, refusal('FILE_NOT_FOUND')],
    ['a folder of files as a file', 'PUT', 'files/output', {}, 400, refusal('PATH_NOT_ALLOWED')],
    ['state with NUL', 'PUT', 'state/k', { value: 'a\0b' }, 400, invalid],
    ['a checkpoint with NUL', 'POST', 'checkpoint', { state: { a: '\0' } }, 400, invalid],
    ['state to forget', 'DELETE', 'state/a:key', undefined, 200, { deleted: true }],
    ['state forgotten before', 'DELETE', 'state/a:key', undefined, 200, { deleted: false }],
    [
      'a lock',
      'POST',
      'locks/report',
      { ttl_seconds: 30 },
      200,
      { name: 'report', owner: expect.any(String), expires_at: time },
    ],
    [
      'its own lock again',
      'POST',
      'locks/report',
      {},
      200,
      { name: 'report', owner: expect.any(String), expires_at: time },
    ],
    ['a lock for two minutes', 'POST', 'locks/x', { ttl_seconds: 120 }, 400, invalid],
    ['its lock given back', 'DELETE', 'locks/report', undefined, 200, { released: true }],
    ['a lock it does not hold', 'DELETE', 'locks/report', undefined, 200, { released: false }],
    [
      'a tool',
      'POST',
      'tools/database_query',
      { arguments: { query: 'SELECT 1 AS one' }, call_id: 'q1' },
      200,
      { content: [{ type: 'text', text: expect.stringContaining('"one":1') }], structuredContent: expect.anything() },
    ],
    [
      'the tool under its other name',
      'POST',
      'tools/query_database',
      { arguments: { query: 'SELECT 2 AS two' }, call_id: 'q2' },
      200,
      expect.objectContaining({ content: expect.anything() }),
    ],
    [
      'a tool that fails',
      'POST',
      'tools/read_file',
      { arguments: { path: 'none.txt' }, call_id: 'q3' },
      200,
      expect.objectContaining({ isError: true }),
    ],
    ['a tool without call_id', 'POST', 'tools/database_query', { arguments: {} }, 400, invalid],
    [
      'an address of this machine',
      'POST',
      'tools/http_request',
      { arguments: { url: 'http://127.0.0.1:1/' }, call_id: 'q4' },
      200,
      { isError: true, content: [{ type: 'text', text: expect.stringMatching(/ADDRESS|private|loopback|NETWORK/i) }] },
    ],
    ['an unknown tool', 'POST', 'tools/fly', { call_id: 'q5' }, 404, refusal('TOOL_NOT_FOUND')],
    [
      'the shell, which runs in agents',
      'POST',
      'tools/shell',
      { arguments: { command: 'id' }, call_id: 'q6' },
      404,
      refusal('TOOL_NOT_FOUND'),
    ],
    [
      'an approval nobody is asked for',
      'POST',
      'approvals',
      { tool: 'read_file', arguments: {}, call_id: 'a0' },
      200,
      { decision: 'approved', approval_id: null },
    ],
    ['an approval without tool', 'POST', 'approvals', { arguments: {}, call_id: 'a0' }, 400, invalid],
    [
      'an approval that waits too long',
      'POST',
      'approvals',
      { tool: 'shell', call_id: 'a0', wait_seconds: 31 },
      400,
      invalid,
    ],
  ])('%s', async (_what, method, at, body, status, answer) => {
    const got = await below(server, work, at, body, method)
    expect(got.status, JSON.stringify(got.body)).toBe(status)
    if (status >= 400) expect(got.body).toMatchObject(answer as object)
    else expect(got.body).toEqual(answer)
  })

  it('a lock of another attempt is held; it is free when that attempt ends', async () => {
    const other = await rawAgent(server, undefined, 'agent_7')
    const id = await submit(server, 'Write a sonnet about the sea')
    const second = await other.next(1)
    const first = await below(server, second, 'locks/shared', { ttl_seconds: 60 })
    expect(first.status).toBe(200)
    // Locks belong to one task: another task has its own.
    expect((await below(server, work, 'locks/shared', {})).status).toBe(200)
    await below(server, second, 'result', GOOD)
    await finished(server, id)
    await other.close()
  })

  it('a wrong token is 401, an unknown assignment 404', async () => {
    expect((await below(server, { ...work, callback_token: 'ct_wrong' }, 'progress', {})).status).toBe(401)
    const nobody = { ...work, callback_url: work.callback_url.replace(work.assignment_id, 'asg_none') }
    expect(await below(server, nobody, 'progress', {})).toMatchObject({
      status: 404,
      body: refusal('ASSIGNMENT_NOT_FOUND'),
    })
  })
})

describe('3.11 tools in the server', () => {
  let calls = 0
  const use = async (name: string, args: object) => {
    const { status, body } = await below(server, work, `tools/${name}`, { arguments: args, call_id: `t${++calls}` })
    expect(status).toBe(200)
    return body as { content: { type: string; text: string }[]; isError?: boolean; structuredContent?: any }
  }
  it.each<[name: string, args: object, answer: RegExp]>([
    ['set_shared_state', { key: 'fish', value: { n: 3 } }, /"stored":true/],
    ['get_shared_state', { key: 'fish' }, /"n":3/],
    ['share_data', { key: 'fish', value: [1], ttl: 60 }, /"stored":true/],
    ['get_shared_data', { key: 'fish' }, /\[1\]/],
    ['get_shared_state', { key: 'never' }, /no data/],
    ['list_files', {}, /"context\/task\.json"/],
    ['list_files', { path: 'context' }, /"context\/task\.json"/],
    ['list_files', { path: 'uploads' }, /"files":\[\]/],
    ['read_file', { path: 'context/task.json' }, /haiku about the sea/],
    ['read_file', { path: './context/task.json' }, /haiku about the sea/],
    ['read_file', { path: 'output/a.txt' }, /\{\\"a\\":1\}/],
    ['read_file', { path: 'output/a.txt', offset: 1, max_bytes: 2 }, /"bytes":2,"total_bytes":7/],
    ['log_progress', { message: 'half way', percent: 50 }, /./],
    ['generate_embedding', { text: 'the sea' }, /\[1,1\]/],
    ['embedding_search', { query: 'the sea' }, /\[\]/],
  ])('%s %j works', async (name, args, answer) => {
    const { content, isError } = await use(name, args)
    expect([isError ?? false, content[0]!.type]).toEqual([false, 'text'])
    expect(content[0]!.text).toMatch(answer)
  })

  it.each<[name: string, args: object, why: RegExp]>([
    ['set_shared_state', { key: 'a key', value: 1 }, /^(INVALID_INPUT|VALIDATION_ERROR|TOOL_ERROR).*key/],
    ['set_shared_state', { key: 'k', value: 1, ttl: 0 }, /ttl/],
    ['set_shared_state', { key: 'k', value: 1, ttl: 86_401 }, /ttl/],
    ['read_file', { path: '../../etc/passwd' }, /^PATH_NOT_ALLOWED/],
    ['read_file', { path: '/etc/passwd' }, /^PATH_NOT_ALLOWED/],
    ['read_file', { path: 'uploads/../../x' }, /^PATH_NOT_ALLOWED/],
    ['read_file', { path: 'none.txt' }, /^FILE_NOT_FOUND/],
    ['read_file', { path: '' }, /path/],
    ['list_files', { path: '../' }, /^PATH_NOT_ALLOWED/],
    ['generate_embedding', { text: '' }, /text/],
    ['generate_embedding', { text: 'x'.repeat(8_001) }, /text/],
    ['generate_embedding', { text: 'broken' }, /HTTP 500/],
    ['generate_embedding', { text: 'garbage' }, /did not answer/],
    ['web_search', { query: 'fish' }, /web_scraping/],
    ['http_request', { url: 'http://169.254.169.254/latest/' }, /ADDRESS|private|metadata/i],
    ['http_request', { url: 'file:///etc/passwd' }, /URL|http/],
    ['http_request', { method: 'TRACE', url: 'http://example.org/' }, /method/],
    ['database_query', { query: 'SELECT pg_sleep(9)' }, /^SQL_NOT_ALLOWED/],
    ['database_query', { query: 'SELECT nothing' }, /^SQL_ERROR/],
    ['database_query', {}, /query/],
  ])('%s %j fails with its reason, and the step goes on', async (name, args, why) => {
    const { content, isError } = await use(name, args)
    expect(isError).toBe(true)
    expect(content[0]!.text).toMatch(why)
    expect((await server.call('GET', `/tasks/${task}`)).body.task.subtasks[0].status).toBe('running')
  })
})

describe('3.3, 3.8 and 3.9: what steps share', () => {
  const { query } = { query: (text: string, values: unknown[]) => server.kernel.db.query(text, values) }

  it('state and locks end with their time; updated_by and the time to live are kept', async () => {
    await below(server, work, 'state/short', { value: 1 }, 'PUT')
    const stored = await query(
      `select updated_by, round(extract(epoch from expires_at - now()) / 100) as life from kernel.shared_state where scope = $1 and key = 'short'`,
      [task],
    )
    expect(stored.rows).toEqual([{ updated_by: expect.stringMatching(/./), life: '36' }])
    await query(`update kernel.shared_state set expires_at = now() where scope = $1 and key = 'short'`, [task])
    expect((await below(server, work, 'state/short', undefined, 'GET')).status).toBe(404)
    const other = `insert into kernel.shared_locks (scope, name, owner, expires_at) values ($1, 'theirs', 'other', now() + make_interval(secs => $2))
      on conflict (scope, name) do update set expires_at = excluded.expires_at`
    await query(other, [task, 300])
    expect(await below(server, work, 'locks/theirs', {})).toMatchObject({
      status: 409,
      body: { ...refusal('LOCK_HELD'), expires_at: time },
    })
    expect((await below(server, work, 'locks/theirs', undefined, 'DELETE')).body).toEqual({ released: false })
    await query(other, [task, -1])
    expect((await below(server, work, 'locks/theirs', {})).status).toBe(200)
  })

  it('a file that is there is written under its lock: another step waits, its owner does not', async () => {
    const at = 'files/output/shared.txt'
    const name = 'file:output/shared.txt'
    await below(server, work, at, 'one', 'PUT')
    await query(
      `insert into kernel.shared_locks (scope, name, owner, expires_at) values ($1, $2, 'other', now() + interval '1 hour')`,
      [task, name],
    )
    let isWritten = false
    const writing = below(server, work, at, 'two', 'PUT').then((answer) => {
      isWritten = true
      return answer
    })
    expect((await below(server, work, at, undefined, 'GET')).body).toContain('one')
    expect(isWritten).toBe(false)
    await query('delete from kernel.shared_locks where scope = $1 and name = $2', [task, name])
    expect((await writing).status).toBe(200)
    expect((await below(server, work, `locks/${encodeURIComponent(name)}`, {})).status).toBe(200)
    expect((await below(server, work, at, 'three', 'PUT')).status).toBe(200)
    expect((await below(server, work, `locks/${encodeURIComponent(name)}`, undefined, 'DELETE')).body).toEqual({
      released: true,
    })
    expect((await below(server, work, at, undefined, 'GET')).body).toContain('three')
  })

  it('a file cannot take the place of a folder, nor a task more than 500 MB', async () => {
    await below(server, work, 'files/output/sub/a.txt', 'x', 'PUT')
    expect(await below(server, work, 'files/output/sub', 'x', 'PUT')).toMatchObject({
      status: 400,
      body: refusal('PATH_NOT_ALLOWED'),
    })
    const huge = path.join(server.dir, 'shared_files', task, 'output/huge.bin')
    fs.writeFileSync(huge, '')
    fs.truncateSync(huge, 500 * 1_048_576) // a hole: it takes no room on the disk
    expect(await below(server, work, 'files/output/more.txt', 'x', 'PUT')).toMatchObject({
      status: 413,
      body: refusal('PAYLOAD_TOO_LARGE'),
    })
    expect((await below(server, work, 'files/output/more.txt', undefined, 'GET')).status).toBe(404)
    fs.rmSync(huge)
    expect((await below(server, work, 'files/output/more.txt', 'x', 'PUT')).status).toBe(200)
  })

  it('a large result is kept by reference, whatever character its preview ends in', async () => {
    const other = await rawAgent(server, undefined, 'agent_7')
    expect((await server.call('GET', '/agents/agent_7')).body).toMatchObject({
      port: Number(new URL(other.registration.endpoint).port),
      base_url: other.registration.endpoint,
    })
    const id = await submit(server, 'Write a sonnet about the sea', { input_data: { timeout_seconds: 1.5 } })
    const large = await other.next(1)
    expect((large as any).timeout).toBe(2) // whole, as agents are told it
    const before = JSON.stringify({ success: true, data: { text: '' } }).indexOf('""') + 1
    const output = {
      success: true,
      data: { text: `${'x'.repeat(2047 - before)}${'🙂'.repeat(70_000)}` },
      summary: 'Long',
    }
    expect((await below(server, large, 'result', { ...GOOD, output })).body).toMatchObject({ outcome: 'stored' })
    const { subtask_results } = await finished(server, id)
    expect(subtask_results[0].output).toMatchObject({
      data: {},
      result_ref: { path: `output/${large.subtask.id}/result.json` },
    })
    expect(subtask_results[0].output.preview).toHaveLength(2048)
    expect(subtask_results[0].output.preview).toMatch(/x\ufffd$/)
    const whole = await server.call('GET', `/tasks/${id}/subtasks/${large.subtask.id}/output`)
    expect(whole.body.data.text).toBe(output.data.text)
    await other.close()
  })

  it('a result larger than 50 MB is refused as it arrives', async () => {
    const { hostname, port, pathname } = new URL(work.callback_url)
    const refused = await new Promise<number | undefined>((resolve, reject) => {
      const request = http.request({
        method: 'POST',
        hostname,
        port,
        path: `${pathname}/result`,
        headers: {
          authorization: `Bearer ${work.callback_token}`,
          'content-type': 'application/json',
          'content-length': 50 * 1_048_576 + 1,
        },
      })
      request.on('response', (response) => resolve(response.statusCode)).on('error', reject)
      request.flushHeaders()
    })
    expect(refused).toBe(413)
  })
})

describe('limits of the settings', () => {
  it('files over MAX_UPLOAD_TOTAL_BYTES in sum are refused, naming the total, and nothing stays', async () => {
    const form = new FormData()
    form.set('description', 'Analyze the attached files')
    for (const name of ['a.csv', 'b.csv']) form.append('files', new Blob(['x'.repeat(600)]), name)
    const before = (await server.call('GET', '/tasks')).body.total_count
    const reply = await fetch(`${server.url}/tasks`, { method: 'POST', body: form })
    expect([reply.status, await reply.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'FILE_TOO_LARGE', detail: expect.stringMatching(/1200.*1000/) }),
    ])
    expect((await server.call('GET', '/tasks')).body.total_count).toBe(before)
  })

  it('work that every capable agent is too busy for says so', async () => {
    const id = await submit(server, 'Write a limerick about the sea')
    const step = await until(async () => {
      const [one] = (await server.call('GET', `/tasks/${id}`)).body.task.subtasks
      return one.waiting_reason ? one : undefined
    })
    expect(step).toMatchObject({ status: 'queued', waiting_reason: 'agents_busy', attempts: 0, assigned_agent: null })
    await server.call('POST', `/tasks/${id}/cancel`)
  })

  it('work that no agent can do says so, then fails NO_CAPABLE_AGENT with the capability, and may be retried', async () => {
    const id = await submit(server, 'Calculate factorial of 10')
    const waiting = await until(async () => {
      const [step] = (await server.call('GET', `/tasks/${id}`)).body.task.subtasks
      return step.waiting_reason ? step : undefined
    })
    expect(waiting).toMatchObject({ status: 'queued', waiting_reason: 'no_capable_agent', attempts: 0 })
    const { task: done } = await finished(server, id)
    expect(done.error).toMatch(/failed: NO_CAPABLE_AGENT: .*data_analysis/)
    const { logs } = (await server.call('GET', `/logs?task_id=${id}&log_level=WARN`)).body
    expect(logs).toHaveLength(1)
    expect((await server.call('POST', `/tasks/${id}/retry`)).status).toBe(200)
    await server.call('POST', `/tasks/${id}/cancel`)
  })

  it('a page of any origin may read; only this one may write (2.1)', async () => {
    const headers = { origin: 'https://elsewhere.example' }
    const read = await server.call('GET', '/tasks', undefined, headers)
    expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
    const asked = await fetch(`${server.url}/tasks`, {
      method: 'OPTIONS',
      headers: { ...headers, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-any' },
    })
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/\*|x-any/)
    const write = await server.call('POST', '/tasks', { description: 'Calculate 1 + 1' }, headers)
    expect(write.status).toBe(403)
  })
})

describe('2.2.9 and 3.12: calls that wait for a person', () => {
  const pending = async () => (await server.call('GET', '/approvals?status=pending')).body.approvals
  const store = (call_id: string) =>
    below(server, work, 'tools/store_rows', { arguments: { table: 'poems', rows: [{ line: 'o sea' }] }, call_id })
  const stored = async () =>
    (await server.kernel.db.query(`select to_regclass('agent_data.poems') is not null as there`)).rows[0]!['there']

  it('denied: the tool fails with the reason, nothing is written, and the answer is final', async () => {
    const waiting = store('s1')
    const [one] = await until(async () => ((await pending()).length > 0 ? pending() : undefined))
    expect(SHAPES.approval.safeParse(one).error?.issues ?? []).toEqual([])
    expect(one).toMatchObject({ task_id: task, subtask_id: work.subtask.id, agent_id: 'agent_9', tool: 'store_rows' })
    const { decisions } = (await server.call('GET', '/v1/decisions?status=open')).body
    expect(decisions[0]).toMatchObject({
      title: 'May agent_9 use store_rows: poems?',
      blocks: 'Step "Write a haiku about the sea"',
    })
    const denied = await server.call('POST', `/approvals/${one.id}`, { decision: 'deny', reason: 'no poems here' })
    expect([denied.status, denied.body.status]).toEqual([200, 'denied'])
    expect((await waiting).body).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/^APPROVAL_DENIED: .*no poems here/) }],
    })
    expect(await stored()).toBe(false)
    expect(await server.call('POST', `/approvals/${one.id}`, { decision: 'approve' })).toMatchObject({
      status: 409,
      body: refusal('APPROVAL_ALREADY_DECIDED'),
    })
    expect((await store('s1')).body).toEqual((await waiting).body)
  })

  it('approved: it runs once, also when the call is repeated', async () => {
    const waiting = store('s2')
    const [one] = await until(async () => ((await pending()).length > 0 ? pending() : undefined))
    expect((await server.call('POST', `/approvals/${one.id}`, { decision: 'approve' })).body.status).toBe('approved')
    const answer = (await waiting).body
    expect(answer.structuredContent ?? JSON.parse(answer.content[0].text)).toMatchObject({ inserted: 1, created: true })
    expect((await store('s2')).body).toEqual(answer)
    expect((await server.kernel.db.query('select count(*)::int as n from agent_data.poems')).rows).toEqual([{ n: 1 }])
  })

  it('what the agent runs itself: pending, then decided; a person cannot change what would not reach it', async () => {
    const ask = () =>
      below(server, work, 'approvals', {
        tool: 'write_file',
        arguments: { path: 'output/a.svg', bytes: 9 },
        call_id: 'w1',
      })
    const first = await ask()
    expect([first.status, first.body]).toEqual([
      202,
      { decision: 'pending', approval_id: expect.stringMatching(/^apr_/), expires_at: time },
    ])
    const { decisions } = (await server.call('GET', '/v1/decisions?status=open')).body
    expect(decisions[0]).toMatchObject({ id: first.body.approval_id, title: 'May agent_9 use write_file: a.svg?' })
    expect(decisions[0].form ?? null).toBeNull()
    await server.call('POST', `/approvals/${first.body.approval_id}`, { decision: 'approve' })
    const decided = await ask()
    expect([decided.status, decided.body]).toEqual([200, { decision: 'approved', approval_id: first.body.approval_id }])
  })

  it('approved for the whole job: what waits beside it runs, later calls of its kind are not asked about, others are', async () => {
    const ask = (tool: string, args: object, call_id: string, wait_seconds = 0) =>
      below(server, work, 'approvals', { tool, arguments: args, call_id, wait_seconds })
    const file = (n: number) => ({ path: `output/chart_${n}.svg`, bytes: n })
    const beside = ask('write_file', file(2), 'j2', 30)
    const first = (await ask('write_file', file(1), 'j1')).body
    await until(async () => (await pending()).length === 2)
    const decision = (await server.call('GET', `/v1/decisions/${first.approval_id}`)).body
    expect(decision.options.map((one: any) => one.label)).toEqual([
      'Approve call',
      'Approve all files of this job',
      'Deny call',
    ])
    // Somebody is denying one of them, and may still take it back.
    const doubted = `/v1/decisions/${(await ask('write_file', file(7), 'j7')).body.approval_id}`
    await server.call('POST', `${doubted}/answer`, { choice: 'deny', undo_seconds: 60 })
    const at = `/v1/decisions/${first.approval_id}/answer`
    expect((await server.call('POST', at, { choice: 'approve_job' })).status).toBe(200)
    expect((await ask('write_file', file(7), 'j7')).status).toBe(202)
    expect((await server.call('POST', `${doubted}/undo`)).status).toBe(200)
    // Taken back: it is covered like the others, and a repeated call hears the same.
    for (let n = 0; n < 2; n++)
      expect((await ask('write_file', file(7), 'j7')).body).toEqual({
        decision: 'approved',
        approval_id: first.approval_id,
      })
    expect((await ask('write_file', file(1), 'j1')).body).toMatchObject({ decision: 'approved' })
    expect((await beside).body).toMatchObject({ decision: 'approved' })
    expect((await ask('write_file', file(3), 'j3')).body).toEqual({
      decision: 'approved',
      approval_id: first.approval_id,
    })
    expect(await pending()).toEqual([])
    // The contract's own list says approved, the log says by whom.
    const { approvals } = (await server.call('GET', '/approvals?status=approved')).body
    expect(approvals.map((one: any) => one.id)).toContain(first.approval_id)
    const { logs } = (await server.call('GET', `/logs?task_id=${task}&q=Approval`)).body
    expect(logs.map((log: any) => log.message)).toContain(
      'Approval given for write_file and all of its kind in this job',
    )
    // Another kind, a command, and what is sent to others are asked about each time.
    expect((await ask('store_rows', { table: 't', rows: [] }, 'j4')).status).toBe(202)
    for (const [tool, args, call_id] of [
      ['shell', { command: 'ls' }, 'j5'],
      [
        'http_request',
        { method: 'POST', url: 'https://example.org/', auth: { type: 'bearer', token: 'my-own-token' } },
        'j6',
      ],
    ] as const) {
      const asked = await ask(tool, args, call_id)
      const { options, evidence, data } = (await server.call('GET', `/v1/decisions/${asked.body.approval_id}`)).body
      expect(options.map((one: any) => one.id)).toEqual(['approve', 'deny'])
      expect(JSON.stringify([evidence, data])).not.toContain('my-own-token')
    }
    for (const { id } of await pending()) await server.call('POST', `/approvals/${id}`, { decision: 'deny' })
    const { logs: told } = (await server.call('GET', `/logs?task_id=${task}&q=my-own-token`)).body
    expect(told).toEqual([])
  })

  it('cancelled meanwhile: the question is withdrawn and the call ends', async () => {
    const waiting = store('s3')
    await until(async () => (await pending()).length > 0)
    await server.call('POST', `/tasks/${task}/cancel`)
    expect(await waiting).toMatchObject({ status: 409, body: { ...refusal('ATTEMPT_OVER'), reason: 'cancelled' } })
    await until(async () => (await pending()).length === 0)
    const late = await below(server, work, 'result', GOOD)
    expect(late.body).toEqual({ accepted: false, outcome: 'cancelled', subtask_status: 'cancelled' })
    expect((await below(server, work, 'checkpoint', { state: {} })).body).toMatchObject({ reason: 'cancelled' })
  })
})
