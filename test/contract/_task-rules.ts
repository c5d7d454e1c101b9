// Section 3 of the contract where it is about what is stored: limits the database keeps itself, lists that use an index, the audit log.
import { describe, expect, it } from 'vitest'
import type { Reader } from '../../src/kernel/db/database.ts'
import { listLogs } from '../../src/tasks/list-logs.ts'
import { ListLogsQuery } from '../../src/tasks/schema.ts'
import { listTasks, readResults, readTask } from '../../src/tasks/store/read-task.ts'
import { writeLogs } from '../../src/tasks/store/write-logs.ts'
import { finished, submit } from '../_agents.ts'
import type { TestServer } from '../_server.ts'

const ID = 'task_250601100000_00000000000f'
type Values = Record<string, unknown>
const TASK = {
  id: ID,
  user_id: 'u',
  description: 'Calculate 1 + 1',
  status: 'cancelled',
  subtasks: '[]',
  decomposition_method: 'rules',
}
const RESULT = {
  task_id: ID,
  subtask_id: 'subtask_1',
  agent_id: 'agent_1',
  status: 'completed',
  output: '{}',
  execution_time: 1,
  attempt: 1,
}
const CHECK = '23514'

/** 3.2: what no program can store, whatever it does. */
const REFUSED: [table: string, row: Values, sqlstate: string][] = [
  ['tasks', { ...TASK, id: 'task_1' }, CHECK],
  ['tasks', { ...TASK, status: 'open' }, CHECK],
  ['tasks', { ...TASK, description: '123456789' }, CHECK],
  ['tasks', { ...TASK, description: 'x'.repeat(5001) }, CHECK],
  ['tasks', { ...TASK, user_id: ' ' }, CHECK],
  ['tasks', { ...TASK, user_id: 'u'.repeat(101) }, CHECK],
  ['tasks', { ...TASK, status: 'completed' }, CHECK],
  ['tasks', { ...TASK, status: 'failed' }, CHECK],
  ['tasks', { ...TASK, decomposition_method: 'magic' }, CHECK],
  ['tasks', { ...TASK, created_at: '2025-06-02', updated_at: '2025-06-01' }, CHECK],
  ['subtask_results', { ...RESULT, task_id: 'task_250601100000_00000000000e' }, '23503'],
  ['subtask_results', { ...RESULT, status: 'running' }, CHECK],
  ['subtask_results', { ...RESULT, output: null }, CHECK],
  ['subtask_results', { ...RESULT, status: 'failed' }, CHECK],
  ['subtask_results', { ...RESULT, execution_time: 0 }, CHECK],
  ['subtask_results', { ...RESULT, attempt: 0 }, CHECK],
  ['subtask_results', RESULT, '23505'],
  ['agent_logs', { agent_id: 'agent_1', log_level: 'LOUD', message: 'x' }, CHECK],
]

const insert = (db: Reader, table: string, row: Values) =>
  db.query(
    `insert into tasks.${table} (${Object.keys(row).join(', ')}) values (${Object.keys(row).map((_, i) => `$${i + 1}`)})`,
    Object.values(row),
  )

const logs = (query: object) => (db: Reader) => listLogs(db, ListLogsQuery.parse(query))
const tasks = (filter: object) => (db: Reader) => listTasks(db, filter, 20, 0)
const DAY = new Date('2030-01-02T00:00:00Z')
/** 8.7: the indexes each read must use, whatever else is stored. */
const READS: [what: string, read: (db: Reader) => Promise<unknown>, indexes: string[]][] = [
  ['all tasks', tasks({}), ['tasks_created']],
  ['tasks of a status', tasks({ status: 'failed' }), ['tasks_status']],
  ['tasks of a user', tasks({ user_id: 'user 7' }), ['tasks_user']],
  ['tasks of a day', tasks({ created_from: DAY, created_to: DAY }), ['tasks_created']],
  ['one task', (db) => readTask(db, ID), ['tasks_pkey', 'assignments_subject']],
  ['the results of a task', (db) => readResults(db, ID), ['subtask_results_task']],
  ['the log', logs({}), ['agent_logs_created']],
  ['the log of an agent', logs({ agent_id: 'agent_7' }), ['agent_logs_agent']],
  ['the log of a task', logs({ task_id: 'task 7' }), ['agent_logs_task']],
  ['the log of a level', logs({ log_level: 'ERROR' }), ['agent_logs_level']],
  ['the log of a day', logs({ from: '2030-01-02', to: '2030-01-02' }), ['agent_logs_created']],
]

