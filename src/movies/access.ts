import type { Actor, Ctx } from '../kernel/context.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import type { KeyRole } from './schema.ts'

/** A key's role in the words of this contract (2.1). Keys of role Service, and those with the scope `service` or `agents`, are service keys. */
export function roleOf(actor: Actor): KeyRole {
  if (actor.roles.includes('Admin')) return 'admin'
  if (
    actor.kind === 'system' ||
    actor.roles.includes('Service') ||
    actor.scopes.some((scope) => ['*', 'service', 'agents'].includes(scope))
  )
    return 'service'
  return actor.roles.some((role) => role === 'Organizer' || role === 'Approver' || role === 'Finance')
    ? 'user'
    : 'viewer'
}

export const mayTouch = (actor: Actor, projectId: string) =>
  actor.projects === undefined || actor.projects.includes('*') || actor.projects.includes(projectId)

/** Throws FORBIDDEN when the key is not for this project. */
export function requireProject(ctx: Ctx, projectId: string) {
  if (mayTouch(ctx.actor, projectId)) return
  throw new AppError('FORBIDDEN', `This key has no access to project ${projectId}: ask an administrator to add it`, {
    project_id: projectId,
  })
}

/** Projects a list is limited to; null is all. */
export const allowedProjects = (actor: Actor): readonly string[] | null =>
  actor.projects === undefined || actor.projects.includes('*') ? null : actor.projects
