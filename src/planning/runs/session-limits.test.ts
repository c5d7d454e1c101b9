import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { follow, startRunOf, startTeam, type Team } from './_test-team.ts'
import { sweepSessions } from './session-limits.ts'

let t: Team
beforeAll(async () => {
  t = await startTeam({ env: { MAX_CONCURRENT_SESSIONS: '1' } })
}, 60_000)
afterAll(() => t.stopTeam())

const MEETUP = {
  title: 'Developer Meetup',
  date_range_start: '2025-11-15T18:00:00Z',
  date_range_end: '2025-11-15T21:00:00Z',
  audience_size: 20,
  event_type: 'meetup',
  objectives: 'Bring developers together',
  constraints: 'Budget $500; place downtown',
}
const RUN = { instruction_level: 'Beginner', target_phase: 'Plan' }
const isHeld = async (session: string) => {
  const { rows } = await t.kernel.db.query(
    `select 1 from kernel.runs r join planning.sessions s on s.run_id = r.id where s.id = $1 and 'planning.session' = any (r.holds)`,
    [session],
  )
  return rows.length > 0
}
const change = (session: string, status: string, body: object) =>
  t.kernel.db.query('update planning.sessions set status = $2, body = body || $3::jsonb where id = $1', [
    session,
    status,
    JSON.stringify(body),
  ])

describe('limits of sessions', () => {
  it('let a session wait for a place and begin when there is one', async () => {
    const first = await startRunOf(t, MEETUP, RUN)
    await follow(t, first.session)
    await change(first.session, 'in_progress', { waiting_on: null, iterations: 3 })
    const second = await startRunOf(t, MEETUP, RUN)
    await expect.poll(() => isHeld(second.session), { timeout: 10_000 }).toBe(true)
    await sweepSessions(t.kernel)
    expect(await isHeld(second.session)).toBe(true)
    await change(first.session, 'completed', {})
    await sweepSessions(t.kernel)
    expect(await follow(t, second.session)).toMatchObject({ status: 'completed' })
  })
  it('end a session whose question nobody answered for 24 hours', async () => {
    const made = await t.call('POST', '/api/agents/intake', {
      request: 'Help me with a party for 20 people, 6 December',
    })
    const session = made.body.session_id
    const waiting = await follow(t, session, { until: (one) => one.waiting_on?.kind === 'question' })
    expect(Date.parse(waiting.expires_at) - Date.parse(waiting.waiting_on.since)).toBe(86_400_000)
    await expect.poll(() => isHeld(session), { timeout: 10_000 }).toBe(true)
    await sweepSessions(t.kernel)
    expect(await isHeld(session)).toBe(true)
    await change(session, 'in_progress', { expires_at: '2020-01-01T00:00:00Z' })
    await sweepSessions(t.kernel)
    const end = await follow(t, session)
    expect(end).toMatchObject({ status: 'failed', waiting_on: null })
    expect(end.errors.join()).toContain('SESSION_EXPIRED')
  })
})
