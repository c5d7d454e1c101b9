import type { Reader, Row } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Progress, SubTask, SubTaskResult, SubTaskView, Task, TaskSummary } from '../schema.ts'

type StateRow = {
  task_id: string
  subtask_id: string
  status: SubTaskView['status']
  assigned_agent: string | null
  attempts: number
  queued_at: Date | null
  started_at: Date | null
  finished_at: Date | null
  waiting_reason: string | null
  blocked_by: string[]
}

const iso = (time: Date | null): string | null => (time ? time.toISOString() : null)

const STATES = {
  name: 'tasks.states',
  text: `select s.task_id, s.subtask_id, s.status, s.assigned_agent, a.started_attempts as attempts, s.queued_at, s.started_at, s.finished_at,
                s.waiting_reason, a.blocked_by
           from tasks.subtask_states s join kernel.assignments a on a.domain = 'tasks' and a.subject = s.task_id and a.key = s.subtask_id
          where s.task_id = any ($1)`,
}

function progressOf(states: readonly StateRow[], total: number): Progress {
  const count = (status: SubTaskView['status']) => states.filter((state) => state.status === status).length
  const [completed, failed, blocked, cancelled, running] = (
    ['completed', 'failed', 'blocked', 'cancelled', 'running'] as const
  ).map(count) as [number, number, number, number, number]
  return {
    completed,
    failed,
    blocked,
    cancelled,
    running,
    total,
    percent: total > 0 ? (100 * (completed + failed + blocked + cancelled)) / total : 0,
  }
}

async function statesOf(db: Reader, ids: readonly string[]): Promise<Map<string, StateRow[]>> {
  const { rows } = await db.query<StateRow & Row>(STATES, [ids])
  const byTask = new Map<string, StateRow[]>(ids.map((id) => [id, []]))
  for (const row of rows) byTask.get(row.task_id)?.push(row)
  return byTask
}

export const taskNotFound = (id: string): AppError => new AppError('TASK_NOT_FOUND', 'Task not found', { task_id: id })

/** The whole task as its JSON. Throws TASK_NOT_FOUND. */
export async function readTask(db: Reader, id: string): Promise<Task> {
  const { rows } = await db.query(
    {
      name: 'tasks.read',
      text: `select id, user_id, description, status, created_at, updated_at, subtasks, result, error, attachments, uploads_folder, decomposition_method from tasks.tasks where id = $1`,
    },
    [id],
  )
  const row = rows[0]
  if (!row) throw taskNotFound(id)
  const states = (await statesOf(db, [id])).get(id) ?? []
  const stateOf = new Map(states.map((state) => [state.subtask_id, state]))
  const subtasks = (row['subtasks'] as SubTask[]).map((subtask): SubTaskView => {
    const state = stateOf.get(subtask.id)
    return {
      ...subtask,
      status: state?.status ?? 'pending',
      assigned_agent: state?.assigned_agent ?? null,
      attempts: state?.attempts ?? 0,
      queued_at: iso(state?.queued_at ?? null),
      started_at: iso(state?.started_at ?? null),
      finished_at: iso(state?.finished_at ?? null),
      waiting_reason: state?.waiting_reason ?? null,
      blocked_by: state?.blocked_by ?? [],
    }
  })
  return {
    id: row['id'],
    user_id: row['user_id'],
    description: row['description'],
    status: row['status'],
    created_at: row['created_at'].toISOString(),
    updated_at: row['updated_at'].toISOString(),
    subtasks,
    result: row['result'],
    error: row['error'],
    attachments: row['attachments'],
    uploads_folder: row['uploads_folder'],
    decomposition_method: row['decomposition_method'],
    progress: progressOf(states, subtasks.length),
  }
}

export async function readResults(db: Reader, taskId: string): Promise<SubTaskResult[]> {
  const { rows } = await db.query(
    `select task_id, subtask_id, agent_id, status, output, error, execution_time, attempt, created_at from tasks.subtask_results where task_id = $1 order by created_at, id`,
    [taskId],
  )
  return rows.map((row) => ({ ...row, created_at: row['created_at'].toISOString() }) as SubTaskResult)
}

export type TaskFilter = {
  status?: string | undefined
  user_id?: string | undefined
  created_from?: Date | undefined
  created_to?: Date | undefined
}

/** Newest first, with progress. */
export async function listTasks(
  db: Reader,
  filter: TaskFilter,
  limit: number,
  offset: number,
): Promise<{ tasks: TaskSummary[]; total: number }> {
  const values: unknown[] = []
  const where: string[] = []
  const add = (sql: string, value: unknown) => where.push(`${sql} $${values.push(value)}`)
  if (filter.status) add('status =', filter.status)
  if (filter.user_id) add('user_id =', filter.user_id)
  if (filter.created_from) add('created_at >=', filter.created_from)
  if (filter.created_to) add('created_at <=', filter.created_to)
  const condition = where.length > 0 ? `where ${where.join(' and ')}` : ''
  const [{ rows }, count] = await Promise.all([
    db.query(
      `select id, user_id, left(description, 200) as description, status, created_at, updated_at, jsonb_array_length(subtasks) as total
         from tasks.tasks ${condition} order by created_at desc, id desc limit ${limit} offset ${offset}`,
      values,
    ),
    db.query(`select count(*)::int as n from tasks.tasks ${condition}`, values),
  ])
  const states = await statesOf(
    db,
    rows.map((row) => row['id'] as string),
  )
  const tasks = rows.map(({ total, ...row }) => ({
    ...row,
    created_at: row['created_at'].toISOString(),
    updated_at: row['updated_at'].toISOString(),
    progress: progressOf(states.get(row['id']) ?? [], total),
  })) as TaskSummary[]
  return { tasks, total: count.rows[0]!['n'] }
}
