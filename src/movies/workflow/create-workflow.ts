import { randomUUID } from 'node:crypto'
import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { ForkEdit } from '../../kernel/runs/flow.ts'
import { startRun } from '../../kernel/runs/start-run.ts'
import { requireProject } from '../access.ts'
import { writeAudit } from '../audit/write-audit.ts'
import { createWorkflowState } from '../engine/create-workflow-state.ts'
import type { Transition } from '../engine/engine-state.ts'
import { set } from '../engine/work.ts'
import { movieMetrics } from '../metrics/movie-metrics.ts'
import {
  factsOfProject,
  findProject,
  type ProjectData,
  type ProjectRow,
  putProject,
} from '../projects/project-store.ts'
import { defaultsOf, resolveProject } from '../projects/resolve-project.ts'
import { workflowFlow } from '../runs/workflow-flow.ts'
import type { CreateWorkflow, WorkflowResponse } from '../schema.ts'
import type { StoredWorkflow } from '../store/load-state.ts'
import { saveState } from '../store/save-state.ts'
import { writeProjectStatus } from '../store/write-project-status.ts'
import { workflowCap } from '../workflow-cap.ts'
import { nowOf } from './change-workflow.ts'
import { inheritedArtifacts, requirePrerequisites } from './inherited-artifacts.ts'
import { presentStored } from './present-stored.ts'
import { parseSupplied } from './supplied-artifacts.ts'

/**
 * Creates and starts a workflow. Throws PROJECT_NOT_FOUND, WORKFLOW_EXISTS (an active one of the same type and episode),
 * RESOURCE_LIMIT, MISSING_PREREQUISITES. Above the concurrency cap it is accepted and waits in the queue.
 */
export async function createWorkflow(ctx: Ctx, input: CreateWorkflow): Promise<WorkflowResponse> {
  requireProject(ctx, input.project_id)
  const supplied = parseSupplied(input.custom_parameters.artifacts)
  const episode = episodeOf(input)
  const { row: known, outage } = await resolveProject(ctx, input.project_id, input.priority)
  const id = randomUUID()
  const saved = await ctx.kernel.db.transaction(async (tx) => {
    const project = await projectFor(tx, ctx, input, known)
    await requireRoom(tx, input, project, episode)
    const inherited = await inheritedArtifacts(ctx.kernel, tx, input)
    requirePrerequisites(input, supplied, inherited)
    const queued = !(await hasRoom(tx, ctx))
    const { data } = project
    const made = createWorkflowState(
      {
        workflow_id: id,
        project_id: input.project_id,
        workflow_type: input.workflow_type,
        priority: input.priority,
        custom_parameters: input.custom_parameters,
        title: input.title ?? data.title ?? 'Untitled',
        description: input.description ?? data.description.slice(0, 2000),
        genre: input.genre ?? data.genre,
        target_duration: input.target_duration ?? Math.min(data.target_duration, 21_600),
        style_preferences: input.style_preferences ?? data.style_preferences,
        project: factsOfProject(project),
        task_limits: {
          retries: ctx.kernel.config.movies.retryAttempts,
          timeout: ctx.kernel.config.movies.agentTimeoutSeconds,
        },
        supplied,
        inherited,
      },
      nowOf(ctx),
      queued,
    )
    if (outage) made.state.waiting_on = ['auto_movie']
    return insertWorkflow(tx, ctx, made, episode)
  })
  return presentStored(ctx, saved)
}

function episodeOf(input: CreateWorkflow): number {
  if (input.workflow_type !== 'episode_production') return 0
  const number = input.custom_parameters.episode_number
  if (number === undefined)
    throw new AppError('VALIDATION_ERROR', 'custom_parameters.episode_number: is required for an episode, 1 to 50', {
      fields: [{ field: 'custom_parameters.episode_number', message: 'is required for an episode, 1 to 50' }],
    })
  return number
}

