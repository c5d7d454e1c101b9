// Sections 2.1 to 2.3 of the contract, row by row: each line is a call, and what the contract says it answers.
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { finished, submit } from '../_agents.ts'
import { type TestServer, until } from '../_server.ts'
import { type Site, startSite } from '../tasks/_site.ts'
import { type Answer, checkRow, type Wanted } from './_task-rows.ts'

const CSV = fs.readFileSync(path.resolve(import.meta.dirname, '../../examples/sales.csv'))
/** What the rows name in braces. */
type Names = Record<
  'done' | 'failed' | 'failedStep' | 'blockedStep' | 'running' | 'doneStep' | 'folder' | 'page' | 'chart',
  string
>
type Row = [method: string, at: string, wanted: Wanted, body?: unknown]

const invalid = (field: string): Wanted => ({ status: 400, code: 'VALIDATION_ERROR', field })
const refused = (status: number, code: string): Wanted => ({ status, code })
const noTask = refused(404, 'TASK_NOT_FOUND')
const noFile = refused(404, 'FILE_NOT_FOUND')
const noWay = refused(400, 'PATH_NOT_ALLOWED')
const state = refused(409, 'INVALID_STATE')
const sandboxed: Wanted = { header: 'content-security-policy', like: /sandbox/ }
const step = {
  id: 'subtask_test456',
  description: 'Test subtask execution',
  required_capabilities: ['data_analysis'],
  priority: 5,
  estimated_duration: 10,
}
const job = (subtask: object, more: object = {}) => ({ task_id: 'task_test123', subtask, ...more })

