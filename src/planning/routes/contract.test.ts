import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../test/_app.ts'
import { planningModule } from '../index.ts'

const BRIEF = {
  title: 'Developer Meetup Q4 2025',
  date_range_start: '2025-11-15T18:00:00Z',
  date_range_end: '2025-11-15T21:00:00Z',
  audience_size: 20,
  event_type: 'meetup',
  objectives: 'Bring developers of the region together',
  constraints: 'Budget $500; place downtown; step-free access',
}
let t: TestApp
beforeAll(async () => {
  t = await testApp([planningModule])
})
afterAll(() => t[Symbol.asyncDispose]())

describe('events', () => {
  it('are created in Initiate with a stakeholder map', async () => {
    const { status, body, headers } = await t.call('POST', '/api/event-briefs', BRIEF)
    expect(body).toMatchObject({ lifecycle_state: 'Initiate', version: 1, date_range_start: BRIEF.date_range_start })
    expect(status).toBe(201)
    expect(headers['location']).toBe(`/api/event-briefs/${body.id}`)
    const map = await t.call('GET', `/api/event-briefs/${body.id}/stakeholder-map`)
    expect(map.body.stakeholders).toMatchObject([{ role: 'Owner' }])
  })
})
