import type { Reader, Row, Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Board, BoardArtifacts } from '../artifacts/board.ts'
import type { Stored } from '../artifacts/definition.ts'
import { DEFINITIONS } from '../artifacts/definitions.ts'
import type { Change, EventBrief, Task, Timeline } from '../schema.ts'
import { isoTime } from '../schema.ts'
import { mergeOutcomes } from './logs.ts'
import { COLUMNS, tableOf, toStored } from './rows.ts'
import { openBody } from './sealed.ts'

export const notFound = (resource: string, id: string) =>
  new AppError('NOT_FOUND', `${resource} ${id} not found`, { resource, id })

export async function findEvent(reader: Reader, id: string): Promise<EventBrief | undefined> {
  const { rows } = await reader.query(`select ${COLUMNS} from planning.event_briefs where id = $1`, [id])
  return rows[0] ? (toStored(rows[0]) as unknown as EventBrief) : undefined
}

export async function getEvent(reader: Reader, id: string): Promise<EventBrief> {
  const event = await findEvent(reader, id)
  if (!event) throw notFound('EventBrief', id)
  return event
}

const RUN_OF = `select r.id from planning.sessions s join kernel.runs r on r.id = s.run_id
  where s.event_brief_id = $1 and s.status = 'in_progress' for no key update of r`

/**
 * Takes the event's row for this transaction: writers of one event follow each other. The run of its session comes first, as in the steps of
 * the session itself: whoever decides something wakes it, and two that take the rows the other way round would deadlock.
 */
export async function lockEvent(tx: Tx, id: string): Promise<void> {
  await tx.query(RUN_OF, [id])
  const { rowCount } = await tx.query('select id from planning.event_briefs where id = $1 for update', [id])
  if (rowCount === 0) throw notFound('EventBrief', id)
}

const ON_BOARD = DEFINITIONS.filter(({ type }) => !['EventBrief', 'AgentTrace'].includes(type))
const ALL = ON_BOARD.map(
  (definition) =>
    `select '${definition.type}' as type, ${COLUMNS} from ${tableOf(definition)} where event_brief_id = $1`,
).join(' union all ')

const RECORDS = `
  select 'approvals' as kind, body, requested_at as at, id from planning.approvals where event_brief_id = $1
  union all select 'incidents', body, created_at, id from planning.incidents where event_brief_id = $1
  union all select 'executions', body, created_at, id from planning.executions where event_brief_id = $1
  union all select 'feedback', body, created_at, id from planning.feedback where event_brief_id = $1
  order by at, id`

const VERSIONS = `
  select v.artifact_type, v.artifact_id, v.body, v.created_at, v.created_by, v.version
    from planning.artifact_versions v join planning.event_briefs e on e.id = v.event_brief_id
   where v.event_brief_id = $1 and ((v.artifact_type = 'TaskRegister' and v.version = 1)
      or (v.artifact_type = 'Timeline' and v.version = coalesce(e.baseline_timeline_version, 1)))`

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)

/** Everything about one event as of `now`, read in the given transaction or from the pool. Throws NOT_FOUND. */
export async function loadBoard(reader: Reader, id: string, now: Date): Promise<Board> {
  const brief = await getEvent(reader, id)
  const stored = await reader.query(ALL, [id])
  const records = await reader.query(RECORDS, [id])
  const versions = await reader.query(VERSIONS, [id])
  const of = (type: string) =>
    stored.rows
      .filter((row) => row['type'] === type)
      .map(toStored)
      .sort(byId)
  const artifacts = Object.fromEntries(
    ON_BOARD.filter(({ table }) => !['changelogs', 'decisions'].includes(table)).map(({ type, cardinality }) => [
      type,
      cardinality === 'one' ? (of(type)[0] ?? null) : of(type),
    ]),
  ) as unknown as BoardArtifacts
  const record = (kind: string) =>
    records.rows.filter((row) => row['kind'] === kind).map((row) => openBody(row['id'], row['body']) as never)
  const version = (row: Row) =>
    ({
      id: row['artifact_id'],
      ...row['body'],
      version: row['version'],
      created_at: isoTime(row['created_at']),
    }) as never
  const tasks = versions.rows.filter((row) => row['artifact_type'] === 'TaskRegister')
  const timeline = versions.rows.find((row) => row['artifact_type'] === 'Timeline')
  return {
    now: isoTime(now),
    brief,
    artifacts,
    changes: mergeOutcomes(of('ChangeLog') as unknown as Change[]),
    decisions: of('DecisionLog') as never,
    approvals: record('approvals'),
    incidents: record('incidents'),
    executions: record('executions'),
    feedback: record('feedback'),
    baselineTimeline: timeline ? (version(timeline) as Timeline) : null,
    firstTasks: Object.fromEntries(tasks.map((row) => [row['artifact_id'], version(row) as Task])),
  }
}

/** Artifacts of a type on the board, as a list. */
export function onBoard(board: Board, type: string): Stored[] {
  if (type === 'EventBrief') return [board.brief as unknown as Stored]
  if (type === 'ChangeLog') return board.changes as unknown as Stored[]
  if (type === 'DecisionLog') return board.decisions as unknown as Stored[]
  const found = board.artifacts[type as keyof BoardArtifacts]
  return (Array.isArray(found) ? found : found ? [found] : []) as unknown as Stored[]
}
