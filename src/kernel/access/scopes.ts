import type { Actor } from '../context.ts'
import { AppError } from '../errors/app-error.ts'

/** What a route asks for. `public`: nobody; `token`: the route checks its own bearer (agent and callback tokens). */
export const ACCESS = ['public', 'token', 'read', 'write', 'approve', 'audit', 'agents', 'admin'] as const
export type Access = (typeof ACCESS)[number]

/** Scope words of tokens and keys (planning contract 0.5, agents from the agent protocol). */
const SCOPE_OF: Record<Exclude<Access, 'public' | 'token'>, string> = {
  read: 'Events.Read',
  write: 'Events.Write',
  approve: 'Approvals.Approve',
  audit: 'Audit.Read',
  agents: 'agents',
  admin: 'Platform.Admin',
}

export const ROLES = ['Admin', 'Organizer', 'Approver', 'Finance', 'Viewer', 'Auditor', 'Service'] as const
export type Role = (typeof ROLES)[number]

export const ROLE_SCOPES: Record<Role, readonly string[]> = {
  Admin: ['*'],
  Organizer: ['Events.Read', 'Events.Write'],
  Approver: ['Events.Read', 'Approvals.Approve'],
  Finance: ['Events.Read', 'Approvals.Approve'],
  Viewer: ['Events.Read'],
  Auditor: ['Events.Read', 'Audit.Read'],
  Service: ['Events.Read', 'Events.Write', 'Approvals.Approve', 'agents'],
}

/** The roles of the movie contract (2.1) in the platform's words; any other word stays as it is. */
export const roleNamed = (word: string): string =>
  ({ admin: 'Admin', service: 'Service', user: 'Organizer', viewer: 'Viewer' })[word] ?? word

/** Whether the actor may do what needs `access`: by an own scope or by one of a role. */
export function isAllowed(actor: Actor, access: Access): boolean {
  if (access === 'public' || access === 'token') return true
  const wanted = SCOPE_OF[access]
  const owned = [...actor.scopes, ...actor.roles.flatMap((role) => ROLE_SCOPES[role as Role] ?? [])]
  return owned.includes('*') || owned.includes(wanted)
}

/** Throws FORBIDDEN naming the missing scope. */
export function requireAccess(actor: Actor, access: Access): void {
  if (isAllowed(actor, access)) return
  const scope = SCOPE_OF[access as keyof typeof SCOPE_OF]
  throw new AppError(
    'FORBIDDEN',
    `${actor.name ?? actor.id} lacks the scope ${scope}: ask an administrator for a key or role that has it`,
    { scope },
  )
}

export const hasRole = (actor: Actor, ...roles: Role[]): boolean =>
  actor.roles.includes('Admin') || roles.some((role) => actor.roles.includes(role))
