import type { Decision } from '../api/decisions.ts'

/** The words on the buttons of an approval: the domain's own, else approve and deny. */
export const optionsOf = (decision: Pick<Decision, 'kind' | 'options'>) =>
  decision.options.length > 0
    ? decision.options
    : decision.kind === 'approve'
      ? [
          { id: 'approve', label: 'Approve' },
          { id: 'deny', label: 'Deny' },
        ]
      : []

export const isYes = (id: string) => /^(approve|approved|accept|yes|confirm|go)/i.test(id)

/** The answers that every one of these questions takes. Free answers have none. */
export function commonOptions(decisions: readonly Pick<Decision, 'kind' | 'options'>[]) {
  const [first, ...rest] = decisions
  if (!first || decisions.some((one) => one.kind === 'answer')) return []
  return optionsOf(first)
    .filter((option) => rest.every((one) => optionsOf(one).some((other) => other.id === option.id)))
    .map((option) => ({ id: option.id, label: option.label, yes: isYes(option.id) }))
}

type Timed = Pick<Decision, 'deadline' | 'escalated_at'>

/** The filter by time: overdue, due within a day, escalated. */
export function fitsTime(decision: Timed, filter: string | undefined, now: number): boolean {
  const due = decision.deadline ? Date.parse(decision.deadline) : Number.POSITIVE_INFINITY
  if (filter === 'overdue') return due <= now
  if (filter === 'today') return due <= now + 86_400_000
  if (filter === 'escalated') return decision.escalated_at !== null
  return true
}
