import { dataKey, seal, unseal } from '../access/data-keys.ts'
import type { Ctx } from '../context.ts'
import type { Reader, Row } from '../db/database.ts'
import { AppError } from '../errors/app-error.ts'
import type { Decision, Evidence } from './schema.ts'

export const DECISION_COLUMNS = `id, domain, kind, status, type, title, prompt, options, form, evidence, blocks, subject_type, subject_id, scope,
  run_id, assignment_id, roles, users, deadline, on_timeout, default_answer, escalation, escalation_step, escalated_at, answer,
  answered_by, answered_at, automatic, superseded_by, staged, staged_until, data, correlation_id, event_id, created_by, created_at, updated_at`

const TIMES = ['staged_until', 'deadline', 'escalated_at', 'answered_at', 'created_at', 'updated_at'] as const

export function rowToDecision(row: Row): Decision {
  const times = Object.fromEntries(TIMES.map((name) => [name, row[name] ? (row[name] as Date).toISOString() : null]))
  return { ...row, ...times, evidence: openEvidence(row['id'], row['evidence']) } as Decision
}

/** Evidence as a confidential question keeps it: readable with the data key and under this id only. */
export const sealedEvidence = (ctx: Pick<Ctx, 'kernel'>, id: string, evidence: readonly Evidence[] = []) => ({
  sealed: seal(dataKey(ctx.kernel.config), JSON.stringify(evidence), id),
})
const openEvidence = (id: string, kept: Evidence[] | { sealed: string }): Evidence[] =>
  Array.isArray(kept) ? kept : JSON.parse(unseal(kept.sealed, id))

export async function findDecision(db: Reader, id: string): Promise<Decision | undefined> {
  const { rows } = await db.query(`select ${DECISION_COLUMNS} from kernel.decisions where id = $1`, [id])
  return rows[0] && rowToDecision(rows[0])
}

export async function getDecision(db: Reader, id: string): Promise<Decision> {
  const found = await findDecision(db, id)
  if (!found)
    throw new AppError('NOT_FOUND', `No decision ${id}: it may have been removed with what it belonged to`, {
      resource: 'decision',
      id,
    })
  return found
}

export type DecisionFilter = {
  status?: readonly string[]
  domain?: string
  type?: string
  kind?: string
  scope?: string
  run_id?: string
  subject?: { type: string; id: string }
}

/** Open ones due first, then oldest; others newest first. */
export async function listDecisions(
  db: Reader,
  filter: DecisionFilter,
  limit: number,
  offset: number,
): Promise<{ decisions: Decision[]; total: number }> {
  const values: unknown[] = []
  const where: string[] = []
  const add = (sql: string, ...given: unknown[]) => {
    where.push(sql.replace(/\?/g, () => `$${values.push(given.shift())}`))
  }
  if (filter.status?.length) add('status = any (?)', filter.status)
  for (const name of ['domain', 'type', 'kind', 'scope', 'run_id'] as const)
    if (filter[name]) add(`${name} = ?`, filter[name])
  if (filter.subject) add('subject_type = ? and subject_id = ?', filter.subject.type, filter.subject.id)
  const sql = where.length > 0 ? `where ${where.join(' and ')}` : ''
  const order =
    filter.status?.length === 1 && filter.status[0] === 'open'
      ? 'deadline asc nulls last, created_at asc, id'
      : 'coalesce(answered_at, created_at) desc, id'
  const { rows } = await db.query(
    `select ${DECISION_COLUMNS}, count(*) over () as total from kernel.decisions ${sql} order by ${order} limit ${Math.trunc(limit)} offset ${Math.trunc(offset)}`,
    values,
  )
  const total = rows.length > 0 ? Number(rows[0]!['total']) : 0
  return { decisions: rows.map(({ total: _total, ...row }) => rowToDecision(row)), total }
}
