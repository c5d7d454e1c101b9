import { AppError, ValidationError } from '../../kernel/errors/app-error.ts'
import { levelNumber, riskRating } from '../formulas/risk.ts'
import { OWNER_INVALID, ownerResolves } from '../gates/owner.ts'
import type { ArtifactProblem, CommunicationsPlan, RiskInput, StakeholderMapInput } from '../schema.ts'
import type { Board } from './board.ts'
import type { ArtifactDefinition, RuleInput } from './definition.ts'

type Rules = Pick<ArtifactDefinition, 'prepare' | 'recompute' | 'validate'>

export const ownersOf = (board: Board) => ({
  stakeholders: board.artifacts.StakeholderMap?.stakeholders ?? [],
  created_by: board.brief.created_by,
})

/** Throws OWNER_INVALID naming the field. */
export function requireOwner(owner: string, board: Board, field = 'owner'): void {
  if (ownerResolves(owner, ownersOf(board))) return
  throw new AppError('OWNER_INVALID', OWNER_INVALID, { fields: [{ field, message: OWNER_INVALID, value: owner }] })
}

export const invalid = (field: string, message: string, value?: unknown) =>
  new ValidationError(`${field}: ${message}`, [{ field, message, ...(value === undefined ? {} : { value }) }])

/** Throws when two items share a key. */
export function requireUnique(values: readonly string[], field: string, what: string): void {
  const seen = new Set<string>()
  for (const value of values) {
    if (seen.has(value)) throw invalid(field, `${what} must be unique, "${value}" is there twice`, value)
    seen.add(value)
  }
}

export const unknownReference = (reference: string, what: string) =>
  new AppError('UNKNOWN_REFERENCE', `${what} ${reference} does not exist in this event`, { reference })

export const stakeholderRules: Rules = {
  prepare({ input, board }: RuleInput<StakeholderMapInput>) {
    if (!input.stakeholders.some(({ role }) => role === 'Owner'))
      throw new AppError('OWNER_REQUIRED', 'The stakeholder map needs at least one stakeholder with role Owner', {
        fields: [{ field: 'stakeholders', message: 'needs at least one stakeholder with role Owner' }],
      })
    const emails = input.stakeholders.flatMap(({ email }) => (email ? [email.toLowerCase()] : []))
    requireUnique(emails, 'stakeholders.email', 'email')
    for (const [index, { email, name }] of input.stakeholders.entries())
      if (!email && name !== board.brief.created_by)
        throw invalid(`stakeholders.${index}.email`, 'is required: give an e-mail address')
    return { event_brief_id: board.brief.id, ...input }
  },
}

export const requirementRules: Rules = {
  prepare: ({ input, board }) => ({ event_brief_id: board.brief.id, ...input }),
}

export const communicationRules: Rules = {
  prepare({ input, board }) {
    for (const [index, { owner }] of input.communications.entries())
      requireOwner(owner, board, `communications.${index}.owner`)
    const known = new Set((board.artifacts.StakeholderMap?.stakeholders ?? []).map(({ email }) => email?.toLowerCase()))
    for (const [index, path] of (input.escalation_paths as CommunicationsPlan['escalation_paths']).entries())
      for (const person of [path.primary, ...path.backups])
        if (!known.has(person.toLowerCase()))
          throw invalid(`escalation_paths.${index}`, `${person} is not the e-mail of a stakeholder`, person)
    return { event_brief_id: board.brief.id, ...input }
  },
  validate(stored, board) {
    const audiences = new Set((stored['communications'] as { audience: string }[]).map((c) => c.audience.toLowerCase()))
    const roles = [...new Set((board.artifacts.StakeholderMap?.stakeholders ?? []).map(({ role }) => role))]
    return roles
      .filter((role) => !audiences.has(role.toLowerCase()))
      .map(
        (role): ArtifactProblem => ({
          code: 'AUDIENCE_MISSING',
          message: `No communication has the audience ${role}`,
          field: 'communications',
        }),
      )
  },
}

export const METHODOLOGY = 'probability (1-5) * impact (1-5)'

export const riskRules: Rules = {
  prepare({ input, board, current }: RuleInput<RiskInput>) {
    requireOwner(input.owner, board)
    const rating = riskRating(input.probability, input.impact)
    if (input.rating !== undefined && input.rating !== rating)
      throw new AppError(
        'RATING_INCONSISTENT',
        `rating must be probability × impact = ${levelNumber(input.probability)} × ${levelNumber(input.impact)} = ${rating}, or be left out`,
        { fields: [{ field: 'rating', message: `must be ${rating}`, value: input.rating }] },
      )
    if (rating >= 8 && input.mitigation_strategies.length === 0)
      throw new AppError(
        'MITIGATION_REQUIRED',
        `A risk rated ${rating} needs at least one entry in mitigation_strategies`,
        { fields: [{ field: 'mitigation_strategies', message: 'needs at least one entry' }] },
      )
    const status = input.status ?? (input.mitigation_strategies.length > 0 ? 'mitigated' : 'open')
    return {
      type: 'risk',
      event_brief_id: board.brief.id,
      ...input,
      status,
      rating,
      rating_methodology: METHODOLOGY,
      incident_ids: current?.['incident_ids'] ?? [],
    }
  },
}
