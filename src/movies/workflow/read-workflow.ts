import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { allowedProjects, requireProject } from '../access.ts'
import { currentArtifact, currentArtifacts, currentItems, joinItems } from '../engine/artifacts.ts'
import { usedResources } from '../engine/budget.ts'
import { deliverablesOf } from '../engine/deliverables.ts'
import type { EngineArtifact, EngineState } from '../engine/engine-state.ts'
import { presentTask } from '../present-workflow.ts'
import type { Artifact, Checkpoint, TaskResponse, WorkflowResponse } from '../schema.ts'
import { loadState, type StoredWorkflow } from '../store/load-state.ts'
import { presentStored, queuePosition } from './present-stored.ts'
import { eventsAfter } from './read-events.ts'

/** The stored workflow, for a key that may see its project. */
export async function readWorkflow(ctx: Ctx, id: string): Promise<StoredWorkflow> {
  const stored = (await loadState(ctx.kernel, ctx.kernel.db, id))!
  requireProject(ctx, stored.state.project_id)
  return stored
}

export async function getWorkflow(ctx: Ctx, id: string, includeTrace = false): Promise<WorkflowResponse> {
  const stored = await readWorkflow(ctx, id)
  const response = await presentStored(ctx, stored)
  return includeTrace ? { ...response, trace: await traceOf(ctx, stored) } : response
}

type ListQuery = {
  status?: string | undefined
  project_id?: string | undefined
  workflow_type?: string | undefined
  limit: number
  offset: number
}

const LIST_WHERE = `($1::text is null or status = $1) and ($2::text is null or project_id = $2) and ($3::text is null or workflow_type = $3)
  and ($4::text[] is null or project_id = any ($4))`

/** Newest first. What is listed was made with the last change of each workflow; nothing is loaded for it. */
export async function listWorkflows(ctx: Ctx, query: ListQuery) {
  const values = [
    query.status ?? null,
    query.project_id ?? null,
    query.workflow_type ?? null,
    allowedProjects(ctx.actor),
  ]
  const [page, count] = await Promise.all([
    ctx.kernel.db.query(
      `select workflow_id, queued, view from movies.workflows where ${LIST_WHERE} order by created_at desc, workflow_id limit $5 offset $6`,
      [...values, query.limit, query.offset],
    ),
    ctx.kernel.db.query(`select count(*)::int as n from movies.workflows where ${LIST_WHERE}`, values),
  ])
  const total = count.rows[0]!['n'] as number
  const workflows = await Promise.all(
    page.rows.map(async (row) => {
      const view = row['view'] as WorkflowResponse
      const queued = row['queued'] && view.status === 'running'
      return queued ? { ...view, queue_position: await queuePosition(ctx.kernel.db, row['workflow_id']) } : view
    }),
  )
  return { workflows, total_count: total, has_more: query.offset + workflows.length < total }
}

export async function listTasks(
  ctx: Ctx,
  id: string,
  query: { status?: string | undefined; state?: string | undefined; limit: number; offset: number },
) {
  const { state } = await readWorkflow(ctx, id)
  const progress = await progressByTask(ctx, id)
  const all = state.tasks.filter(
    (t) => (!query.status || t.status === query.status) && (!query.state || t.state === query.state),
  )
  const tasks = all
    .slice(query.offset, query.offset + query.limit)
    .map((t) => presentTask(t, state, progress.get(t.task_id) ?? null))
  return { tasks, total_count: all.length, has_more: query.offset + tasks.length < all.length }
}

async function progressByTask(ctx: Ctx, id: string): Promise<Map<string, number>> {
  const { rows } = await ctx.kernel.db.query(
    `select task_id, progress from movies.tasks where workflow_id = $1 and status = 'running' and progress is not null`,
    [id],
  )
  return new Map(rows.map((row) => [row['task_id'], row['progress']]))
}

export async function getTask(ctx: Ctx, id: string, taskId: string): Promise<TaskResponse> {
  const { state } = await readWorkflow(ctx, id)
  const task = state.tasks.find((t) => t.task_id === taskId)
  if (!task) throw new AppError('TASK_NOT_FOUND', `No task ${taskId} in this workflow`, { task_id: taskId })
  return presentTask(task, state, (await progressByTask(ctx, id)).get(taskId) ?? null)
}