/** 6.5: every event that must be found again. */
const AUDITED: [event: string, message: RegExp, level: string, metadata: string[]][] = [
  ['task created', /^Task created$/, 'INFO', ['user_id', 'files']],
  ['task decomposed', /^Task decomposed into 2 subtasks$/, 'INFO', ['method', 'count']],
  ['task failed', /^Task failed: /, 'ERROR', ['duration_ms', 'failed']],
  ['task retried', /^Task retried$/, 'INFO', ['requeued', 'unblocked']],
  ['task completed', /^Task completed: /, 'INFO', ['duration_ms', 'subtasks']],
  [
    'subtask assigned',
    /^Subtask \S+ assigned to agent_3|^Subtask \S+ assigned to agent_5/,
    'INFO',
    ['subtask_id', 'agent'],
  ],
  ['subtask started', /^Subtask \S+ started$/, 'INFO', ['subtask_id', 'agent']],
  ['subtask completed', /^Subtask \S+ completed$/, 'INFO', ['subtask_id', 'agent', 'duration_ms']],
  ['subtask failed', /^Subtask \S+ failed: SQL_NOT_ALLOWED: /, 'ERROR', ['subtask_id', 'error_code']],
  ['subtask blocked', /^Subtask \S+ blocked by subtask_/, 'WARN', ['subtask_id', 'blocked_by']],
  ['tool call', /^Tool database_query ran$/, 'DEBUG', ['subtask_id', 'tool', 'duration_ms', 'isError', 'arguments']],
]

class RollBack extends Error {}

