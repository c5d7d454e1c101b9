import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../_server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer({ roles: ['api'] })
}, 120_000)
afterAll(() => server[Symbol.asyncDispose]())

describe('a past one', { timeout: 60_000 }, () => {
  it('is the beginning of a new event, on the same weekday a year on, or when asked', async () => {
    const old = await server.call('POST', '/api/event-briefs', {
      title: 'Developer meetup',
      date_range_start: '2027-05-12T18:00:00Z',
      date_range_end: '2027-05-12T21:00:00Z',
      audience_size: 20,
      event_type: 'meetup',
      objectives: 'Short talks',
      constraints: 'Budget $500',
    })
    const { templates } = (await server.call('GET', '/v1/templates')).body
    expect(templates[0]).toMatchObject({ kind: 'event', id: old.body.id, title: 'Developer meetup' })
    const made = await server.call('POST', `/v1/templates/event/${old.body.id}`, { title: 'Developer meetup II' })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    const brief = (await server.call('GET', `/api/event-briefs/${made.body.id}`)).body
    expect(brief).toMatchObject({
      title: 'Developer meetup II',
      audience_size: 20,
      date_range_start: '2028-05-10T18:00:00Z',
      date_range_end: '2028-05-10T21:00:00Z',
    })
    const asked = await server.call('POST', `/v1/templates/event/${old.body.id}`, { starts_at: '2027-09-01T18:00:00Z' })
    expect((await server.call('GET', `/api/event-briefs/${asked.body.id}`)).body.date_range_end).toBe(
      '2027-09-01T21:00:00Z',
    )
  })

  it('is the beginning of a new film', async () => {
    await server.call('POST', '/api/v1/projects', { project_id: 'letter', title: 'The letter' })
    const old = await server.call('POST', '/api/v1/workflows', {
      project_id: 'letter',
      workflow_type: 'movie_creation',
      title: 'The letter',
      description: 'A keeper finds a letter.',
      target_duration: 30,
      custom_parameters: { decision_mode: 'auto' },
    })
    const made = await server.call('POST', `/v1/templates/film/${old.body.workflow_id}`, { title: 'The second letter' })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    const film = (await server.call('GET', `/api/v1/workflows/${made.body.id}`)).body
    expect(film).toMatchObject({
      title: 'The second letter',
      description: 'A keeper finds a letter.',
      target_duration: 30,
    })
    expect(film.project_id).not.toBe('letter')
  })

  it('that does not exist is said to be missing', async () => {
    expect((await server.call('POST', '/v1/templates/event/none', {})).status).toBe(404)
  })
})
