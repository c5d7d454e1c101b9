import { describe, expect, it } from 'vitest'
import * as s from '../schema.ts'

const subtask = { id: 's1', description: 'Test subtask execution', required_capabilities: ['data_analysis'] }
const ok = (schema: { safeParse(v: unknown): { success: boolean } }, value: unknown) => schema.safeParse(value).success

describe('submit', () => {
  it('accepts 10 to 5000 characters after trimming and defaults the user', () => {
    expect(s.SubmitTaskRequest.parse({ description: '  1234567890 ' })).toEqual({
      description: '1234567890',
      user_id: 'default_user',
      input_data: {},
    })
    expect(ok(s.SubmitTaskRequest, { description: 'x'.repeat(5000) })).toBe(true)
    expect(ok(s.SubmitTaskRequest, { description: 'x'.repeat(5001) })).toBe(false)
    expect(ok(s.SubmitTaskRequest, { description: ' 12345678 9'.slice(0, 9) })).toBe(false)
    expect(ok(s.SubmitTaskRequest, {})).toBe(false)
  })
  it('counts emoji as one character each', () => {
    expect(ok(s.SubmitTaskRequest, { description: '🙂'.repeat(10) })).toBe(true)
    expect(ok(s.SubmitTaskRequest, { description: '🙂'.repeat(9) })).toBe(false)
  })
  it.each([
    ['', false],
    ['   ', false],
    ['u'.repeat(100), true],
    ['u'.repeat(101), false],
  ])('judges user_id %j as %s', (user_id, good) => {
    expect(ok(s.SubmitTaskRequest, { description: '1234567890', user_id })).toBe(good)
  })
  it('reads input_data as an object or as its JSON text, up to 64 KB', () => {
    const read = (input_data: unknown) =>
      s.SubmitTaskRequest.parse({ description: '1234567890', input_data }).input_data
    expect(read('{"sql":"SELECT 1"}')).toEqual({ sql: 'SELECT 1' })
    expect(read({ timeout_seconds: 3600 })).toEqual({ timeout_seconds: 3600 })
    expect(read('')).toEqual({})
    for (const bad of [
      '[1]',
      'nope',
      [1],
      { timeout_seconds: 0 },
      { timeout_seconds: '30' },
      { a: 'x'.repeat(65_536) },
    ])
      expect(() => read(bad)).toThrow()
  })
})

describe('subtask', () => {
  it('fills its defaults', () => {
    expect(s.SubTask.parse(subtask)).toEqual({
      ...subtask,
      dependencies: [],
      priority: 5,
      estimated_duration: null,
      input_data: {},
    })
  })
  it.each([
    ['empty capabilities', { required_capabilities: [] }],
    ['a capability twice', { required_capabilities: ['data_analysis', 'data_analysis'] }],
    ['an unknown capability', { required_capabilities: ['magic'] }],
    ['priority 15', { priority: 15 }],
    ['priority -1', { priority: -1 }],
    ['priority 1.5', { priority: 1.5 }],
    ['a dependency on itself', { dependencies: ['s1'] }],
    ['a dependency twice', { dependencies: ['a', 'a'] }],
    ['duration 0', { estimated_duration: 0 }],
    ['a short description', { description: 'too short' }],
    ['a long description', { description: 'x'.repeat(1001) }],
    ['an empty id', { id: '' }],
    ['a long id', { id: 'x'.repeat(101) }],
  ])('refuses %s', (_, change) => expect(ok(s.SubTask, { ...subtask, ...change })).toBe(false))
  it('survives a JSON round trip', () => {
    const full = s.SubTask.parse({ ...subtask, dependencies: ['a'], priority: 0, estimated_duration: 1 })
    expect(s.SubTask.parse(JSON.parse(JSON.stringify(full)))).toEqual(full)
  })
})

describe('execute', () => {
  it('needs task and subtask; the rest has defaults', () => {
    const parsed = s.TaskExecutionRequest.parse({ task_id: 'task_test123', subtask })
    expect(parsed).toMatchObject({ attempt: 1, timeout: 300, task_context: { previous_results: {}, attachments: [] } })
    expect(ok(s.TaskExecutionRequest, { task_id: 'task_test123' })).toBe(false)
    expect(ok(s.TaskExecutionRequest, { task_id: '', subtask })).toBe(false)
    expect(ok(s.TaskExecutionRequest, { task_id: 't', subtask, attempt: 0 })).toBe(false)
  })
})

