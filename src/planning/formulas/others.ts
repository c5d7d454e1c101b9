import { money, round } from './round.ts'

/** Contract 6.10: mean rating of five, else the share of approvals among the decided ones, which is 100 while none is decided. */
export function stakeholderSatisfaction(
  ratings: readonly number[],
  approvals: readonly { status: string }[],
): { value: number; basis: 'survey' | 'proxy' } {
  if (ratings.length > 0)
    return {
      value: round((ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length / 5) * 100),
      basis: 'survey',
    }
  const decided = approvals.filter(({ status }) => status === 'approved' || status === 'rejected')
  const approved = decided.filter(({ status }) => status === 'approved').length
  return { value: decided.length === 0 ? 100 : round((approved / decided.length) * 100), basis: 'proxy' }
}

/** Whole percent of planned steps; 100 only when all are done. */
export function agentProgress(finished: number, planned: number): number {
  if (planned <= 0) return 0
  return finished >= planned ? 100 : Math.min(99, Math.floor((finished / planned) * 100))
}

/** Catering per person and serving day. */
export const cateringPerPerson = (allocation: number, audience: number, servingDays: number): number =>
  money(allocation / (audience * servingDays))

export const costPerAttendee = (approvedTotal: number, audience: number): number => money(approvedTotal / audience)

/** Alert limits: error rate in percent, p95 latency in milliseconds. */
export const ALERTS = { error_rate_percent: 5, p95_latency_ms: 5_000 } as const
