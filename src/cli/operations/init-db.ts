import { readArguments } from '../arguments.ts'
import type { Io } from '../io.ts'
import { withDatabase } from './with-database.ts'

const HELP = `troupe migrate     applies the migrations that are not applied yet; safe to repeat
troupe init-db     the same, for a new database: makes schemas and tables

Both print what they did. The server does it by itself at every start.`

/** `init-db` and `migrate`: schema up to date, told migration by migration. */
export async function initDb(argv: string[], io: Io): Promise<number> {
  const { values } = readArguments(argv, {})
  if (values.help) {
    io.out(HELP)
    return 0
  }
  const applied = await withDatabase(io, ({ migrate }) => migrate())
  if (values.json) io.out(JSON.stringify({ applied }))
  else if (applied.length === 0) io.out('The schema is up to date.')
  else for (const { schema, name } of applied) io.out(`applied  ${schema}/${name}`)
  return 0
}
