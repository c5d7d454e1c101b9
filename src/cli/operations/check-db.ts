import type { Db } from '../../kernel/db/database.ts'
import { newTaskId } from '../../tasks/task-id.ts'
import { readArguments } from '../arguments.ts'
import type { Io } from '../io.ts'
import { type Part, reportParts } from './report-parts.ts'
import { withDatabase } from './with-database.ts'

const HELP = `troupe check-db [--json]

Writes a task, a result and a log entry, reads them back over other connections, checks a rule the database enforces, and
removes everything again. Exit code 1 when a part fails.`

const must = (ok: unknown, message: string) => {
  if (!ok) throw new Error(message)
}

function roundTrip(db: Db): Part[] {
  const task = newTaskId(Date.now())
  const agent = `check_${task.slice(-12)}`
  return [
    {
      name: 'connection',
      async work() {
        const { rows } = await db.query(
          `select current_setting('server_version') as version, current_database() as name`,
        )
        return `PostgreSQL ${rows[0]!['version']}, database ${rows[0]!['name']}`
      },
    },
    {
      name: 'write',
      async work() {
        await db.transaction(async (tx) => {
          // Cancelled: no worker touches it.
          await tx.query(
            `insert into tasks.tasks (id, user_id, description, status, subtasks, decomposition_method) values ($1, 'check', 'Round trip of check-db', 'cancelled', '[]', 'rules')`,
            [task],
          )
          await tx.query(
            `insert into tasks.subtask_results (task_id, subtask_id, agent_id, status, output, execution_time, attempt) values ($1, 'check', $2, 'completed', '{"success": true}', 0.001, 1)`,
            [task, agent],
          )
          await tx.query(
            `insert into tasks.agent_logs (agent_id, task_id, log_level, message) values ($2, $1, 'DEBUG', 'check-db')`,
            [task, agent],
          )
        })
        return 'task, result and log entry'
      },
    },
    {
      name: 'read',
      async work() {
        const { rows } = await db.query(
          `select t.status, r.output, l.message from tasks.tasks t join tasks.subtask_results r on r.task_id = t.id join tasks.agent_logs l on l.task_id = t.id where t.id = $1`,
          [task],
        )
        must(
          rows[0]?.['status'] === 'cancelled' && rows[0]?.['output']?.success === true,
          'what was written did not come back',
        )
        return 'all three as written'
      },
    },
    {
      name: 'rules',
      async work() {
        const refused = await db
          .query(
            `insert into tasks.subtask_results (task_id, subtask_id, agent_id, status, execution_time, attempt) values ($1, 'x', $2, 'completed', 1, 1)`,
            [task, agent],
          )
          .then(
            () => undefined,
            (error: { code?: string }) => error.code,
          )
        must(refused === '23514', 'a completed result without output was accepted')
        return 'a completed result without output is refused'
      },
    },
    {
      name: 'clean-up',
      async work() {
        await db.query('delete from tasks.tasks where id = $1', [task])
        await db.query('delete from tasks.agent_logs where agent_id = $1', [agent])
        const { rows } = await db.query('select count(*)::int as n from tasks.subtask_results where agent_id = $1', [
          agent,
        ])
        must(rows[0]!['n'] === 0, 'results were left behind')
        return 'nothing left'
      },
    },
  ]
}

/** `check-db`: round trip through the tables of the tasks domain, with clean-up. */
export async function checkDb(argv: string[], io: Io): Promise<number> {
  const { values } = readArguments(argv, {})
  if (values.help) {
    io.out(HELP)
    return 0
  }
  return withDatabase(io, async ({ db }) =>
    (await reportParts(io, roundTrip(db), { good: 'OK', bad: 'FAILED' }, values.json === true)) ? 0 : 1,
  )
}
