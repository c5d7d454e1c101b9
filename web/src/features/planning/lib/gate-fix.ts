import type { GateResult } from '../types.ts'

/** Where a missing or failing thing is put right: the tab of the brief, or the approvals. */
const PLACES: [RegExp, string, string][] = [
  [/approv|endors/i, 'approvals', 'Open approvals'],
  [/venue|weight|candidate|scorecard|rationale|shortlist/i, 'venues', 'Open venues'],
  [/budget|cost|variance/i, 'budget', 'Open budget'],
  [/risk|contingenc/i, 'risks', 'Open risks'],
  [/incident|event_not_finished/i, 'day', 'Open day view'],
  [/timeline|milestone|task|cycle|critical/i, 'plan', 'Open plan'],
  [/logistic|workflow|schedule|roster|owner|resource/i, 'logistics', 'Open logistics'],
  [/change|decision/i, 'log', 'Open log'],
  [/lifecycle|brief|require|stakeholder|communications/i, 'overview', 'Open overview'],
]

/** The tab that holds what a gate check found, and the words of its button. */
export function gateFix(result: Pick<GateResult, 'gate' | 'code' | 'message'>): { tab: string; label: string } {
  const exact = PLACES.find(
    ([pattern]) => pattern.test(result.code) && /^(HUMAN_APPROVAL|APPROVALS|BUDGET_APPROVAL)/.test(result.code),
  )
  const byCode = exact ?? PLACES.slice(1).find(([pattern]) => pattern.test(result.code))
  const hit = byCode ?? PLACES.slice(1).find(([pattern]) => pattern.test(`${result.gate} ${result.message}`))
  return hit ? { tab: hit[1], label: hit[2] } : { tab: 'overview', label: 'Open overview' }
}
