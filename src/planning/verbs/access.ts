import { hasRole } from '../../kernel/access/scopes.ts'
import type { Actor } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { Board } from '../artifacts/board.ts'
import { type Approval, type ApprovalType, type EventBrief, LIFECYCLE_STATES, type Stakeholder } from '../schema.ts'
import { rightFor } from './approval-path.ts'

const isFull = (actor: Actor) => actor.kind === 'system' || actor.scopes.includes('*') || hasRole(actor)

/** Whether a stakeholder entry is this person. */
export const isPerson = (actor: Actor, { name, email }: Pick<Stakeholder, 'name' | 'email'>): boolean =>
  [actor.id, actor.email, actor.name].some(
    (own) => own !== undefined && [name, email].some((text) => text?.toLowerCase() === own.toLowerCase()),
  )

/** Organizers see and change the events they created or are a stakeholder of; every other role sees all (0.5). */
export function mayUseEvent(
  actor: Actor,
  event: Pick<EventBrief, 'created_by'>,
  people: readonly Stakeholder[],
): boolean {
  if (isFull(actor) || actor.kind === 'agent') return true
  if (!actor.roles.includes('Organizer')) return true
  if (actor.roles.some((role) => role !== 'Organizer' && (LIST_ALL as readonly string[]).includes(role))) return true
  return event.created_by === actor.id || people.some((person) => isPerson(actor, person))
}
const LIST_ALL = ['Approver', 'Finance', 'Viewer', 'Auditor'] as const

export const seesOnlyOwn = (actor: Actor): boolean =>
  !isFull(actor) &&
  actor.roles.includes('Organizer') &&
  !actor.roles.some((role) => (LIST_ALL as readonly string[]).includes(role))

export function requireEventAccess(actor: Actor, board: Pick<Board, 'brief' | 'artifacts'>): void {
  if (mayUseEvent(actor, board.brief, board.artifacts.StakeholderMap?.stakeholders ?? [])) return
  throw new AppError('FORBIDDEN', `${actor.name ?? actor.id} is neither creator nor stakeholder of this event`, {
    event_brief_id: board.brief.id,
  })
}

/** Viewers read contracts without terms and no budget decision at all (3.8, 3.17). */
export const isOnlyViewer = (actor: Actor): boolean =>
  !isFull(actor) && actor.roles.includes('Viewer') && !hasRole(actor, 'Organizer', 'Approver', 'Finance', 'Auditor')

/** Whether this person may decide this approval: the scope is the route's check, the right is here. Who was handed it has the right. Agents never may. */
export function mayDecide(
  actor: Actor,
  approval: Pick<Approval, 'approval_type' | 'details' | 'escalation_path'>,
  people: readonly Stakeholder[],
  wasHanded = false,
): boolean {
  if (actor.kind === 'agent') return false
  if (isFull(actor) || wasHanded) return true
  const type: ApprovalType = approval.approval_type
  const right = rightFor(type, approval.details['amount'] != null)
  if (actor.roles.includes('Finance') && (right === 'budget_decision' || right === 'vendor_contract')) return true
  const own = people.filter((person) => isPerson(actor, person))
  if (own.some(({ decision_rights, role }) => (right ? decision_rights.includes(right) : role === 'Owner'))) return true
  if (own.length > 0 && own.some((person) => approval.escalation_path.includes(person.email ?? person.name)))
    return true
  return actor.kind === 'key' && actor.roles.length === 0
}

/** Throws LIFECYCLE_LOCKED when the event is over. */
export function requireOpen(event: Pick<EventBrief, 'id' | 'lifecycle_state'>): void {
  if (event.lifecycle_state !== LIFECYCLE_STATES.at(-1)) return
  throw new AppError(
    'LIFECYCLE_LOCKED',
    `EventBrief ${event.id} is in Postmortem: only feedback, the postmortem and deletion are possible`,
    { current_state: event.lifecycle_state },
  )
}
