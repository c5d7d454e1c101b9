import type { Ctx } from '../../kernel/context.ts'
import { partsOf } from '../parts.ts'
import { CreateProject } from '../schema.ts'
import { type OutsideProject, ServiceOutageError } from '../services-port.ts'
import { findProject, type ProjectData, type ProjectRow, projectNotFound, putProject } from './project-store.ts'

const REFRESH_MS = 60_000

export type ResolvedProject = { row: ProjectRow | null; outage: boolean }

/**
 * The project as Auto-Movie has it (kept 60 s), or the local record. Auto-Movie configured and denying it is
 * PROJECT_NOT_FOUND; unreachable, the local mirror stands in. `row` is null for an unknown local project.
 */
export async function resolveProject(ctx: Ctx, id: string, priority = 5): Promise<ResolvedProject> {
  const { projects } = partsOf(ctx.kernel).services
  const local = await findProject(ctx.kernel.db, id)
  if (!projects) return { row: local ?? null, outage: false }
  const fresh = local?.refreshed_at && ctx.kernel.clock.now() - local.refreshed_at.getTime() < REFRESH_MS
  if (local && fresh) return { row: local, outage: false }
  try {
    const found = await projects.getProject(id, {
      workflow_id: null,
      project_id: id,
      priority,
      correlation_id: ctx.correlationId,
    })
    if (!found) throw projectNotFound(id)
    return { row: await putProject(ctx.kernel.db, id, mirrorOf(found, local), 'auto_movie'), outage: false }
  } catch (error) {
    if (!(error instanceof ServiceOutageError)) throw error
    return { row: local ?? null, outage: true }
  }
}

/** What Auto-Movie says wins; what it does not know stays as it is. */
function mirrorOf(found: OutsideProject, local: ProjectRow | undefined): ProjectData {
  const raw = found.raw as Record<string, any>
  const kept = local?.data ?? defaultsOf(found.id, found.title)
  return {
    ...kept,
    user_id: typeof raw['createdBy'] === 'string' && raw['createdBy'] ? raw['createdBy'] : kept.user_id,
    title: found.title.slice(0, 200) || kept.title,
    description: found.description.slice(0, 5000) || kept.description,
    genre: found.genre?.slice(0, 50) ?? kept.genre,
    target_duration:
      found.episode_duration && found.episode_duration >= 1 ? Math.round(found.episode_duration) : kept.target_duration,
    content_rating: (found.content_rating as ProjectData['content_rating']) ?? kept.content_rating,
    aspect_ratio: found.aspect_ratio,
    quality: found.quality_tier,
    style_references: found.style_references,
  }
}

export function defaultsOf(id: string, title: string): ProjectData {
  const { project_id: _id, ...data } = CreateProject.parse({ project_id: id, title: title.slice(0, 200) || 'Untitled' })
  return data
}