/** 2.2: the orchestrator. */
const ORCHESTRATOR: [section: string, Row[]][] = [
  [
    '2.1 every service',
    [
      ['GET', '/no/such/path', refused(404, 'NOT_FOUND')],
      ['PUT', '/tasks', { status: 405, code: 'METHOD_NOT_ALLOWED', allow: 'GET, POST' }],
      ['DELETE', '/agents', { status: 405, code: 'METHOD_NOT_ALLOWED', allow: 'GET' }],
      ['POST', '/logs', { status: 405, code: 'METHOD_NOT_ALLOWED', allow: 'GET' }],
      ['POST', '/tasks', invalid('body'), '"just text"'],
      ['POST', '/tasks', refused(400, 'VALIDATION_ERROR'), '[]'],
      ['POST', '/tasks', refused(400, 'VALIDATION_ERROR'), '{"description":'],
    ],
  ],
  [
    '2.2.1 submit',
    [
      ['POST', '/tasks', invalid('description'), { description: ' '.repeat(40) }],
      ['POST', '/tasks', invalid('description'), { description: '  nine ch  ' }],
      ['POST', '/tasks', invalid('description'), { description: 12_345_678_901 }],
      ['POST', '/tasks', invalid('description'), { description: null }],
      ['POST', '/tasks', invalid('user_id'), { description: 'Calculate 1 + 1', user_id: '' }],
      ['POST', '/tasks', invalid('user_id'), { description: 'Calculate 1 + 1', user_id: 'u'.repeat(101) }],
      ['POST', '/tasks', invalid('user_id'), { description: 'Calculate 1 + 1', user_id: 7 }],
      ['POST', '/tasks', invalid('input_data'), { description: 'Calculate 1 + 1', input_data: [1] }],
      ['POST', '/tasks', invalid('input_data'), { description: 'Calculate 1 + 1', input_data: '{"a":' }],
      [
        'POST',
        '/tasks',
        invalid('input_data'),
        { description: 'Calculate 1 + 1', input_data: { a: 'x'.repeat(65_536) } },
      ],
      [
        'POST',
        '/tasks',
        invalid('timeout_seconds'),
        { description: 'Calculate 1 + 1', input_data: { timeout_seconds: 3601 } },
      ],
      [
        'POST',
        '/tasks',
        invalid('timeout_seconds'),
        { description: 'Calculate 1 + 1', input_data: { timeout_seconds: '9' } },
      ],
      ['POST', '/tasks?description=Calculate+1+%2B+1&input_data=7', invalid('input_data')],
      [
        'POST',
        '/tasks',
        { shape: 'created' },
        { description: 'Calculate 1 + 1', unknown_key: true, input_data: { timeout_seconds: 3600 } },
      ],
      ['POST', '/tasks?description=Calculate+1+%2B+1&input_data=%7B%22a%22%3A1%7D', { shape: 'created' }],
    ],
  ],
  [
    '2.2.2 and 2.2.3 read',
    [
      ['GET', '/tasks/{done}', { shape: 'task' }],
      ['GET', '/tasks/{failed}', { shape: 'task' }],
      ['GET', '/tasks/{running}', { shape: 'task' }],
      ['GET', '/tasks/task_nonexistent123', noTask],
      ['GET', '/tasks', { shape: 'tasks' }],
      ['GET', '/tasks?status=completed&user_id=rows&created_from=2020-01-01&limit=100&offset=0', { shape: 'tasks' }],
      ['GET', '/tasks?limit=0', invalid('limit')],
      ['GET', '/tasks?limit=101', invalid('limit')],
      ['GET', '/tasks?limit=some', invalid('limit')],
      ['GET', '/tasks?offset=-1', invalid('offset')],
      ['GET', '/tasks?status=done', invalid('status')],
      ['GET', '/tasks?created_from=yesterday', invalid('created_from')],
      ['GET', '/tasks?created_to=2025-02-30T25:00:00Z', invalid('created_to')],
    ],
  ],
  [
    '2.2.4 control',
    [
      ['POST', '/tasks/task_nonexistent123/cancel', noTask],
      ['POST', '/tasks/{done}/cancel', state],
      ['POST', '/tasks/{failed}/cancel', state],
      ['POST', '/tasks/task_nonexistent123/retry', noTask],
      ['POST', '/tasks/{done}/retry', state],
      ['POST', '/tasks/{running}/retry', state],
      ['POST', '/tasks/task_nonexistent123/subtasks/subtask_000000000000/retry', noTask],
      ['POST', '/tasks/{failed}/subtasks/subtask_000000000000/retry', refused(404, 'SUBTASK_NOT_FOUND')],
      ['POST', '/tasks/{failed}/subtasks/{blockedStep}/retry', state],
      ['POST', '/tasks/{done}/subtasks/{doneStep}/retry', state],
      ['POST', '/tasks/{failed}/subtasks/{failedStep}/retry', invalid('description'), { description: 'short' }],
      [
        'POST',
        '/tasks/{failed}/subtasks/{failedStep}/retry',
        invalid('description'),
        { description: 'x'.repeat(1001) },
      ],
      [
        'POST',
        '/tasks/{failed}/subtasks/{failedStep}/retry',
        invalid('required_capabilities'),
        { required_capabilities: [] },
      ],
      [
        'POST',
        '/tasks/{failed}/subtasks/{failedStep}/retry',
        invalid('required_capabilities'),
        { required_capabilities: ['flying'] },
      ],
      ['POST', '/tasks/{failed}/subtasks/{failedStep}/retry', invalid('input_data'), { input_data: [] }],
      [
        'POST',
        '/tasks/{failed}/subtasks/{failedStep}/retry',
        invalid('timeout_seconds'),
        { input_data: { timeout_seconds: 0 } },
      ],
      ['DELETE', '/tasks/task_nonexistent123', noTask],
      ['DELETE', '/tasks/{running}', state],
    ],
  ],
  [
    '2.2.5 files',
    [
      ['GET', '/tasks/{done}/files', { shape: 'files' }],
      ['GET', '/tasks/{done}/files/sales.csv', { header: 'content-disposition', like: /attachment.*sales\.csv/ }],
      ['GET', '/tasks/{done}/subtasks/{doneStep}/output', { shape: 'output' }],
      ['GET', '/tasks/{failed}/subtasks/{failedStep}/output', noFile],
      ['GET', '/tasks/{done}/subtasks/subtask_000000000000/output', noFile],
      ['GET', '/tasks/task_nonexistent123/files', noTask],
      ['GET', '/tasks/task_nonexistent123/files/sales.csv', noTask],
      ['GET', '/tasks/task_nonexistent123/outputs/a.csv', noTask],
      ['GET', '/tasks/{done}/files/none.csv', noFile],
      ['GET', '/tasks/{done}/outputs/none.csv', noFile],
      ['GET', '/tasks/{done}/files/..%2f{done}%2fsales.csv', noWay],
      ['GET', '/tasks/{done}/files/..%2f..%2fresults', noWay],
      ['GET', '/tasks/{done}/files/%2fetc%2fpasswd', noWay],
      ['GET', '/tasks/{done}/files/..%5c..%5csecret', noWay],
      ['GET', '/tasks/{done}/files/sales.csv%00.png', noWay],
      ['GET', '/tasks/{done}/files/~%2fx', noWay],
      ['GET', '/tasks/{done}/files/C:%5cx', noWay],
      ['GET', '/tasks/{done}/outputs/..%2fcontext%2ftask.json', noWay],
      ['GET', '/tasks/{done}/outputs/%2e%2e%2f%2e%2e%2f{failed}', noWay],
      ['GET', '/tasks/{done}/outputs/%2fetc%2fpasswd', noWay],
    ],
  ],
  [
    '2.2.6 agents',
    [
      ['GET', '/agents', { shape: 'agents' }],
      ['GET', '/agents?include_dead=true', { shape: 'agents' }],
      ['GET', '/agents?include_dead=maybe', invalid('include_dead')],
      ['GET', '/agents/agent_1', { shape: 'agent' }],
      ['GET', '/agents/agent_99', refused(404, 'AGENT_NOT_FOUND')],
      ['GET', '/agents/available', { shape: 'available' }],
      ['GET', '/agents/available?capability=data_analysis', { shape: 'available' }],
      ['GET', '/agents/available?capability=flying', invalid('capability')],
    ],
  ],
  [
    '2.2.7 logs',
    [
      ['GET', '/logs', { shape: 'logs' }],
      [
        'GET',
        '/logs?agent_id=orchestrator&task_id={done}&log_level=INFO&log_level=WARN&q=task&limit=500&offset=0',
        { shape: 'logs' },
      ],
      ['GET', '/logs?from=2020-01-01T00:00:00Z&to=2099-01-01T00:00:00.000Z', { shape: 'logs' }],
      ['GET', '/logs?log_level=LOUD', invalid('log_level')],
      ['GET', '/logs?log_level=INFO&log_level=LOUD', invalid('log_level')],
      ['GET', '/logs?from=soon', invalid('from')],
      ['GET', '/logs?to=2025-13-01', invalid('to')],
      ['GET', '/logs?limit=501', invalid('limit')],
      ['GET', '/logs?offset=-1', invalid('offset')],
    ],
  ],
  [
    '2.2.8 results and artifacts',
    [
      ['GET', '/results', { shape: 'folders' }],
      ['GET', '/results/{folder}', { shape: 'folder' }],
      ['GET', '/results/{folder}/{page}', sandboxed],
      ['GET', '/results/{folder}/{page}', { header: 'content-type', like: /text\/html/ }],
      ['GET', '/results/{folder}/{page}?download=true', { header: 'content-disposition', like: /attachment/ }],
      ['GET', '/results/{folder}/{page}?download=true', sandboxed],
      ['GET', '/results/{folder}/archive', { header: 'content-disposition', like: /_results\.zip/ }],
      ['GET', '/results/no_such_folder', noFile],
      ['GET', '/results/no_such_folder/archive', noFile],
      ['GET', '/results/{folder}/none.html', noFile],
      ['GET', '/results/..%2fuploads', noWay],
      ['GET', '/results/{folder}/..%2f..%2fuploads%2f{done}%2fsales.csv', noWay],
      ['GET', '/artifacts/info', { shape: 'info' }],
      ['GET', '/{chart}', sandboxed],
      ['GET', '/{chart}', { header: 'content-type', like: /image\/(png|svg\+xml)/ }],
      ['GET', '/{chart}?download=true', { header: 'content-disposition', like: /attachment/ }],
      ['GET', '/artifacts/images/{done}/none.png', noFile],
      ['GET', '/artifacts/uploads/{done}/sales.csv', noFile],
      ['GET', '/artifacts/results/{folder}/{page}', noFile],
      ['GET', '/artifacts/temp/anything', noFile],
      ['GET', '/artifacts/images/..%2fuploads%2f{done}%2fsales.csv', noWay],
      ['GET', '/artifacts/data/%2fetc%2fpasswd', noWay],
    ],
  ],
  [
    '2.2.9 approvals',
    [
      ['GET', '/approvals', { shape: 'approvals' }],
      ['GET', '/approvals?status=pending', { shape: 'approvals' }],
      ['GET', '/approvals?status=open', invalid('status')],
      ['POST', '/approvals/apr_none', refused(404, 'APPROVAL_NOT_FOUND'), { decision: 'approve' }],
      ['POST', '/approvals/apr_none', invalid('decision'), { decision: 'maybe' }],
      ['POST', '/approvals/apr_none', invalid('decision'), {}],
    ],
  ],
]