describe('result', () => {
  const output = { success: true, data: {}, summary: 'done' }
  it.each([
    [{ status: 'completed', output, execution_time: 0.1 }, true],
    [{ status: 'failed', error: 'TIMEOUT: exceeded 1 s', execution_time: 1 }, true],
    [{ status: 'completed', execution_time: 0.1 }, false],
    [{ status: 'failed', execution_time: 0.1 }, false],
    [{ status: 'completed', output, execution_time: 0 }, false],
    [{ status: 'completed', output, error: 'x', execution_time: 1 }, false],
    [{ status: 'completed', output: { success: true, data: {} }, execution_time: 1 }, false],
    [{ status: 'running', output, execution_time: 1 }, false],
  ])('judges %j as %s', (body, good) => expect(ok(s.AttemptResultRequest, body)).toBe(good))
  it('reads the error code from the text, INTERNAL when there is none', () => {
    expect(s.subTaskErrorCode('TIMEOUT: exceeded 5 s')).toBe('TIMEOUT')
    expect(s.subTaskErrorCode('it broke')).toBe('INTERNAL')
    expect(s.subTaskErrorCode('WHAT: it broke')).toBe('INTERNAL')
  })
})

describe('queries', () => {
  it('reads limits, offsets and times from text', () => {
    expect(s.ListTasksQuery.parse({})).toEqual({ limit: 20, offset: 0 })
    expect(s.ListTasksQuery.parse({ limit: '100', created_from: '2025-01-01' }).created_from).toEqual(
      new Date('2025-01-01T00:00:00Z'),
    )
    for (const bad of [{ limit: '0' }, { limit: '101' }, { limit: 'x' }, { offset: '-1' }, { status: 'done' }])
      expect(ok(s.ListTasksQuery, bad)).toBe(false)
    expect(s.ListLogsQuery.parse({ log_level: 'ERROR' }).log_level).toEqual(['ERROR'])
    for (const bad of [{ log_level: 'LOUD' }, { from: 'yesterday' }, { from: '2025-13-01' }, { limit: '501' }])
      expect(ok(s.ListLogsQuery, bad)).toBe(false)
  })
})

