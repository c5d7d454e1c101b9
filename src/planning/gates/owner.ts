import { teamSheets } from '../agents/team.ts'
import type { Stakeholder } from '../schema.ts'

export type OwnerSource = { stakeholders: readonly Stakeholder[]; created_by: string }

const isAgent = (text: string): boolean =>
  teamSheets().some(({ name, display_name }) =>
    [name, display_name, display_name.replace(/ Agent$/, '')].some((one) => one.toLowerCase() === text),
  )

/** Contract 0.6: an agent, a stakeholder's name, email or role, or who created the event; case does not matter. */
export function ownerResolves(owner: string | null | undefined, { stakeholders, created_by }: OwnerSource): boolean {
  const wanted = owner?.trim().toLowerCase()
  if (!wanted) return false
  if (isAgent(wanted) || wanted === created_by.toLowerCase()) return true
  return stakeholders.some(({ name, email, role }) =>
    [name, email, role].some((text) => text?.toLowerCase() === wanted),
  )
}

export const OWNER_INVALID = 'Owner must be an agent or a stakeholder of this event'
