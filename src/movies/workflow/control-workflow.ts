import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { requireProject } from '../access.ts'
import { writeAudit } from '../audit/write-audit.ts'
import { type CheckpointData, restoreCheckpoint } from '../engine/checkpoints.ts'
import {
  cancelByRequest,
  pauseWorkflow as pauseEngine,
  resumeWorkflow as resumeEngine,
  retryTask as retryEngine,
  startWorkflow as startEngine,
  updateWorkflow as updateEngine,
} from '../engine/control-inputs.ts'
import { isActive } from '../engine/engine-state.ts'
import { set } from '../engine/work.ts'
import { presentTask } from '../present-workflow.ts'
import { factsOfProject } from '../projects/project-store.ts'
import { resolveProject } from '../projects/resolve-project.ts'
import type { TaskResponse, UpdateWorkflow, WorkflowResponse } from '../schema.ts'
import { forget, isUuid, loadState } from '../store/load-state.ts'
import { workflowStream } from '../store/save-state.ts'
import { changeAndPresent, changeIn, changeWorkflow, lockWorkflow, nowOf } from './change-workflow.ts'
import { parseSupplied } from './supplied-artifacts.ts'

export async function pauseWorkflow(ctx: Ctx, id: string): Promise<WorkflowResponse> {
  return { ...(await changeAndPresent(ctx, id, pauseEngine)), paused_at: nowOf(ctx) }
}

/** Takes what the project says now with it, then goes on. */
export async function resumeWorkflow(ctx: Ctx, id: string): Promise<WorkflowResponse> {
  const { state } = (await loadState(ctx.kernel, ctx.kernel.db, id))!
  requireProject(ctx, state.project_id)
  const { row } = await resolveProject(ctx, state.project_id, state.priority).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'PROJECT_NOT_FOUND') return { row: null }
    throw error
  })
  const response = await changeAndPresent(ctx, id, (w) => {
    if (row) set(w, { project: factsOfProject(row) })
    resumeEngine(w)
  })
  return { ...response, resumed_at: nowOf(ctx) }
}

export async function cancelWorkflow(ctx: Ctx, id: string): Promise<WorkflowResponse> {
  const response = await changeAndPresent(ctx, id, (w) => cancelByRequest(w, 'cancelled by request'))
  return { ...response, cancelled_at: nowOf(ctx) }
}

/** A failed one may be started only while no other of its type (and episode) is active. */
export function startWorkflow(ctx: Ctx, id: string): Promise<WorkflowResponse> {
  return translateExists(ctx, id, () => changeAndPresent(ctx, id, startEngine))
}

/** The unique index decides; its refusal is told in the contract's words. */
async function translateExists<T>(ctx: Ctx, id: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if ((error as { code?: string; constraint?: string }).constraint !== 'workflows_active') throw error
    const { rows } = await ctx.kernel.db.query(
      `select o.workflow_id from movies.workflows w join movies.workflows o using (project_id, workflow_type, episode)
        where w.workflow_id = $1 and o.status in ('running', 'paused')`,
      [id],
    )
    throw new AppError(
      'WORKFLOW_EXISTS',
      'Another workflow of this type is active in the project: finish or cancel it first',
      {
        workflow_id: rows[0]?.['workflow_id'] ?? null,
      },
    )
  }
}

export async function updateWorkflow(ctx: Ctx, id: string, change: UpdateWorkflow): Promise<WorkflowResponse> {
  parseSupplied(change.custom_parameters?.artifacts)
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as UpdateWorkflow
  const response = await changeAndPresent(ctx, id, (w) => updateEngine(w, given))
  await writeAudit(ctx.kernel.db, ctx, {
    action: 'workflow.updated',
    entityType: 'workflow',
    entityId: id,
    after: given,
  })
  return response
}

export async function purgeWorkflow(ctx: Ctx, id: string): Promise<void> {
  await ctx.kernel.db.transaction(async (tx) => {
    const { state } = (await loadState(ctx.kernel, tx, id, 'wait'))!
    requireProject(ctx, state.project_id)
    if (isActive(state.status))
      throw new AppError('INVALID_STATE', `Workflow ${id} is ${state.status}: cancel it before it is purged`, {
        status: state.status,
      })
    await removeWorkflows(tx, [id])
    await writeAudit(tx, ctx, {
      action: 'workflow.purged',
      entityType: 'workflow',
      entityId: id,
      before: { project_id: state.project_id, status: state.status, title: state.title },
    })
    tx.afterCommit(() => forget(ctx.kernel, id))
  })
}

/** Rows and events of workflows; their tasks, artifacts and checkpoints go with them. */
export async function removeWorkflows(tx: { query: Ctx['kernel']['db']['query'] }, ids: readonly string[]) {
  await tx.query('delete from movies.workflows where workflow_id = any ($1::uuid[])', [ids])
  const streams = ids.map(workflowStream)
  await tx.query('delete from kernel.events where stream = any ($1)', [streams])
  await tx.query('delete from kernel.event_streams where stream = any ($1)', [streams])
}

export async function restoreWorkflow(ctx: Ctx, id: string, checkpointId: string): Promise<WorkflowResponse> {
  const { rows } = isUuid(checkpointId)
    ? await ctx.kernel.db.query('select data from movies.checkpoints where workflow_id = $1 and checkpoint_id = $2', [
        isUuid(id) ? id : null,
        checkpointId,
      ])
    : { rows: [] }
  const known = await loadState(ctx.kernel, ctx.kernel.db, id)
  if (known) requireProject(ctx, known.state.project_id)
  const data = rows[0]?.['data'] as CheckpointData | undefined
  if (!data)
    throw new AppError(
      'CHECKPOINT_NOT_FOUND',
      `No checkpoint ${checkpointId}: see GET /api/v1/workflows/${id}/checkpoints`,
      {
        checkpoint_id: checkpointId,
      },
    )
  return translateExists(ctx, id, async () => {
    const response = await changeAndPresent(ctx, id, (w) => restoreCheckpoint(w, data), { checkpoint: 'restored' })
    await writeAudit(ctx.kernel.db, ctx, {
      action: 'workflow.restored',
      entityType: 'workflow',
      entityId: id,
      after: { checkpoint_id: checkpointId, state: response.current_state },
    })
    return response
  })
}

export async function retryTask(
  ctx: Ctx,
  id: string,
  taskId: string,
  input: Record<string, unknown>,
): Promise<TaskResponse> {
  const saved = await translateExists(ctx, id, () =>
    changeWorkflow(ctx, id, (w) => retryEngine(w, taskId, input, { actor: ctx.actor.id, automatic: false })),
  )
  const task = saved.state.tasks.find((t) => t.task_id === taskId)!
  return presentTask(task, saved.state)
}

export { changeIn, lockWorkflow }
