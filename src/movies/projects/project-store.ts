import type { Ctx } from '../../kernel/context.ts'
import type { Reader } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { ProjectFacts } from '../engine/engine-state.ts'
import type { CreateProject, ProjectResponse } from '../schema.ts'

export type ProjectData = Omit<CreateProject, 'project_id'> & {
  aspect_ratio?: string | null
  quality?: string | null
  style_references?: { id: string; url: string }[]
}

export type ProjectRow = {
  project_id: string
  status: ProjectResponse['status']
  source: 'auto_movie' | 'local'
  data: ProjectData
  refreshed_at: Date | null
  created_at: Date
  updated_at: Date
}

const COLUMNS = 'project_id, status, source, data, refreshed_at, created_at, updated_at'

export const projectNotFound = (id: string) =>
  new AppError('PROJECT_NOT_FOUND', `No project ${id}: create it with POST /api/v1/projects`, { project_id: id })

export async function findProject(reader: Reader, id: string, lock = false): Promise<ProjectRow | undefined> {
  const { rows } = await reader.query<ProjectRow>(
    `select ${COLUMNS} from movies.projects where project_id = $1${lock ? ' for update' : ''}`,
    [id],
  )
  return rows[0]
}

export async function getProjectRow(reader: Reader, id: string, lock = false): Promise<ProjectRow> {
  const row = await findProject(reader, id, lock)
  if (!row) throw projectNotFound(id)
  return row
}

/** Inserts, or overwrites the data of the one that exists. */
export async function putProject(
  tx: Reader,
  id: string,
  data: ProjectData,
  source: ProjectRow['source'],
): Promise<ProjectRow> {
  const { rows } = await tx.query<ProjectRow>(
    `insert into movies.projects (project_id, source, data, refreshed_at) values ($1, $2, $3, case when $2 = 'auto_movie' then now() end)
     on conflict (project_id) do update set data = excluded.data, source = excluded.source, refreshed_at = excluded.refreshed_at, updated_at = now()
     returning ${COLUMNS}`,
    [id, source, JSON.stringify(data)],
  )
  return rows[0]!
}

export const presentProject = (row: ProjectRow): ProjectResponse => {
  const d = row.data
  return {
    project_id: row.project_id,
    user_id: d.user_id,
    title: d.title,
    description: d.description,
    genre: d.genre,
    target_duration: d.target_duration,
    style_preferences: d.style_preferences,
    characters: d.characters,
    settings: d.settings,
    themes: d.themes,
    content_rating: d.content_rating,
    status: row.status,
    deadline: d.deadline ? new Date(d.deadline).toISOString() : null,
    budget_constraints: d.budget_constraints,
    custom_requirements: d.custom_requirements,
    source: row.source,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

/** What the engine and the agents read of a project. */
export const factsOfProject = ({ data }: ProjectRow): ProjectFacts => ({
  title: data.title,
  description: data.description,
  characters: data.characters,
  settings: data.settings,
  themes: data.themes,
  content_rating: data.content_rating,
  custom_requirements: data.custom_requirements,
  budget_constraints: data.budget_constraints,
  aspect_ratio: data.aspect_ratio ?? null,
  quality: data.quality ?? null,
})

/** A deadline has to lie in the future when it is set. */
export function requireFuture(ctx: Ctx, deadline: string | null | undefined) {
  if (deadline && Date.parse(deadline) <= ctx.kernel.clock.now())
    throw new AppError('VALIDATION_ERROR', 'deadline: must be in the future', {
      fields: [{ field: 'deadline', message: 'must be in the future' }],
    })
}