/** The project of the workflow; a local one that does not exist yet is made from the request. */
async function projectFor(tx: Tx, ctx: Ctx, input: CreateWorkflow, known: ProjectRow | null): Promise<ProjectRow> {
  const row = known ?? (await findProject(tx, input.project_id))
  if (row) return row
  const base = defaultsOf(input.project_id, input.title ?? 'Untitled')
  const data: ProjectData = {
    ...base,
    description: input.description ?? base.description,
    genre: input.genre ?? base.genre,
    target_duration: input.target_duration ?? base.target_duration,
    style_preferences: input.style_preferences ?? base.style_preferences,
  }
  tx.afterCommit(() => movieMetrics(ctx.kernel).projectCreated.inc({ project_type: 'local' }))
  return putProject(tx, input.project_id, data, 'local')
}

async function requireRoom(tx: Tx, input: CreateWorkflow, project: ProjectRow, episode: number) {
  await tx.query('select 1 from movies.projects where project_id = $1 for update', [input.project_id])
  const { rows } = await tx.query(
    `select workflow_id, workflow_type, episode from movies.workflows where project_id = $1 and status in ('running', 'paused')`,
    [input.project_id],
  )
  const same = rows.find((row) => row['workflow_type'] === input.workflow_type && row['episode'] === episode)
  if (same)
    throw new AppError(
      'WORKFLOW_EXISTS',
      `Project ${input.project_id} has an active ${input.workflow_type} workflow: finish or cancel ${same['workflow_id']} first`,
      { workflow_id: same['workflow_id'] },
    )
  const { max_workflows } = project.data.budget_constraints
  if (max_workflows !== undefined && rows.length >= max_workflows)
    throw new AppError('RESOURCE_LIMIT', `Project ${input.project_id} may have ${max_workflows} active workflows`, {
      max_workflows,
      active: rows.length,
    })
}

/** The cap counts workflows that are active and not themselves queued. */
export async function hasRoom(tx: Tx, ctx: Ctx): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('movies.admission'))`)
  const { rows } = await tx.query(
    `select count(*)::int as n from movies.workflows where status in ('running', 'paused') and not queued`,
  )
  return rows[0]!['n'] < workflowCap(ctx.kernel)
}

/** Stores a workflow that was just made, with its run; `lineage` when it is a fork. */
export async function insertWorkflow(
  tx: Tx,
  ctx: Ctx,
  made: Transition,
  episode: number,
  lineage?: ForkEdit['lineage'],
): Promise<StoredWorkflow> {
  const { state } = made
  const run = await startRun(tx, ctx, workflowFlow, {
    key: state.workflow_id,
    title: state.title,
    state: { workflow_id: state.workflow_id },
    ...lineage,
  })
  await tx.query(
    `insert into movies.workflows (workflow_id, project_id, workflow_type, episode, status, queued, priority, current_state, engine, integrity, version, view,
        run_id, correlation_id, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, '', '', 0, '{}', $9, $10, $11, $11)`,
    [
      state.workflow_id,
      state.project_id,
      state.type,
      episode,
      state.status,
      state.queued,
      state.priority,
      state.current_state,
      run.id,
      ctx.correlationId,
      state.created_at,
    ],
  )
  const empty: StoredWorkflow = {
    state: { ...state, tasks: [], artifacts: [], decisions: [] },
    version: 0,
    runId: run.id,
    correlationId: ctx.correlationId,
    progressToldAt: null,
    ready: new Set(),
    tampered: false,
  }
  await writeAudit(tx, ctx, {
    action: 'workflow.created',
    entityType: 'workflow',
    entityId: state.workflow_id,
    after: { project_id: state.project_id, workflow_type: state.type, title: state.title, priority: state.priority },
  })
  const saved = await saveState(tx, ctx, empty, made)
  await writeProjectStatus(tx, saved.state)
  return saved
}

/** Forget that the project could not be asked, once it could. */
export const clearWaiting = (name: string) => (w: Parameters<typeof set>[0]) =>
  set(w, { waiting_on: w.s.waiting_on.filter((waiting) => waiting !== name) })
