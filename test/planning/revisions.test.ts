import { afterAll, beforeAll, expect, it } from 'vitest'
import { planningModule } from '../../src/planning/index.ts'
import {
  approveAll,
  BASELINE,
  CONTRACT,
  COST,
  move,
  newEvent,
  STEPS,
  type Walk,
  walkTo,
} from '../../src/planning/routes/_scenario.ts'
import { type TestApp, testApp } from '../_app.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp([planningModule])
})
afterAll(() => t[Symbol.asyncDispose]())

const pending = async ({ id }: Walk) =>
  (await t.call('GET', `/api/approvals/pending?event_brief_id=${id}`)).body as {
    approval_id: string
    approval_type: string
  }[]
const reject = async (event: Walk, type: string) => {
  const one = (await pending(event)).find(({ approval_type }) => approval_type === type)!
  const answer = await t.call('POST', `/api/approvals/${one.approval_id}`, {
    decision: 'rejected',
    comments: 'Net 60, please',
  })
  expect(answer.body.status).toBe('rejected')
}
const types = async (event: Walk) => (await pending(event)).map(({ approval_type }) => approval_type).sort()

it('asks again for what was rejected once it is revised, whatever was revised, and lets the event go on then', async () => {
  const event = await newEvent(t, { title: 'Revised' })
  await walkTo(t, event, 'Logistics')
  await STEPS['Logistics']!(t, event)
  const contract = await event.post('vendor-contracts', CONTRACT)
  expect((await move(t, event, 'Confirm')).status).toBe(200)
  await reject(event, 'vendor_contract')
  await reject(event, 'venue_selection')
  expect(await types(event)).toEqual([])
  const shut = await move(t, event, 'Execute')
  expect(shut.body.failed_gates).toEqual([
    'confirmation: Human approval missing: venue selection',
    `confirmation: Human approval missing: VendorContracts ${contract.id}`,
  ])

  const terms = { ...CONTRACT.terms, payment_terms: 'Net 60' }
  const revised = await t.call('PATCH', event.url(`vendor-contracts/${contract.id}`), { terms })
  expect(revised.body).toMatchObject({ version: 2, status: 'pending_approval' })
  const card = (await t.call('GET', event.url('venue-scorecard'))).body
  await event.post('venue-scorecard', {
    criteria_weights: card.criteria_weights,
    candidate_scores: card.candidate_scores.map(({ venue_id, scores }: any) => ({ venue_id, scores })),
    selected_venue_id: card.selected_venue_id,
    selection_rationale: 'Seen again: best total 0.9, the price is fixed',
  })
  expect(await types(event)).toEqual(['vendor_contract', 'venue_selection'])
  await approveAll(t, event)
  expect((await move(t, event, 'Execute')).body.lifecycle_state).toBe('Execute')
  const decisions = (await t.call('GET', event.url('decisions'))).body as {
    decision_type: string
    approvals: { status: string }[]
  }[]
  const told = (type: string) =>
    decisions
      .filter((one) => one.decision_type === type && one.approvals.length > 0)
      .map((one) => one.approvals[0]!.status)
  expect(told('contract_approval')).toEqual(['approved', 'rejected'])
  expect(told('venue_selection')).toEqual(['approved', 'rejected'])
})

it('keeps the gate shut on a rejected budget until a new version is approved', async () => {
  const event = await newEvent(t, { title: 'Rejected budget' })
  await walkTo(t, event, 'Budget')
  await event.post('budget-baseline', BASELINE)
  await event.post('cost-model', COST)
  await event.post('budget-decision', { approved_total: 479 })
  await reject(event, 'budget_decision')
  expect((await move(t, event, 'Logistics')).body.failed_gates).toContain(
    'budget_decision: BudgetDecision was rejected',
  )
  const again = await event.post('budget-decision', { approved_total: 479, rationale: 'The same, explained' })
  expect(again).toMatchObject({ version: 2, status: 'pending_approval', approvals: [] })
  await approveAll(t, event, 'budget_decision')
  expect((await move(t, event, 'Logistics')).body.lifecycle_state).toBe('Logistics')
})
