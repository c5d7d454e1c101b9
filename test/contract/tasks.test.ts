import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { finished, startAgents, submit } from '../_agents.ts'
import { type TestServer, testServer, until } from '../_server.ts'
import { rowsOfTasks } from './_task-rows-http.ts'
import { rulesOfTasks } from './_task-rules.ts'

let server: TestServer
let agents: RunningAgent[]
beforeAll(async () => {
  server = await testServer()
  agents = await startAgents(server)
})
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.stop(0)))
  await server[Symbol.asyncDispose]()
})

const form = (fields: Record<string, string>, files: [string, string | Uint8Array][] = []) => {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.set(name, value)
  for (const [name, content] of files) data.append('files', new Blob([content as never]), name)
  return data
}
const post = async (body: FormData) => {
  const response = await fetch(`${server.url}/tasks`, { method: 'POST', body })
  return { status: response.status, body: (await response.json()) as any }
}

describe('POST /tasks', () => {
  it.each([
    ['JSON', () => server.call('POST', '/tasks', { description: 'Calculate factorial of 10', user_id: 'test_user' })],
    ['query', () => server.call('POST', '/tasks?description=Calculate%20factorial%20of%2010&user_id=test_user')],
    ['multipart form', () => post(form({ description: 'Calculate factorial of 10', user_id: 'test_user' }))],
    [
      'urlencoded form',
      async () => {
        const response = await fetch(`${server.url}/tasks`, {
          method: 'POST',
          body: new URLSearchParams({ description: 'Calculate factorial of 10', user_id: 'test_user' }),
        })
        return { status: response.status, body: (await response.json()) as any }
      },
    ],
  ])('accepts a job as %s', async (_kind, send) => {
    const { status, body } = await send()
    expect(status).toBe(200)
    expect(body.task_id).toMatch(/^task_\d{12}_[0-9a-f]{12}$/)
    expect(body).toMatchObject({ status: 'created', files_uploaded: 0 })
    expect(body.subtasks_count).toBeGreaterThanOrEqual(1)
    expect(Number.isInteger(body.initial_subtasks_queued)).toBe(true)
    expect(body.initial_subtasks_queued).toBeGreaterThanOrEqual(1)
  })

  it('accepts 10 and 5000 characters', async () => {
    expect((await server.call('POST', '/tasks', { description: '1234567890' })).status).toBe(200)
    expect((await server.call('POST', '/tasks', { description: 'Calculate 1 + 1 '.padEnd(5000, '.') })).status).toBe(
      200,
    )
  })

  it.each([
    ['too short', { description: 'short' }, 'description'],
    ['too long', { description: 'x'.repeat(5001) }, 'description'],
    ['without description', {}, 'description'],
    ['with a blank user', { description: 'Calculate 1 + 1', user_id: '  ' }, 'user_id'],
    [
      'with a wrong time limit',
      { description: 'Calculate 1 + 1', input_data: { timeout_seconds: 0 } },
      'input_data.timeout_seconds',
    ],
  ])('refuses a job %s, naming the field', async (_why, body, field) => {
    const before = (await server.call('GET', '/tasks')).body.total_count
    const answer = await server.call('POST', '/tasks', body)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'VALIDATION_ERROR' })
    expect(answer.body.detail).toEqual(expect.any(String))
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field)
    expect((await server.call('GET', '/tasks')).body.total_count).toBe(before)
  })

  it('takes default_user when nobody is named', async () => {
    const id = await submit(server, 'Calculate factorial of 3')
    expect((await server.call('GET', `/tasks/${id}`)).body.task.user_id).toBe('default_user')
  })

  it('gives the first answer again for the same idempotency key, and refuses another body', async () => {
    const headers = { 'idempotency-key': 'once-only' }
    const first = await server.call('POST', '/tasks', { description: 'Calculate factorial of 4' }, headers)
    const second = await server.call('POST', '/tasks', { description: 'Calculate factorial of 4' }, headers)
    expect(second.body).toEqual(first.body)
    const other = await server.call('POST', '/tasks', { description: 'Calculate factorial of 5' }, headers)
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED'])
  })

  it('keeps files byte by byte under safe names, and refuses a whole submission for one bad file', async () => {
    const content = 'date,region\n2025-01-05,North\n'
    const { body } = await post(
      form({ description: 'Analyze the attached data and generate a report' }, [
        ['sales.csv', content],
        ['../../etc/passwd.txt', 'root'],
      ]),
    )
    expect(body.files_uploaded).toBe(2)
    const files = (await server.call('GET', `/tasks/${body.task_id}/files`)).body
    expect(files.attachments.map((file: { filename: string }) => file.filename)).toEqual(['sales.csv', 'passwd.txt'])
    expect((await server.call('GET', `/tasks/${body.task_id}/files/sales.csv`)).body).toBe(content)
    const refused = await post(
      form({ description: 'Analyze the attached data' }, [
        ['ok.csv', content],
        ['virus.exe', 'MZ'],
      ]),
    )
    expect([refused.status, refused.body.code]).toEqual([400, 'FILE_TYPE_NOT_ALLOWED'])
    const empty = await post(form({ description: 'Analyze the attached data' }, [['ok.csv', '']]))
    expect([empty.status, empty.body.code]).toEqual([400, 'EMPTY_FILE'])
    const large = await post(
      form({ description: 'Analyze the attached data' }, [['big.csv', new Uint8Array(50 * 1_048_576 + 1)]]),
    )
    expect([large.status, large.body.code]).toEqual([400, 'FILE_TOO_LARGE'])
    expect(fs.readdirSync(path.join(server.dir, 'artifacts/temp'))).toEqual([])
  })
})

