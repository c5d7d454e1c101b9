import type { Decision } from '../api/decisions.ts'

type Sortable = Pick<Decision, 'deadline' | 'escalated_at' | 'created_at'>
const ms = (at: string | null, none: number) => (at ? Date.parse(at) : none)

/** The order of the queue: what is due first, then escalated, then oldest. */
export function sortQueue<D extends Sortable>(decisions: readonly D[]): D[] {
  const never = Number.POSITIVE_INFINITY
  return [...decisions].sort((a, b) => {
    const [due, other] = [ms(a.deadline, never), ms(b.deadline, never)]
    if (due !== other) return due - other
    if (Boolean(a.escalated_at) !== Boolean(b.escalated_at)) return a.escalated_at ? -1 : 1
    return ms(a.created_at, 0) - ms(b.created_at, 0)
  })
}

/** Which question comes after one has been answered: the next in the queue, else the one before. */
export function afterAnswer(ids: readonly string[], answered: string): string | undefined {
  const at = ids.indexOf(answered)
  return ids[at + 1] ?? ids[at - 1]
}

const SILENCE: Record<Decision['on_timeout'], string> = {
  escalate: 'it goes to the next in the chain',
  hold: 'the work keeps waiting',
  default: 'the default answer is taken',
  deny: 'it counts as denied',
}

/** What happens when nobody answers. */
export const ifNobodyAnswers = (decision: Pick<Decision, 'on_timeout'>) =>
  SILENCE[decision.on_timeout] ?? 'the work keeps waiting'
