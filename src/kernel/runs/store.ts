import type { Reader, Row } from '../db/database.ts'
import { AppError } from '../errors/app-error.ts'
import type { RunStep, RunView } from './schema.ts'

const COLUMNS = `id, domain, kind, key, title, owner, status, holds, stage, stage_no, progress, result, error, cost, limits, waiting_since, wake_at,
  correlation_id, forked_from, forked_at, parent_id, created_at, updated_at, started_at, finished_at`
const TIMES = ['waiting_since', 'wake_at', 'created_at', 'updated_at', 'started_at', 'finished_at'] as const

const isoTimes = (row: Row, names: readonly string[]): Row => {
  const copy = { ...row }
  for (const name of names) copy[name] = row[name] ? (row[name] as Date).toISOString() : null
  return copy
}

export async function findRun(db: Reader, id: string): Promise<RunView | undefined> {
  const { rows } = await db.query(`select ${COLUMNS} from kernel.runs where id = $1`, [id])
  return rows[0] && (isoTimes(rows[0], TIMES) as RunView)
}

export async function getRun(db: Reader, id: string): Promise<RunView> {
  const run = await findRun(db, id)
  if (!run) throw new AppError('NOT_FOUND', `No run ${id}`, { resource: 'run', id })
  return run
}

export async function findRunByKey(db: Reader, kind: string, key: string): Promise<RunView | undefined> {
  const { rows } = await db.query(`select ${COLUMNS} from kernel.runs where kind = $1 and key = $2`, [kind, key])
  return rows[0] && (isoTimes(rows[0], TIMES) as RunView)
}

export type RunFilter = {
  status?: readonly string[]
  domain?: string
  kind?: string
  owner?: string
  q?: string
  forked_from?: string
  parent_id?: string
  waiting_for?: string
}

export async function listRuns(
  db: Reader,
  filter: RunFilter,
  limit: number,
  offset: number,
): Promise<{ runs: RunView[]; total: number }> {
  const values: unknown[] = []
  const where: string[] = []
  const add = (sql: string, value: unknown) => where.push(sql.replace('?', `$${values.push(value)}`))
  if (filter.status?.length) add('status = any (?)', filter.status)
  if (filter.domain) add('domain = ?', filter.domain)
  if (filter.kind) add('kind = ?', filter.kind)
  if (filter.owner) add('owner = ?', filter.owner)
  if (filter.forked_from) add('forked_from = ?', filter.forked_from)
  if (filter.parent_id) add('parent_id = ?', filter.parent_id)
  if (filter.waiting_for) add(`exists (select 1 from unnest(holds) h where h like ? || '%')`, filter.waiting_for)
  if (filter.q) add("title ilike '%' || ? || '%'", filter.q.replace(/[\\%_]/g, '\\$&'))
  const { rows } = await db.query(
    `select ${COLUMNS}, count(*) over () as total from kernel.runs ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
      order by created_at desc, id limit ${Math.trunc(limit)} offset ${Math.trunc(offset)}`,
    values,
  )
  return {
    runs: rows.map(({ total: _total, ...row }) => isoTimes(row, TIMES) as RunView),
    total: Number(rows[0]?.['total'] ?? 0),
  }
}

export async function stepsOfRun(db: Reader, runId: string): Promise<RunStep[]> {
  const { rows } = await db.query(
    `select run_id, stage_no, stage, step, kind, status, attempts, agent_id, input, output, error, usage, started_at, finished_at
       from kernel.run_steps where run_id = $1 order by stage_no, started_at, step`,
    [runId],
  )
  return rows.map((row) => isoTimes(row, ['started_at', 'finished_at']) as RunStep)
}