/** 2.3: every agent. */
const AGENT: [what: string, method: string, at: string, wanted: Wanted, body?: unknown][] = [
  ['health', 'GET', '/health', { shape: 'agentHealth' }],
  ['status', 'GET', '/status', { shape: 'agentStatus' }],
  ['no body', 'POST', '/execute', refused(400, 'VALIDATION_ERROR'), {}],
  ['no JSON', 'POST', '/execute', refused(400, 'VALIDATION_ERROR'), '{"task_id":'],
  ['no task', 'POST', '/execute', invalid('task_id'), { subtask: step }],
  ['no subtask', 'POST', '/execute', invalid('subtask'), { task_id: 'task_test123' }],
  [
    'empty capabilities',
    'POST',
    '/execute',
    invalid('required_capabilities'),
    job({ ...step, required_capabilities: [] }),
  ],
  [
    'an unknown capability',
    'POST',
    '/execute',
    invalid('required_capabilities'),
    job({ ...step, required_capabilities: ['flying'] }),
  ],
  ['priority 15', 'POST', '/execute', invalid('priority'), job({ ...step, priority: 15 })],
  ['a dependency on itself', 'POST', '/execute', invalid('dependencies'), job({ ...step, dependencies: [step.id] })],
  ['no duration', 'POST', '/execute', invalid('estimated_duration'), job({ ...step, estimated_duration: 0 })],
  ['a short description', 'POST', '/execute', invalid('description'), job({ ...step, description: 'short' })],
  ['an empty id', 'POST', '/execute', invalid('subtask.id'), job({ ...step, id: '' })],
  ['attempt 0', 'POST', '/execute', invalid('attempt'), job(step, { attempt: 0 })],
  ['a time limit of nothing', 'POST', '/execute', invalid('timeout'), job(step, { timeout: 0 })],
  ['a callback that is no address', 'POST', '/execute', invalid('callback_url'), job(step, { callback_url: 'here' })],
  [
    'cancel of what does not run',
    'POST',
    '/cancel',
    refused(404, 'SUBTASK_NOT_FOUND'),
    { task_id: 't', subtask_id: 's' },
  ],
  ['cancel of nothing', 'POST', '/cancel', invalid('subtask_id'), { task_id: 't' }],
  ['an unknown path', 'GET', '/nothing', refused(404, 'NOT_FOUND')],
  ['a wrong method', 'GET', '/execute', { status: 405, code: 'METHOD_NOT_ALLOWED', allow: 'POST' }],
]

