import { afterAll, beforeAll, expect, it } from 'vitest'
import { follow, startRunOf, startTeam, type Team } from '../../src/planning/runs/_test-team.ts'

let t: Team
beforeAll(async () => {
  t = await startTeam()
}, 60_000)
afterAll(() => t.stopTeam())

const SUMMIT = {
  title: 'Data Days',
  date_range_start: '2027-06-01T09:00:00Z',
  date_range_end: '2027-06-02T17:00:00Z',
  audience_size: 120,
  event_type: 'conference',
  objectives: 'Two days of talks on data in public service',
  constraints: 'Budget $40k; in the city center; parallel tracks',
}
const get = async (id: string, path: string) => (await t.call('GET', `/api/event-briefs/${id}${path}`)).body
const pendingOf = async (id: string): Promise<any[]> =>
  (await t.call('GET', '/api/approvals/pending')).body.filter((one: any) => one.event_brief_id === id)
const decide = (approval: any, decision: string, comments: string) =>
  t.call('POST', `/api/approvals/${approval.approval_id}`, { decision, comments })
const waiting = (session: string) => follow(t, session, { until: (body) => body.waiting_on !== null })

/** Runs to its end; `reject` names what is refused, as often as it says. */
async function settle(id: string, session: string, reject: (approval: any) => string | null) {
  for (let round = 0; round < 40; round++) {
    const body = await waiting(session)
    if (body.status !== 'in_progress') return body
    for (const approval of await pendingOf(id)) {
      const why = reject(approval)
      await decide(approval, why === null ? 'approved' : 'rejected', why ?? 'fine')
    }
    await follow(t, session, { until: ({ waiting_on }) => waiting_on?.id !== body.waiting_on?.id })
  }
  throw new Error('no end')
}

it('revises a rejected contract and a rejected venue, with all that hangs on them, and goes on to the end', async () => {
  const { id, session } = await startRunOf(t, SUMMIT, { instruction_level: 'Intermediate' })
  const refused = new Set<string>()
  let first = ''
  const end = await settle(id, session, (approval) => {
    if (approval.approval_type === 'venue_selection' && !refused.has('venue')) {
      refused.add('venue')
      first = approval.details.venue_name
      return 'too loud'
    }
    if (approval.details.service_type === 'av' && !refused.has('av')) {
      refused.add('av')
      return 'too dear'
    }
    return null
  })
  expect(end).toMatchObject({ status: 'completed', errors: [], lifecycle_state: 'Confirm' })
  expect(refused).toEqual(new Set(['venue', 'av']))
  const card = await get(id, '/venue-scorecard')
  const names = new Map((await get(id, '/venue-shortlist')).map((one: any) => [one.id, one.venue_name]))
  expect(names.get(card.selected_venue_id)).not.toBe(first)
  const contracts = (await get(id, '/vendor-contracts')).filter(({ status }: any) => status !== 'cancelled')
  expect(contracts.every(({ status }: any) => status === 'approved')).toBe(true)
  expect(
    contracts.filter(({ service_type }: any) => service_type === 'venue').map((one: any) => one.vendor_name),
  ).toEqual([names.get(card.selected_venue_id)])
  const av = contracts.find(({ service_type }: any) => service_type === 'av')
  expect(av.version).toBeGreaterThan(1)
  expect(av.terms.payment_terms).toContain('20 % on signing')
  const cost = await get(id, '/cost-model')
  expect(cost.line_items.some(({ item }: any) => item === `Hire of ${names.get(card.selected_venue_id)}`)).toBe(true)
  expect((await get(id, '/schedule')).sessions[0].location).toContain(names.get(card.selected_venue_id))
  const { messages } = (await t.call('GET', `/api/agents/sessions/${session}/messages?limit=200`)).body
  const said = messages.map(({ content }: any) => content).join('\n')
  expect(said).toContain('You said: "too dear"')
}, 120_000)

it('stops proposing after three revisions, says so, and leaves the choice to people', async () => {
  const { id, session } = await startRunOf(
    t,
    { ...SUMMIT, title: 'No to marketing' },
    { instruction_level: 'Intermediate' },
  )
  const end = await settle(id, session, ({ details }) => (details.service_type === 'marketing' ? 'no' : null))
  expect(end.status).toBe('completed')
  expect(end.errors.join()).toContain('rejected 4 times')
  const contract = (await get(id, '/vendor-contracts')).find(({ service_type }: any) => service_type === 'marketing')
  expect(contract).toMatchObject({ status: 'rejected', version: 4 })
  const escalated = (await get(id, '/decisions')).find(({ decision_type }: any) => decision_type === 'escalation')
  expect(escalated.alternatives_considered).toHaveLength(3)
}, 120_000)