describe('entities (3.1): every limit, and a JSON round trip', () => {
  const at = '2025-06-01T10:00:00.000Z'
  const view = {
    ...s.SubTask.parse(subtask),
    id: 'subtask_0123456789ab',
    status: 'completed',
    assigned_agent: 'agent_1',
    attempts: 1,
    queued_at: at,
    started_at: at,
    finished_at: at,
    waiting_reason: null,
    blocked_by: [],
  }
  const output = { success: true, data: { n: 1 }, summary: 'Done', result: 'Done', html_file: 'a', files_created: [] }
  const file = {
    filename: 'a.csv',
    original_filename: '../a.csv',
    file_path: 'artifacts/uploads/task_250601100000_0123456789ab/a.csv',
    file_size: 3,
    mime_type: 'text/csv',
    uploaded_at: at,
  }
  const result = {
    task_id: 'task_250601100000_0123456789ab',
    subtask_id: view.id,
    agent_id: 'agent_1',
    status: 'completed',
    output,
    error: null,
    execution_time: 0.001,
    attempt: 1,
    created_at: at,
  }
  const { task_id: _, error: __, attempt: ___, created_at: ____, ...short } = result
  const task = {
    id: result.task_id,
    user_id: 'u',
    description: '1234567890',
    status: 'completed',
    created_at: at,
    updated_at: at,
    subtasks: [view],
    result: {
      subtask_results: [short],
      outputs: { [view.id]: output.data },
      data: output.data,
      files: [],
      total_execution_time: 0.001,
      wall_time: 1,
      summary: 'Completed 1 subtasks',
    },
    error: null,
    attachments: [file],
    uploads_folder: 'artifacts/uploads/task_250601100000_0123456789ab',
    decomposition_method: 'rules',
    progress: { completed: 1, failed: 0, blocked: 0, cancelled: 0, running: 0, total: 1, percent: 100 },
  }
  const agent = {
    agent_id: 'agent_1',
    port: 8001,
    base_url: 'http://localhost:8001',
    is_available: true,
    current_task: null,
    capabilities: ['data_analysis'],
    cpu_usage: 0,
    memory_usage: 100,
    process_memory_bytes: 1,
    tasks_completed: 0,
    last_heartbeat: at,
    sdk_enabled: true,
  }
  const log = {
    id: 1,
    agent_id: 'orchestrator',
    task_id: null,
    log_level: 'INFO',
    message: 'x'.repeat(4000),
    metadata: null,
    created_at: at,
  }
  const entities = {
    Task: [s.Task, task],
    SubTaskResult: [s.SubTaskResult, result],
    FileAttachment: [s.FileAttachment, file],
    AgentStatus: [s.AgentStatus, agent],
    AgentLog: [s.AgentLog, log],
  } as const
  it.each(Object.entries(entities))('%s is as its JSON says', (_name, [schema, value]) =>
    expect(schema.parse(JSON.parse(JSON.stringify(value)))).toEqual(value),
  )

  const failed = { status: 'failed', result: null, error: 'INTERNAL: no' }
  it.each<[entity: keyof typeof entities, change: object, good: boolean]>([
    ['Task', { id: 'task_1' }, false],
    ['Task', { id: 'task_250601100000_0123456789AB' }, false],
    ['Task', { user_id: '' }, false],
    ['Task', { user_id: '  ' }, false],
    ['Task', { user_id: 'u'.repeat(100) }, true],
    ['Task', { user_id: 'u'.repeat(101) }, false],
    ['Task', { description: '123456789' }, false],
    ['Task', { description: 'x'.repeat(5000) }, true],
    ['Task', { description: 'x'.repeat(5001) }, false],
    ['Task', { updated_at: '2025-06-01T09:59:59.999Z' }, false],
    ['Task', { updated_at: '2025-06-01 10:00' }, false],
    ['Task', { status: 'open' }, false],
    ['Task', { subtasks: [] }, false],
    ['Task', { subtasks: Array(200).fill(view) }, true],
    ['Task', { subtasks: Array(201).fill(view) }, false],
    ['Task', { result: null }, false],
    ['Task', { error: 'no' }, false],
    ['Task', failed, true],
    ['Task', { ...failed, error: null }, false],
    ['Task', { status: 'in_progress', result: null }, true],
    ['Task', { status: 'in_progress' }, false],
    ['Task', { attachments: [], uploads_folder: null }, true],
    ['Task', { uploads_folder: null }, false],
    ['Task', { decomposition_method: 'magic' }, false],
    ['SubTaskResult', { output: null }, false],
    ['SubTaskResult', { error: 'no' }, false],
    ['SubTaskResult', { status: 'failed', output: null, error: 'INTERNAL: no' }, true],
    ['SubTaskResult', { status: 'failed', error: 'INTERNAL: no' }, false],
    ['SubTaskResult', { status: 'failed', output: null }, false],
    ['SubTaskResult', { status: 'running' }, false],
    ['SubTaskResult', { execution_time: 0 }, false],
    ['SubTaskResult', { attempt: 0 }, false],
    ['FileAttachment', { filename: '' }, false],
    ['FileAttachment', { file_path: 'C:\\a.csv' }, false],
    ['FileAttachment', { file_size: -1 }, false],
    ['AgentStatus', { agent_id: 'worker' }, false],
    ['AgentStatus', { port: 0 }, false],
    ['AgentStatus', { is_available: false, current_task: 's1' }, true],
    ['AgentStatus', { is_available: false }, false],
    ['AgentStatus', { capabilities: [] }, false],
    ['AgentStatus', { cpu_usage: 101 }, false],
    ['AgentStatus', { memory_usage: -1 }, false],
    ['AgentStatus', { tasks_completed: -1 }, false],
    ['AgentLog', { message: 'x'.repeat(4001) }, false],
    ['AgentLog', { log_level: 'LOUD' }, false],
    ['AgentLog', { id: 1.5 }, false],
  ])('%s with %j: %s', (entity, change, good) => {
    const [schema, value] = entities[entity]
    expect(ok(schema, { ...value, ...change })).toBe(good)
  })

  it('keys of shared state are 1 to 200 of their characters', () => {
    for (const key of ['a', 'A:1_b.c-d', 'k'.repeat(200)]) expect(ok(s.StateKey, key), key).toBe(true)
    for (const key of ['', 'a b', 'a/b', 'ä', 'k'.repeat(201)]) expect(ok(s.StateKey, key), key).toBe(false)
  })
})
