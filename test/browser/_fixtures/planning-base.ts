/** One event's identity and clock, shared by the parts of the planning fixture. */
export const NOW = Date.now()
export const DAY = 86_400_000
export const at = (days: number, hour = 9, minute = 0) => {
  const day = new Date(NOW + days * DAY)
  day.setUTCHours(hour, minute, 0, 0)
  return day.toISOString().replace('.000Z', 'Z')
}
export const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString()
export type Row = Record<string, unknown>
export const SUMMIT = 'evt-20251002-ai-summit-2025'
export const MEETUP = 'evt-20251002-developer-meetup-q4-2025'
export const GALA = 'evt-20251002-winter-gala'

export const common = (id: string, version = 1): Row & { id: string } => ({
  id,
  version,
  schema_version: '1.0.0',
  validation_status: 'valid',
  validation_errors: [],
  correlation_id: 'corr-20251002-10152',
  created_at: ago(3000),
  updated_at: ago(42),
  created_by: 'dev-user',
})
export const brief = (id: string, title: string, state: string, rest: Row): Row => ({
  ...common(id, 3),
  title,
  date_range_start: at(40, 8),
  date_range_end: at(41, 17),
  audience_size: 200,
  event_type: 'conference',
  objectives: 'Bring 200 practitioners together, show what works in production and win ten partners for a pilot.',
  constraints: 'Budget 50,000 USD. Berlin, step-free access, vegetarian catering.',
  assumptions: ['The venue offers streaming on site.', 'Speakers pay their own travel.'],
  lifecycle_state: state,
  instruction_level: 'Intermediate',
  outcome: null,
  closed_at: null,
  ...rest,
})
export const briefs: Row[] = [
  brief(SUMMIT, 'AI Summit 2025', 'Budget', {}),
  brief(MEETUP, 'Developer Meetup Q4 2025', 'Execute', {
    audience_size: 30,
    event_type: 'meetup',
    date_range_start: at(0, 0),
    date_range_end: at(0, 23),
  }),
  brief(GALA, 'Winter gala of the children’s hospital', 'Initiate', { audience_size: 320, event_type: 'gala' }),
  brief('evt-20250101-spring-workshop', 'Spring workshop', 'Postmortem', {
    event_type: 'workshop',
    closed_at: ago(9000),
    outcome: 'completed',
  }),
]
export const of = (id: string | undefined) => briefs.find((one) => one.id === id)
