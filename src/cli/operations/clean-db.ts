import type { Db } from '../../kernel/db/database.ts'
import { readArguments } from '../arguments.ts'
import type { Io } from '../io.ts'
import { withDatabase } from './with-database.ts'

const HELP = `troupe clean-db [--json]

Empties the tables tasks, subtask_results and agent_logs, with the work that is queued and the approvals that wait for it. Tables
made by agents, files and everything of the other domains stay. A running server goes on; agents drop what they work on.`

export type Emptied = { tasks: number; subtask_results: number; agent_logs: number }

/** One transaction; rows removed per table. */
export const emptyTaskTables = (db: Db): Promise<Emptied> =>
  db.transaction(async (tx) => {
    const emptied = {} as Emptied
    for (const table of ['subtask_results', 'agent_logs', 'tasks'] as const)
      emptied[table] = (await tx.query(`delete from tasks.${table}`)).rowCount
    await tx.query('delete from tasks.agent_calls')
    await tx.query(`delete from kernel.decisions where domain = 'tasks'`)
    await tx.query(`delete from kernel.plans where domain = 'tasks'`)
    await tx.query(`update kernel.agents set running = 0, current_work = null where pool = 'tasks'`)
    return emptied
  })

export async function cleanDb(argv: string[], io: Io): Promise<number> {
  const { values } = readArguments(argv, {})
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const emptied = await withDatabase(io, ({ db }) => emptyTaskTables(db))
  if (values.json) io.out(JSON.stringify(emptied))
  else for (const [table, rows] of Object.entries(emptied)) io.out(`${table.padEnd(16)} ${rows} rows removed`)
  return 0
}
