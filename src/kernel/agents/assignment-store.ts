import type { Reader } from '../db/database.ts'
import type { Assignment } from './plan-types.ts'

export const ASSIGNMENT_COLUMNS = `id, plan_id, pool, domain, subject, key, ordinal, user_id, capabilities, priority, status, depends_on,
  open_prerequisites, input, agent_id, instance, attempt, started_attempts, losses, timeout_seconds, lease_until, accepted_at, not_before,
  front, waiting_reason, waiting_since, excluded, blocked_by, checkpoint, output, error, created_at, queued_at, started_at, finished_at`

/** The columns of a GivenAssignment and of a ChangedAssignment: bursts read thousands of them, and each column costs. */
export const GIVEN_COLUMNS =
  'id, plan_id, subject, key, capabilities, depends_on, input, attempt, timeout_seconds, checkpoint'
export const CHANGED_COLUMNS =
  'id, plan_id, subject, key, ordinal, capabilities, status, attempt, agent_id, blocked_by, error'

/** Columns behind an alias, for joins. */
export const assignmentColumns = (alias: string, columns = ASSIGNMENT_COLUMNS): string =>
  columns
    .split(',')
    .map((name) => `${alias}.${name.trim()}`)
    .join(', ')

export async function findAssignment(db: Reader, id: string): Promise<Assignment | undefined> {
  const { rows } = await db.query<Assignment>(`select ${ASSIGNMENT_COLUMNS} from kernel.assignments where id = $1`, [
    id,
  ])
  return rows[0]
}

/** By what a domain calls it: the newest plan of that subject counts. */
export async function findAssignmentByKey(
  db: Reader,
  pool: string,
  subject: string,
  key: string,
): Promise<Assignment | undefined> {
  const { rows } = await db.query<Assignment>(
    `select ${ASSIGNMENT_COLUMNS} from kernel.assignments where pool = $1 and subject = $2 and key = $3 order by created_at desc limit 1`,
    [pool, subject, key],
  )
  return rows[0]
}

export async function assignmentsOfPlan(db: Reader, planId: string): Promise<Assignment[]> {
  return (
    await db.query<Assignment>(
      `select ${ASSIGNMENT_COLUMNS} from kernel.assignments where plan_id = $1 order by ordinal`,
      [planId],
    )
  ).rows
}

/** Outputs of the prerequisites of each assignment, by key. */
export async function prerequisiteOutputs(
  db: Reader,
  assignmentIds: readonly string[],
): Promise<Map<string, Record<string, unknown>>> {
  const { rows } = await db.query<{ dependent: string; key: string; output: unknown }>(
    `select e.dependent, a.key, a.output from kernel.assignment_edges e join kernel.assignments a on a.id = e.prerequisite
      where e.dependent = any ($1) and a.output is not null order by a.ordinal`,
    [assignmentIds],
  )
  const found = new Map<string, Record<string, unknown>>()
  for (const { dependent, key, output } of rows) {
    const outputs = found.get(dependent) ?? {}
    outputs[key] = output
    found.set(dependent, outputs)
  }
  return found
}