describe('a task', () => {
  it('goes from submission to its result (I1)', async () => {
    const id = await submit(server, 'Calculate factorial of 10')
    const { task, subtask_results } = await finished(server, id)
    expect(task).toMatchObject({ status: 'completed', error: null, decomposition_method: 'rules' })
    expect(task.result.data.factorial_10).toBe(3628800)
    expect(task.result.subtask_results[0].output).toMatchObject({
      success: true,
      summary: 'Calculated factorial of 10 = 3,628,800',
    })
    expect(subtask_results[0].execution_time).toBeGreaterThan(0)
    expect(task.progress).toEqual({
      completed: 1,
      failed: 0,
      blocked: 0,
      cancelled: 0,
      running: 0,
      total: 1,
      percent: 100,
    })
    expect(Date.parse(task.updated_at)).toBeGreaterThanOrEqual(Date.parse(task.created_at))
  })

  it('runs free steps on different agents (I5)', async () => {
    const id = await submit(server, 'Calculate factorial of 5 and calculate fibonacci of 10 independently')
    const { task } = await finished(server, id)
    expect(task.subtasks.map((subtask: any) => subtask.dependencies)).toEqual([[], []])
    expect(task.result.data).toMatchObject({ factorial_5: 120, fibonacci_10: 55 })
  })

  it('says in the exact words when a step needs a model, and blocks what depends on it (I18)', async () => {
    const id = await submit(server, 'Write a sonnet about the sea')
    const { task } = await finished(server, id)
    expect(task.status).toBe('failed')
    expect(task.error).toMatch(
      /^Subtask subtask_[0-9a-f]{12} failed: MODEL_NOT_CONFIGURED: No built-in skill can carry out this step and no language model is configured\. Set ANTHROPIC_API_KEY, or LLM_PROVIDER with LLM_BASE_URL, LLM_API_KEY and LLM_MODEL, or CLAUDECODE=1, restart the orchestrator and agents, then retry\. Closest built-in skills: .+\.$/,
    )
    const again = await server.call('POST', `/tasks/${id}/retry`)
    expect(again.body).toMatchObject({ task_id: id, status: 'in_progress', unblocked: [] })
    await finished(server, id)
    const corrected = await server.call('POST', `/tasks/${id}/subtasks/${task.subtasks[0].id}/retry`, {
      description: 'Calculate factorial of 6',
      required_capabilities: ['data_analysis'],
    })
    expect(corrected.status).toBe(200)
    expect((await finished(server, id)).task.result.data.factorial_6).toBe(720)
  })

  it('can be cancelled once, deleted when over, and is then gone', async () => {
    const id = await submit(server, 'Calculate factorial of 7')
    await finished(server, id)
    expect((await server.call('POST', `/tasks/${id}/cancel`)).body.code).toBe('INVALID_STATE')
    expect((await server.call('POST', `/tasks/${id}/retry`)).status).toBe(409)
    expect((await server.call('DELETE', `/tasks/${id}`)).body).toEqual({ task_id: id, deleted: true })
    expect((await server.call('GET', `/tasks/${id}`)).status).toBe(404)
  })

  it('publishes a page per subtask, singly and as an archive', async () => {
    const id = await submit(server, 'Calculate factorial of 8')
    const { task } = await finished(server, id)
    const page = task.result.subtask_results[0].output.html_file as string
    const [, , folder, file] = page.split('/')
    expect((await server.call('GET', '/results')).body.folders.map((one: any) => one.name)).toContain(folder)
    const answer = await server.call('GET', `/results/${folder}/${file}`)
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
    expect(answer.body).toContain(`Task Result - ${task.subtasks[0].id}`)
    expect((await server.call('GET', `/results/${folder}/archive`)).headers.get('content-type')).toBe('application/zip')
    expect((await server.call('GET', `/results/${folder}/..%2f..%2fsecret`)).status).toBe(400)
  })
})