export function rowsOfTasks(world: () => { server: TestServer; agents: RunningAgent[] }): void {
  let site: Site
  let names: Names
  const call = async (base: string, method: string, at: string, body?: unknown): Promise<Answer> => {
    const url = `${base}${at.replace(/\{(\w+)\}/g, (_all, name: keyof Names) => names?.[name] ?? name)}`
    const response = await fetch(url, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers }
  }
  const ask = (method: string, at: string, body?: unknown) => call(world().server.url, method, at, body)

  beforeAll(async () => {
    const { server } = world()
    site = await startSite()
    const form = new FormData()
    form.set('description', 'Analyze the attached CSV: total revenue by region, monthly trends, with charts')
    form.set('user_id', 'rows')
    form.append('files', new Blob([CSV]), 'sales.csv')
    const reply = await fetch(`${server.url}/tasks`, { method: 'POST', body: form })
    const done = ((await reply.json()) as { task_id: string }).task_id
    const failed = await submit(server, 'Write a sonnet about the sea. Then create a report of the results.')
    const running = await submit(
      server,
      `Fetch data from ${site.url}/api/slow/one, then fetch ${site.url}/api/slow/two`,
    )
    const [good, bad] = [await finished(server, done), await finished(server, failed)]
    await until(() => site.seen.includes('/api/slow/one'))
    const { artifacts } = (await server.call('GET', `/tasks/${done}/files`)).body
    const [, , folder, page] = good.task.result.subtask_results[0].output.html_file.split('/')
    names = {
      done,
      failed,
      running,
      folder,
      page,
      doneStep: good.task.subtasks[0].id,
      failedStep: bad.task.subtasks[0].id,
      blockedStep: bad.task.subtasks[1].id,
      chart: artifacts.find((one: any) => /image/.test(one.mime_type)).path,
    }
  })
  afterAll(async () => {
    await world().server.call('POST', `/tasks/${names.running}/cancel`)
    site.release()
    await site.close()
  })

  for (const [section, rows] of ORCHESTRATOR)
    describe(section, () => {
      it.each(rows)('%s %s answers %j', async (method, at, wanted, body) => {
        const before = (await ask('GET', '/tasks?limit=1')).body.total_count
        checkRow(await ask(method, at, body), wanted)
        // A refusal leaves nothing behind.
        if ('code' in wanted) expect((await ask('GET', '/tasks?limit=1')).body.total_count).toBe(before)
      })
    })

  describe('2.3 the agents', () => {
    it.each(AGENT)('%s: %s %s answers %j', async (_what, method, at, wanted, body) => {
      for (const agent of at === '/health' || at === '/status' ? world().agents : world().agents.slice(0, 1))
        checkRow(await call(`http://127.0.0.1:${agent.port}`, method, at, body), wanted)
    })

    it('refuse work that needs none of their capabilities', async () => {
      const base = `http://127.0.0.1:${world().agents[0]!.port}`
      const wrong = job({ ...step, required_capabilities: ['web_scraping'] })
      checkRow(await call(base, 'POST', '/execute', wrong), refused(409, 'CAPABILITY_MISMATCH'))
    })
  })

  it('2.2.4 a cancelled task stays cancelled, and can be deleted with its files', async () => {
    const { server } = world()
    const id = await submit(server, `Fetch data from ${site.url}/api/slow/three, then fetch ${site.url}/api/slow/four`)
    checkRow(await ask('POST', `/tasks/${id}/cancel`), { shape: 'cancelled' })
    for (const again of ['cancel', 'retry']) checkRow(await ask('POST', `/tasks/${id}/${again}`), state)
    checkRow(await ask('DELETE', `/tasks/${id}`), { shape: 'deleted' })
    checkRow(await ask('GET', `/tasks/${id}`), noTask)
    checkRow(await ask('DELETE', `/tasks/${id}`), noTask)
    expect(fs.existsSync(path.join(server.dir, 'shared_files', id))).toBe(false)
    // The log is kept (3.1.8).
    expect((await ask('GET', `/logs?task_id=${id}&q=deleted`)).body.total_count).toBeGreaterThan(0)
  })

  it('2.2.4 a retry names what is queued again and what it unblocks', async () => {
    const { server } = world()
    const id = await submit(server, 'Write a sonnet about the moon. Then create a report of the results.')
    const { task } = await finished(server, id)
    const again = await ask('POST', `/tasks/${id}/retry`)
    checkRow(again, { shape: 'retried' })
    expect(again.body).toMatchObject({ requeued: [task.subtasks[0].id], unblocked: [task.subtasks[1].id] })
    await finished(server, id)
    const one = await ask('POST', `/tasks/${id}/subtasks/${task.subtasks[0].id}/retry`, {
      description: 'Calculate factorial of 4',
      required_capabilities: ['data_analysis'],
    })
    checkRow(one, { shape: 'retried' })
    const done = await finished(server, id)
    expect(done.task.status).toBe('completed')
    expect(done.task.updated_at > task.updated_at).toBe(true)
  })
}
