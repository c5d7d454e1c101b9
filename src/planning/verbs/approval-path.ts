import type { Board } from '../artifacts/board.ts'
import type { ApprovalType, DecisionRight, Stakeholder } from '../schema.ts'

const personOf = ({ email, name }: Stakeholder): string => email ?? name

/** The decision right a person needs; null for a change request without an amount, which an Owner decides. */
export const rightFor = (type: ApprovalType, hasAmount: boolean): DecisionRight | null =>
  type === 'change_request' ? (hasAmount ? 'budget_decision' : null) : type

/** Who is asked, in order (5.3.3): the plan's path of that type, else those with the right, then every Owner. */
export function escalationPath(
  board: Board,
  type: ApprovalType,
  hasAmount: boolean,
): { people: string[]; timeoutMinutes: number | null } {
  const planned = board.artifacts.CommunicationsPlan?.escalation_paths.find((path) => path.approval_type === type)
  if (planned)
    return {
      people: [...new Set([planned.primary, ...planned.backups])],
      timeoutMinutes: planned.timeout_minutes ?? null,
    }
  const stakeholders = board.artifacts.StakeholderMap?.stakeholders ?? []
  const right = rightFor(type, hasAmount)
  const holders = right ? stakeholders.filter(({ decision_rights }) => decision_rights.includes(right)) : []
  const backups = stakeholders.filter(({ backup_for }) =>
    holders.some(({ email }) => email !== null && email === backup_for),
  )
  const owners = stakeholders.filter(({ role }) => role === 'Owner')
  return { people: [...new Set([...holders, ...backups, ...owners].map(personOf))], timeoutMinutes: null }
}

/** The next of the path after this level; the last entry repeats. */
export const personAt = (path: readonly string[], level: number): string | null =>
  path[Math.min(level, path.length - 1)] ?? null
