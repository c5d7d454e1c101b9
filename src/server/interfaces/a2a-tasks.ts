import * as A2A from '@a2a-js/sdk'
import { InMemoryTaskStore, type ServerCallContext, type TaskStore } from '@a2a-js/sdk/server'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Task } from '../../tasks/schema.ts'
import { readTask } from '../../tasks/store/read-task.ts'
import { artifactsOf, ENDED, isOver, statusOf } from './a2a-words.ts'

const { TaskState } = A2A
const LISTED = 1000
/** After this long a task that never became one of ours was lost with the process that took it. */
const LOST_MS = 120_000

/** A2A tasks of one caller, kept in the database: known to every server, and after a restart. */
export type A2aTasks = TaskStore & {
  /** Says which task of ours it is. */
  bind(id: string, taskId: string): Promise<void>
  taskOf(id: string): Promise<string | null>
}

type Row = { id: string; task_id: string | null; body: unknown; created_at: Date }

async function findTask(kernel: Kernel, id: string): Promise<Task | undefined> {
  try {
    return await readTask(kernel.db, id)
  } catch (error) {
    if (error instanceof AppError && error.code === 'TASK_NOT_FOUND') return undefined // Deleted since: what was told last stands.
    throw error
  }
}

/** What was told last, brought up to what the task is now. */
async function current(kernel: Kernel, row: Row): Promise<A2A.Task | undefined> {
  if (row.body === null) return undefined
  const told = A2A.Task.fromJSON(row.body)
  if (isOver(told.status?.state)) return told
  if (row.task_id === null) {
    const lost = kernel.clock.now() - row.created_at.getTime() > LOST_MS
    return lost ? { ...told, status: statusOf(TaskState.TASK_STATE_REJECTED) } : told
  }
  const task = await findTask(kernel, row.task_id)
  if (!task) return told
  const metadata = { ...told.metadata, troupe_task_id: task.id, ...(task.error ? { error: task.error } : {}) }
  const state = ENDED[task.status]
  if (state === undefined) return { ...told, status: statusOf(TaskState.TASK_STATE_WORKING), metadata }
  return { ...told, status: statusOf(state), artifacts: artifactsOf(task), metadata }
}

export function a2aTasks(kernel: Kernel, owner: string): A2aTasks {
  const { db } = kernel
  return {
    async save(task) {
      await db.query(
        `insert into kernel.a2a_tasks (owner, id, body) values ($1, $2, $3)
         on conflict (owner, id) do update set body = excluded.body, updated_at = now()`,
        [owner, task.id, JSON.stringify(A2A.Task.toJSON(task))],
      )
    },
    async load(id) {
      const { rows } = await db.query<Row>(
        'select id, task_id, body, created_at from kernel.a2a_tasks where owner = $1 and id = $2',
        [owner, id],
      )
      return rows[0] && current(kernel, rows[0])
    },
    async list(params, context: ServerCallContext) {
      const { rows } = await db.query<Row>(
        `select id, task_id, body, created_at from kernel.a2a_tasks where owner = $1 order by updated_at desc limit ${LISTED}`,
        [owner],
      )
      const page = new InMemoryTaskStore()
      for (const row of rows) {
        const task = await current(kernel, row)
        if (task) await page.save(task, context)
      }
      return page.list(params, context)
    },
    async bind(id, taskId) {
      await db.query(
        `insert into kernel.a2a_tasks (owner, id, task_id) values ($1, $2, $3) on conflict (owner, id) do update set task_id = excluded.task_id`,
        [owner, id, taskId],
      )
    },
    async taskOf(id) {
      const { rows } = await db.query('select task_id from kernel.a2a_tasks where owner = $1 and id = $2', [owner, id])
      return (rows[0]?.['task_id'] as string | null) ?? null
    },
  }
}
