import { createInterface } from 'node:readline'
import { readArguments } from '../arguments.ts'
import type { Io } from '../io.ts'
import { emptyTaskTables } from './clean-db.ts'
import { reportParts } from './report-parts.ts'
import { emptyArtifacts, emptyWorkspaces } from './task-folders.ts'
import { withDatabase } from './with-database.ts'

const HELP = `troupe reset-all [--json]

Asks for YES (exactly) on standard input, then empties the tables of the tasks domain, the tables its agents made, its
coordination data, published files and workspaces, and makes the folders again. Each part is told as CLEAN or FAILED. The other
domains keep theirs. Exit code 1 when a part failed or nothing was confirmed.`

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin })
  for await (const line of lines) {
    lines.close()
    return line
  }
  return ''
}

export async function resetAll(argv: string[], io: Io, answer: () => Promise<string> = firstLine): Promise<number> {
  const { values } = readArguments(argv, {})
  if (values.help) {
    io.out(HELP)
    return 0
  }
  io.err('This removes all tasks, results, logs, agent tables and files of the tasks domain. Type YES to go on:')
  if ((await answer()) !== 'YES') {
    io.err('Nothing was removed.')
    return 1
  }
  return withDatabase(io, async ({ db, config }) => {
    const ok = await reportParts(
      io,
      [
        {
          name: 'tables',
          async work() {
            const { tasks, subtask_results, agent_logs } = await emptyTaskTables(db)
            return `${tasks} tasks, ${subtask_results} results, ${agent_logs} log entries`
          },
        },
        {
          name: 'agent tables',
          async work() {
            const { rows } = await db.query(`select tablename from pg_tables where schemaname = 'agent_data'`)
            for (const row of rows)
              await db.query(`drop table agent_data."${String(row['tablename']).replaceAll('"', '""')}" cascade`)
            return `${rows.length} tables`
          },
        },
        {
          name: 'coordination data',
          async work() {
            await db.query(`delete from kernel.agents where pool = 'tasks'`)
            await db.query('delete from kernel.shared_state')
            await db.query('delete from kernel.shared_locks')
            return 'registry, shared state and locks; running agents register again'
          },
        },
        { name: 'artifacts', work: async () => `${emptyArtifacts(config)} folders` },
        { name: 'workspace', work: async () => `${emptyWorkspaces(config)} task folders` },
      ],
      { good: 'CLEAN', bad: 'FAILED' },
      values.json === true,
    )
    return ok ? 0 : 1
  })
}