export async function listCheckpoints(ctx: Ctx, id: string): Promise<Checkpoint[]> {
  await readWorkflow(ctx, id)
  const { rows } = await ctx.kernel.db.query(
    'select checkpoint_id, state, step, created_at from movies.checkpoints where workflow_id = $1 order by ordinal',
    [id],
  )
  return rows.map((row) => ({
    checkpoint_id: row['checkpoint_id'],
    state: row['state'],
    step: row['step'],
    created_at: row['created_at'].toISOString(),
  }))
}

export async function listDeliverables(ctx: Ctx, id: string) {
  const { state } = await readWorkflow(ctx, id)
  return {
    deliverables: deliverablesOf(state).map((d) => {
      const file = currentArtifact(state, d.name)?.file
      return { ...d, download_url: d.status === 'ready' ? (file?.url ?? d.location) : null }
    }),
  }
}

/** An artifact with its content: one, one item of a fan-out, or the items of a fan-out joined (contract 3.6). */
export async function getArtifact(ctx: Ctx, id: string, name: string, index?: number): Promise<Artifact> {
  const { state } = await readWorkflow(ctx, id)
  const missing = () =>
    new AppError(
      'ARTIFACT_NOT_FOUND',
      `No artifact ${name}${index === undefined ? '' : ` with index ${index}`} in this workflow`,
      {
        name,
        ...(index === undefined ? {} : { index }),
      },
    )
  const single = index === undefined ? currentArtifact(state, name) : null
  if (single) return present(state, single)
  const items = currentItems(state, name)
  if (items.length === 0) throw missing()
  if (index === undefined) return joined(state, name, items)
  const item = items.find((a) => a.index === index)
  if (!item) throw missing()
  return present(state, item)
}

const present = (s: EngineState, a: EngineArtifact): Artifact => ({
  artifact_id: a.artifact_id,
  workflow_id: s.workflow_id,
  project_id: s.project_id,
  name: a.name,
  index: a.index,
  version: a.version,
  state: a.state,
  task_id: a.task_id,
  agent_id: a.agent_id,
  content: a.content,
  file: a.file,
  draft: a.draft,
  generated_by: a.generated_by,
  created_at: a.created_at,
})

function joined(s: EngineState, name: string, items: EngineArtifact[]): Artifact {
  const last = items[items.length - 1]!
  return {
    ...present(s, last),
    index: null,
    task_id: null,
    agent_id: null,
    file: null,
    version: Math.max(...items.map((a) => a.version)),
    content: joinItems(s, name, items),
    draft: items.some((a) => a.draft),
    generated_by: items.every((a) => a.generated_by === last.generated_by) ? last.generated_by : null,
    created_at: items
      .map((a) => a.created_at)
      .sort()
      .at(-1)!,
  }
}

const TRACE_LIMIT = 1000

/** Step history, tasks and outside calls: the execution context of contract 3.5 as it can be read from what is stored. */
async function traceOf(ctx: Ctx, { state, runId }: StoredWorkflow) {
  const { events } = await eventsAfter(ctx, state.workflow_id, 0, TRACE_LIMIT)
  const calls = await ctx.kernel.db
    .query(
      `select service, operation, duration_ms, status, attempt, error, at from movies.external_calls where workflow_id = $1 order by at desc limit ${TRACE_LIMIT}`,
      [state.workflow_id],
    )
    .catch((error: { code?: string }) => {
      if (error.code === '42P01') return { rows: [] } // stand-alone installations keep no call log
      throw error
    })
  const live = state.tasks.filter((t) => !t.superseded)
  return {
    context_id: runId ?? state.workflow_id,
    current_state: state.current_state,
    current_step: live.find((t) => t.status === 'running')?.name ?? null,
    step_history: events.map((e) => ({ step: e.type, at: e.timestamp, detail: e.data })),
    tasks: state.tasks.map((t) => presentTask(t, state)),
    active_tasks: live.filter((t) => t.status === 'running').map((t) => t.task_id),
    completed_tasks: live.filter((t) => t.status === 'completed').map((t) => t.task_id),
    failed_tasks: live.filter((t) => t.status === 'failed').map((t) => ({ id: t.task_id, error: t.error_message })),
    loop_counts: state.loops,
    visits: state.visits,
    warnings: state.warnings,
    resource_usage: usedResources(state),
    user_interaction_points: state.decisions.map((d) => d.decision_id),
    artifact_versions: currentArtifacts(state).map((a) => ({ name: a.name, index: a.index, version: a.version })),
    external_service_calls: calls.rows,
  }
}
