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
