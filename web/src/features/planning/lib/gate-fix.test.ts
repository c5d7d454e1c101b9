import { expect, it } from 'vitest'
import { gateFix } from './gate-fix.ts'

it.each([
  ['TIMELINE_MISSING_MILESTONES', 'plan'],
  ['VENUE_SHORTLIST_TOO_SMALL', 'venues'],
  ['WEIGHTS_SUM_INVALID', 'venues'],
  ['BUDGET_VARIANCE_EXCEEDED', 'budget'],
  ['BUDGET_APPROVAL_MISSING', 'approvals'],
  ['HUMAN_APPROVAL_VENUE', 'approvals'],
  ['APPROVALS_PENDING', 'approvals'],
  ['RISK_WITHOUT_CONTINGENCY', 'risks'],
  ['WORKFLOWS_NOT_LINKED', 'logistics'],
  ['INCIDENTS_OPEN', 'day'],
  ['REQUIREMENTS_NOT_FOUND', 'overview'],
])('a failed %s is put right under %s', (code, tab) => {
  expect(gateFix({ gate: 'any', code, message: '' }).tab).toBe(tab)
})
