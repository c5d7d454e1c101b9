import { AppError } from '../kernel/errors/app-error.ts'

const STARTS = /^(select|with|values|show|explain)\b/i
const FORBIDDEN =
  /\b(insert|update|delete|merge|truncate|drop|alter|create|grant|revoke|copy|call|do|vacuum|analyze|lock|listen|notify|set_config|pg_sleep\w*|pg_read_\w+|pg_ls_\w+|lo_\w+|dblink\w*|into)\b/i

const refuse = (why: string) => new AppError('SQL_NOT_ALLOWED', `SQL_NOT_ALLOWED: ${why}`)

/** Text without comments, with string contents emptied, so that words inside them do not count. */
const bare = (sql: string) =>
  sql
    .replace(/--[^\n]*/g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^']|'')*'/g, "''")

/** The statement without its final semicolon. Throws SQL_NOT_ALLOWED naming the rule that is broken (3.10). */
export function checkReadOnlySql(sql: string): string {
  const text = bare(sql).trim().replace(/;\s*$/, '')
  if (text.includes(';')) throw refuse('exactly one statement is possible')
  if (!STARTS.test(text)) throw refuse('only SELECT, WITH … SELECT, VALUES, SHOW and EXPLAIN are possible')
  const word = FORBIDDEN.exec(text)?.[0]
  if (word) throw refuse(`"${word}" is not possible in a read-only query`)
  return sql.trim().replace(/;\s*$/, '')
}