describe('errors', () => {
  it.each([
    ['GET', '/tasks/task_nonexistent123', 404, 'TASK_NOT_FOUND'],
    ['GET', '/nothing/here', 404, 'NOT_FOUND'],
    ['PUT', '/tasks', 405, 'METHOD_NOT_ALLOWED'],
    ['GET', '/tasks?limit=1000', 400, 'VALIDATION_ERROR'],
    ['GET', '/tasks?status=open', 400, 'VALIDATION_ERROR'],
    ['GET', '/logs?log_level=LOUD', 400, 'VALIDATION_ERROR'],
    ['GET', '/agents/agent_99', 404, 'AGENT_NOT_FOUND'],
    ['GET', '/agents/available?capability=flying', 400, 'VALIDATION_ERROR'],
    ['POST', '/approvals/apr_none', 404, 'APPROVAL_NOT_FOUND'],
  ])('%s %s answers %i %s', async (method, at, status, code) => {
    const answer = await server.call(method, at, method === 'POST' ? { decision: 'approve' } : undefined)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.body.detail).toEqual(expect.any(String))
  })

  it('refuses an oversized body and stores nothing', async () => {
    const before = (await server.call('GET', '/tasks')).body.total_count
    const answer = await server.call('POST', '/tasks', { description: 'x'.repeat(2_000_000) })
    expect([answer.status, answer.body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
    expect((await server.call('GET', '/tasks')).body.total_count).toBe(before)
  })

  it('answers malformed JSON with 400 and the request id of the caller', async () => {
    const response = await fetch(`${server.url}/tasks`, {
      method: 'POST',
      body: '{"description":',
      headers: { 'content-type': 'application/json', 'x-request-id': 'my-id-1' },
    })
    expect(response.status).toBe(400)
    expect(response.headers.get('x-request-id')).toBe('my-id-1')
    expect(await response.json()).toMatchObject({ code: 'VALIDATION_ERROR' })
  })

  it('refuses a page of another site in dev mode', async () => {
    const response = await fetch(`${server.url}/tasks`, {
      method: 'POST',
      body: '{"description":"Calculate factorial of 10"}',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
    })
    expect(response.status).toBe(403)
  })
})

describe('agents and logs', () => {
  it('lists five agents with their exact capabilities', async () => {
    const { body } = await server.call('GET', '/agents')
    expect(body.agents.map((agent: any) => [agent.agent_id, [...agent.capabilities].sort()])).toEqual([
      ['agent_1', ['code_generation', 'data_analysis']],
      ['agent_2', ['api_integration', 'web_scraping']],
      ['agent_3', ['database_operations', 'file_processing']],
      ['agent_4', ['api_integration', 'code_generation']],
      ['agent_5', ['data_analysis', 'database_operations']],
    ])
    for (const agent of body.agents) {
      expect(agent.base_url).toBe(`http://localhost:${agent.port}`)
      expect(typeof agent.is_available).toBe('boolean')
      for (const share of [agent.cpu_usage, agent.memory_usage]) expect(share >= 0 && share <= 100).toBe(true)
      expect(agent.sdk_enabled).toBe(true)
    }
    const available = await until(async () => {
      const answer = await server.call('GET', '/agents/available?capability=data_analysis')
      return answer.body.count === 2 ? answer.body : undefined
    })
    expect(available.available_agents).toEqual(['agent_1', 'agent_5'])
  })

  it('records what happened, newest first, and finds it again', async () => {
    const id = await submit(server, 'Calculate factorial of 9')
    await finished(server, id)
    const { body } = await server.call('GET', `/logs?task_id=${id}&limit=500`)
    const messages = body.logs.map((log: any) => log.message)
    for (const wanted of ['Task created', 'Task decomposed into 1 subtasks', 'Task completed: Completed 1 subtasks'])
      expect(messages).toContain(wanted)
    expect(body.total_count).toBe(body.logs.length)
    const found = await server.call('GET', `/logs?task_id=${id}&q=decomposed&log_level=INFO`)
    expect(found.body.total_count).toBe(1)
  })

  it('answers health and metrics', async () => {
    const health = await server.call('GET', '/health')
    expect(health.body).toMatchObject({
      status: 'healthy',
      dependencies: { database: 'connected', coordination: 'connected' },
      model_configured: false,
      workers: { dispatcher: 'running', results: 'running', monitor: 'running' },
    })
    await finished(server, await submit(server, 'Calculate factorial of 3'))
    const metrics = await server.call('GET', '/metrics')
    // 6.4: each with its labels, counted.
    for (const row of [
      /^tasks_total\{status="completed"\} [1-9]/m,
      /^subtasks_total\{status="completed"\} [1-9]/m,
      /^task_duration_seconds_count\{[^}]*domain="tasks"[^}]*\} [1-9]/m,
      /^subtask_execution_seconds_count\{agent="agent_[15]",capability="data_analysis"\} [1-9]/m,
      /^queue_length\{queue="agent_tasks"\} \d/m,
      /^queue_length\{queue="agent_results"\} \d/m,
      /^agent_available\{agent="agent_2"\} 1/m,
      /^agent_utilization_ratio\{agent="agent_2"\} 0/m,
      /^agent_last_heartbeat_age_seconds\{agent="agent_5"\} \d/m,
      /^dispatch_attempts_total\{outcome="accepted"\} [1-9]/m,
      /^# TYPE tool_calls_total counter/m,
      /^# TYPE model_calls_total counter/m,
      /^# TYPE model_call_seconds histogram/m,
      /^http_requests_total\{[^}]*route="\/tasks"[^}]*status="200"[^}]*\} [1-9]/m,
      /^http_request_duration_seconds_count\{[^}]*\} [1-9]/m,
    ])
      expect(row.test(metrics.body), String(row)).toBe(true)
  })
})

describe('row by row', { timeout: 60_000 }, () => rowsOfTasks(() => ({ server, agents })))
describe('rules of section 3', { timeout: 60_000 }, () => rulesOfTasks(() => ({ server })))
