import fs from 'node:fs'
import path from 'node:path'
import { requireAccess } from '../kernel/access/scopes.ts'
import { assignmentsOfPlan } from '../kernel/agents/assignment-store.ts'
import type { Assignment } from '../kernel/agents/plan-types.ts'
import { takeOver } from '../kernel/agents/take-over.ts'
import type { Ctx } from '../kernel/context.ts'
import type { Reader } from '../kernel/db/database.ts'
import { parse } from '../kernel/http/route.ts'
import type { Border, ForkEdit, RunRef } from '../kernel/runs/flow.ts'
import { artifactsRoot, PUBLISHED, uploadsOf, workspaceOf } from './folders.ts'
import { openTask } from './open-task.ts'
import { SubTask } from './schema.ts'
import { taskNotFound } from './store/read-task.ts'
import { newTaskId } from './task-id.ts'

type Row = {
  id: string
  user_id: string
  description: string
  plan_id: string
  subtasks: SubTask[]
  attachments: unknown[]
  uploads_folder: string | null
  decomposition_method: string
  input_data: Record<string, unknown>
}

async function readForkable(db: Reader, id: string): Promise<{ task: Row; assignments: Assignment[] }> {
  const { rows } = await db.query<Row>(
    `select id, user_id, description, plan_id, subtasks, attachments, uploads_folder, decomposition_method, input_data
       from tasks.tasks where id = $1`,
    [id],
  )
  if (!rows[0]) throw taskNotFound(id)
  return { task: rows[0], assignments: await assignmentsOfPlan(db, rows[0].plan_id) }
}

/** Before each subtask whose prerequisites are done: its description, input and capabilities may be edited. */
export async function taskBorders({ kernel }: Ctx, { state }: RunRef): Promise<Border[]> {
  const { task, assignments } = await readForkable(kernel.db, state['task_id'])
  const completed = new Set(assignments.filter(({ status }) => status === 'completed').map(({ key }) => key))
  const byId = new Map(task.subtasks.map((subtask) => [subtask.id, subtask]))
  return assignments
    .filter(({ depends_on }) => depends_on.every((key) => completed.has(key)))
    .map(({ key, ordinal, started_at }) => {
      const { description, input_data, required_capabilities } = byId.get(key)!
      return {
        no: ordinal + 1,
        label: description,
        at: started_at?.toISOString() ?? null,
        input: { description, input_data, required_capabilities },
      }
    })
}

/** What is not taken over: the subtask behind the border, everything that builds on it, and what was never completed. */
function againFrom(key: string, assignments: readonly Assignment[]): Set<string> {
  const again = new Set([key, ...assignments.filter(({ status }) => status !== 'completed').map((a) => a.key)])
  for (let grown = true; grown; ) {
    grown = false
    for (const a of assignments)
      if (!again.has(a.key) && a.depends_on.some((one) => again.has(one))) {
        again.add(a.key)
        grown = true
      }
  }
  return again
}

const foldersOf = ({ kernel: { config } }: Ctx, id: string) => [
  workspaceOf(config, id),
  uploadsOf(config, id),
  ...PUBLISHED.map((name) => path.join(artifactsRoot(config), name, id)),
]

/** The files of what is taken over belong to the new task: each task removes its own. */
async function copyFiles(ctx: Ctx, from: string, to: string): Promise<void> {
  const targets = foldersOf(ctx, to)
  for (const [i, folder] of foldersOf(ctx, from).entries())
    if (fs.existsSync(folder)) await fs.promises.cp(folder, targets[i]!, { recursive: true })
}

/** A new task with the same graph: completed subtasks before the border are taken over with their results and files. */
export async function forkTask(ctx: Ctx, { state }: RunRef, border: Border, edit: ForkEdit): Promise<string> {
  requireAccess(ctx.actor, 'write')
  const oldId = state['task_id'] as string
  const { task, assignments } = await readForkable(ctx.kernel.db, oldId)
  const chosen = assignments.find(({ ordinal }) => ordinal + 1 === border.no)!
  const again = againFrom(chosen.key, assignments)
  const id = newTaskId(ctx.kernel.clock.now())
  const moved = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(oldId, id)) as T
  const subtasks = moved(task.subtasks).map((subtask) => {
    if (subtask.id !== chosen.key) return subtask
    const { id: _id, dependencies: _graph, input_data, ...changes } = edit.state as Partial<SubTask>
    const input = input_data ? { input_data: { ...subtask.input_data, ...input_data, retry_input: input_data } } : {}
    return parse(SubTask, { ...subtask, ...changes, ...input })
  })
  const taken = moved(assignments.filter(({ key }) => !again.has(key)))
  await copyFiles(ctx, oldId, id)
  try {
    return await ctx.kernel.db.transaction(async (tx) => {
      const runId = ctx.kernel.newId('run')
      const { planId } = await openTask(tx, ctx, {
        id,
        runId,
        userId: task.user_id,
        description: task.description,
        subtasks,
        attachments: moved(task.attachments),
        uploadsFolder: moved(task.uploads_folder),
        method: task.decomposition_method,
        input: moved(task.input_data),
        said: { forked_from: oldId, before: chosen.key },
        logs: [
          {
            level: 'INFO',
            message: `Task forked from ${oldId} before subtask ${chosen.key}`,
            metadata: { by: ctx.actor.id, taken_over: taken.map(({ key }) => key) },
          },
        ],
        lineage: edit.lineage,
      })
      await takeOver(tx, planId, taken)
      await tx.query(
        `insert into tasks.subtask_results (task_id, subtask_id, agent_id, status, output, execution_time, attempt)
         select distinct on (subtask_id) $2, subtask_id, agent_id, status, replace(output::text, $1, $2)::jsonb, execution_time, 1
           from tasks.subtask_results where task_id = $1 and subtask_id = any ($3) and status = 'completed' order by subtask_id, attempt desc`,
        [oldId, id, taken.map(({ key }) => key)],
      )
      return runId
    })
  } catch (error) {
    await Promise.all(foldersOf(ctx, id).map((folder) => fs.promises.rm(folder, { recursive: true, force: true })))
    throw error
  }
}