export function rulesOfTasks(world: () => { server: TestServer }): void {
  /** Does something in a transaction of which nothing stays. */
  const triedOut = async (work: (tx: Reader) => Promise<void>) => {
    const done = world().server.kernel.db.transaction(async (tx) => {
      await work(tx)
      throw new RollBack()
    })
    await expect(done).rejects.toThrow(RollBack)
  }

  it('3.2 the database itself refuses every row outside the limits', () =>
    triedOut(async (tx) => {
      await insert(tx, 'tasks', TASK)
      await insert(tx, 'subtask_results', RESULT)
      for (const [table, row, sqlstate] of REFUSED) {
        await tx.query('savepoint row')
        await expect(insert(tx, table, row), JSON.stringify([table, row])).rejects.toMatchObject({ code: sqlstate })
        await tx.query('rollback to row')
      }
      // 3.1.8: results go with their task, log entries stay.
      await insert(tx, 'agent_logs', { agent_id: 'agent_1', task_id: ID, log_level: 'INFO', message: 'x' })
      await tx.query('delete from tasks.tasks where id = $1', [ID])
      const left = await tx.query(
        `select (select count(*)::int from tasks.subtask_results where task_id = $1) as results,
                (select count(*)::int from tasks.agent_logs where task_id = $1) as logs`,
        [ID],
      )
      expect(left.rows).toEqual([{ results: 0, logs: 1 }])
    }))

  it('8.7 every list and filter is read by an index', () =>
    triedOut(async (tx) => {
      await tx.query(
        `insert into tasks.tasks (id, user_id, description, status, error, subtasks, decomposition_method, created_at, updated_at)
         select 'task_250601100000_' || lpad(to_hex(n), 12, '0'), 'user ' || n % 300, 'Calculate 1 + 1',
                case when n % 300 = 0 then 'failed' else 'cancelled' end, case when n % 300 = 0 then 'INTERNAL: no' end, '[]', 'rules',
                timestamptz '2030-01-01Z' + n * interval '1 hour', timestamptz '2040-01-01Z' from generate_series(1, 3000) n`,
      )
      await tx.query(
        `insert into tasks.subtask_results (task_id, subtask_id, agent_id, status, output, execution_time, attempt)
         select id, 's', 'agent_1', 'completed', '{}', 1, 1 from tasks.tasks where created_at > '2030-01-01'`,
      )
      await tx.query(
        `insert into tasks.agent_logs (agent_id, task_id, log_level, message, created_at)
         select 'agent_' || n % 300, 'task ' || n % 300, case when n % 300 = 0 then 'ERROR' else 'DEBUG' end, 'x',
                timestamptz '2030-01-01Z' + n * interval '1 hour' from generate_series(1, 3000) n`,
      )
      await tx.query('analyze tasks.tasks, tasks.subtask_results, tasks.agent_logs')
      for (const [what, read, indexes] of READS) {
        const plans: string[] = []
        const explaining: Reader = {
          async query(text, values) {
            const { rows } = await tx.query(`explain ${typeof text === 'string' ? text : text.text}`, values)
            plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
            return tx.query(text, values) as never
          },
        }
        await read(explaining)
        const used = plans.join('\n')
        for (const index of indexes) expect(used, what).toContain(index)
        // Counting all of a table is the one thing that reads all of it.
        if (!what.startsWith('all ') && what !== 'the log')
          expect(used, what).not.toMatch(/Seq Scan on (?:tasks|subtask_results|agent_logs)\b/)
      }
    }))

  it('3.1.6 and 3.3 what an entry says is cut at 4000 characters and kept whatever characters it holds', () =>
    triedOut(async (tx) => {
      const message = `${'x'.repeat(3999)}🙂`
      await writeLogs(tx, world().server.kernel, [
        { taskId: ID, level: 'INFO', message, metadata: { half: '🙂'.slice(0, 1), nul: 'a\0b' } },
      ])
      const [log] = (await listLogs(tx, ListLogsQuery.parse({ task_id: ID }))).logs
      expect(log!.message).toBe(`${'x'.repeat(3999)}\ufffd`)
      expect(log!.metadata).toEqual({ half: '\ufffd', nul: 'a\ufffdb' })
    }))

  it('2.2.1 takes a description whose 200th character has two halves', async () => {
    const { server } = world()
    const id = await submit(server, `Calculate 1 + 1 ${'x'.repeat(183)}🙂🙂`)
    expect((await server.call('GET', `/tasks/${id}`)).body.task.description).toMatch(/x🙂🙂$/u)
    await finished(server, id)
  })

  it('3.2 a statement ends after 60 s, a process keeps at most its connections', async () => {
    const { rows } = await world().server.kernel.db.query('show statement_timeout')
    expect(rows).toEqual([{ statement_timeout: '1min' }])
  })

  describe('6.5 the audit log', () => {
    it('has every event of a job that fails, is corrected and completes', async () => {
      const { server } = world()
      const id = await submit(server, 'Run SQL: DELETE FROM tasks; then create a report of the results')
      const { task } = await finished(server, id)
      await server.call('POST', `/tasks/${id}/subtasks/${task.subtasks[0].id}/retry`, {
        input_data: { sql: 'SELECT 1 AS one' },
      })
      expect((await finished(server, id)).task.status).toBe('completed')
      const { body } = await server.call('GET', `/logs?task_id=${id}&limit=500`)
      for (const [event, message, level, metadata] of AUDITED) {
        const found = body.logs.find((log: any) => message.test(log.message))
        expect(found, event).toMatchObject({ log_level: level })
        expect(Object.keys(found.metadata), event).toEqual(expect.arrayContaining(metadata))
      }
      const registered = (await server.call('GET', '/logs?agent_id=agent_1&q=registered')).body.logs[0]
      expect(registered).toMatchObject({ log_level: 'INFO', metadata: { port: expect.any(Number) } })
      expect(registered.metadata.capabilities).toEqual(['data_analysis', 'code_generation'])
    })
  })
}
