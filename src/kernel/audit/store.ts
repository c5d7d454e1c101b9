import type { Reader, Row } from '../db/database.ts'
import type { AuditRow, AuditSeal } from './audit-row.ts'

const ISO = (column: string) =>
  `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${column.replace(/^.*\./, '')}`
const ROW = `n, id, ${ISO('at')}, actor_id, actor_name, actor_kind, key_id, source, action, target_kind, target_id, before, after, outcome, correlation_id`
const SEAL = `no, from_n, to_n, rows, ${ISO('first_at')}, ${ISO('last_at')}, rows_hash, previous, seal, ${ISO('sealed_at')}`

export type AuditFilter = {
  actor?: string
  key_id?: string
  action?: string
  target_kind?: string
  target_id?: string
  from?: string
  to?: string
  q?: string
  /** Rows with a smaller (descending) or larger (ascending) number. */
  after?: number
}

/** Rows newest first, or oldest first when `ascending`. */
export async function listAudit(
  db: Reader,
  filter: AuditFilter,
  limit: number,
  ascending = false,
): Promise<AuditRow[]> {
  const values: unknown[] = []
  const where: string[] = []
  const add = (sql: string, value: unknown) => where.push(sql.replaceAll('?', `$${values.push(value)}`))
  if (filter.actor) add('actor_id = ?', filter.actor)
  if (filter.key_id) add('key_id = ?', filter.key_id)
  if (filter.target_kind) add('target_kind = ?', filter.target_kind)
  if (filter.target_id) add('target_id = ?', filter.target_id)
  if (filter.from) add('at >= ?', filter.from)
  if (filter.to) add('at < ?', filter.to)
  if (filter.action) add(`action ilike ? || '%'`, escaped(filter.action))
  if (filter.q)
    add(
      `(action ilike '%' || ? || '%' or actor_name ilike '%' || ? || '%' or target_id ilike '%' || ? || '%')`,
      escaped(filter.q),
    )
  if (filter.after !== undefined) add(ascending ? 'n > ?' : 'n < ?', filter.after)
  const { rows } = await db.query(
    `select ${ROW} from kernel.audit_rows ${where.length > 0 ? `where ${where.join(' and ')}` : ''} order by n ${ascending ? 'asc' : 'desc'} limit ${Math.trunc(limit)}`,
    values,
  )
  return rows as AuditRow[]
}

const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&')

/** The rows of a batch in their order, a page at a time. */
export async function* rowsBetween(db: Reader, from: number, to: number): AsyncGenerator<AuditRow> {
  for (let at = from - 1; ; ) {
    const { rows } = await db.query(
      `select ${ROW} from kernel.audit_rows where n > $1 and n <= $2 order by n limit 1000`,
      [at, to],
    )
    for (const row of rows) yield row as AuditRow
    if (rows.length < 1000) return
    at = (rows.at(-1) as Row)['n']
  }
}

export async function listSeals(db: Reader, from = 1, limit = 1_000_000): Promise<AuditSeal[]> {
  const { rows } = await db.query(`select ${SEAL} from kernel.audit_seals where no >= $1 order by no limit $2`, [
    from,
    limit,
  ])
  return rows as AuditSeal[]
}

export async function lastSeal(db: Reader): Promise<AuditSeal | undefined> {
  const { rows } = await db.query(`select ${SEAL} from kernel.audit_seals order by no desc limit 1`)
  return rows[0] as AuditSeal | undefined
}
