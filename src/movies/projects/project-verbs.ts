import { randomUUID } from 'node:crypto'
import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { allowedProjects, requireProject } from '../access.ts'
import { writeAudit } from '../audit/write-audit.ts'
import { movieMetrics } from '../metrics/movie-metrics.ts'
import type { CreateProject, ProjectResponse, UpdateProject } from '../schema.ts'
import {
  findProject,
  getProjectRow,
  presentProject,
  projectNotFound,
  putProject,
  requireFuture,
} from './project-store.ts'
import { resolveProject } from './resolve-project.ts'

export async function createProject(ctx: Ctx, input: CreateProject): Promise<ProjectResponse> {
  const { project_id: id = randomUUID(), ...data } = input
  requireProject(ctx, id)
  requireFuture(ctx, data.deadline)
  return ctx.kernel.db.transaction(async (tx) => {
    if (await findProject(tx, id))
      throw new AppError('CONFLICT', `Project ${id} exists: change it with PUT /api/v1/projects/${id}`, {
        project_id: id,
      })
    const row = await putProject(tx, id, data, 'local')
    await writeAudit(tx, ctx, { action: 'project.created', entityType: 'project', entityId: id, after: data })
    tx.afterCommit(() => movieMetrics(ctx.kernel).projectCreated.inc({ project_type: 'local' }))
    return presentProject(row)
  })
}

/** Refreshed from Auto-Movie when the mirror is older than 60 s. */
export async function getProject(ctx: Ctx, id: string): Promise<ProjectResponse> {
  requireProject(ctx, id)
  const { row } = await resolveProject(ctx, id)
  if (!row) throw projectNotFound(id)
  return presentProject(row)
}

export async function listProjects(ctx: Ctx, query: { status?: string | undefined; limit: number; offset: number }) {
  const { rows } = await ctx.kernel.db.query(
    `select project_id, status, source, data, refreshed_at, created_at, updated_at, count(*) over ()::int as total
       from movies.projects where ($1::text is null or status = $1) and ($2::text[] is null or project_id = any ($2))
      order by created_at desc, project_id limit $3 offset $4`,
    [query.status ?? null, allowedProjects(ctx.actor), query.limit, query.offset],
  )
  const total = rows[0]?.['total'] ?? (query.offset > 0 ? await countProjects(ctx, query.status) : 0)
  return {
    projects: rows.map((row) => presentProject(row as never)),
    total_count: total,
    has_more: query.offset + rows.length < total,
  }
}

async function countProjects(ctx: Ctx, status: string | undefined): Promise<number> {
  const { rows } = await ctx.kernel.db.query(
    'select count(*)::int as n from movies.projects where ($1::text is null or status = $1) and ($2::text[] is null or project_id = any ($2))',
    [status ?? null, allowedProjects(ctx.actor)],
  )
  return rows[0]!['n']
}

export async function updateProject(ctx: Ctx, id: string, change: UpdateProject): Promise<ProjectResponse> {
  requireProject(ctx, id)
  requireFuture(ctx, change.deadline)
  const { status, ...data } = change
  return ctx.kernel.db.transaction(async (tx) => {
    const before = await getProjectRow(tx, id, true)
    await tx.query(
      'update movies.projects set data = data || $2::jsonb, status = coalesce($3, status), updated_at = now() where project_id = $1',
      [id, JSON.stringify(data), status ?? null],
    )
    const after = await getProjectRow(tx, id)
    await writeAudit(tx, ctx, {
      action: 'project.updated',
      entityType: 'project',
      entityId: id,
      before: presentProject(before),
      after: presentProject(after),
    })
    return presentProject(after)
  })
}

export async function deleteProject(ctx: Ctx, id: string) {
  requireProject(ctx, id)
  return ctx.kernel.db.transaction(async (tx) => {
    const before = await getProjectRow(tx, id, true)
    const { rows } = await tx.query(
      `select workflow_id from movies.workflows where project_id = $1 and status in ('running', 'paused')`,
      [id],
    )
    if (rows.length > 0)
      throw new AppError('INVALID_STATE', `Project ${id} has ${rows.length} active workflows: cancel them first`, {
        project_id: id,
        workflow_ids: rows.map((row) => row['workflow_id']),
      })
    const gone = await tx.query('delete from movies.workflows where project_id = $1 returning workflow_id', [id])
    const streams = gone.rows.map((row) => `movies.workflow:${row['workflow_id']}`)
    await tx.query('delete from kernel.events where stream = any ($1)', [streams])
    await tx.query('delete from movies.projects where project_id = $1', [id])
    await writeAudit(tx, ctx, {
      action: 'project.deleted',
      entityType: 'project',
      entityId: id,
      before: presentProject(before),
    })
    return { project_id: id, message: `Project ${id} and its ${gone.rows.length} finished workflows were removed` }
  })
}
