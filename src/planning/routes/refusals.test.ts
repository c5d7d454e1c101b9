import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../test/_app.ts'
import { planningModule } from '../index.ts'
import {
  BASELINE,
  BRIEF,
  CONTRACT,
  COST,
  CRITERIA,
  fullEvent,
  line,
  newEvent,
  REQUIREMENTS,
  ROSTER,
  SCHEDULE,
  TASK,
  TIMELINE,
  venue,
  type Walk,
} from './_scenario.ts'

let t: TestApp
let full: Walk
beforeAll(async () => {
  t = await testApp([planningModule])
  full = await fullEvent(t)
})
afterAll(() => t[Symbol.asyncDispose]())

const code = ({ status, body }: { status: number; body: any }) => `${status} ${body?.error ?? ''}`.trim()

type Refusal = [what: string, path: string, body: unknown, expected: string, where?: 'fresh' | 'planned' | 'full']
const scorecard = (weights: number[], more: object = {}) => ({
  criteria_weights: weights.map((weight, n) => ({ criterion: `C${n}`, weight })),
  candidate_scores: [{ venue_id: 'vs-none', scores: {} }],
  ...more,
})
const REFUSALS: Refusal[] = [
  ['a blank must-have', 'requirements', { ...REQUIREMENTS, must_haves: [' '] }, '400 VALIDATION_ERROR'],
  ['no must-have', 'requirements', { ...REQUIREMENTS, must_haves: [] }, '400 VALIDATION_ERROR'],
  [
    'no owner',
    'stakeholder-map',
    { stakeholders: [{ name: 'A', role: 'Guest', email: 'a@example.org' }] },
    '400 OWNER_REQUIRED',
  ],
  ['no stakeholder', 'stakeholder-map', { stakeholders: [] }, '400 OWNER_REQUIRED'],
  [
    'a phase that ends early',
    'timeline',
    { ...TIMELINE, phases: [{ name: 'P', start: '2025-11-02', end: '2025-11-01' }] },
    '400 VALIDATION_ERROR',
  ],
  [
    'a milestone too late',
    'timeline',
    { ...TIMELINE, milestones: [{ name: 'M', date: '2026-03-01' }] },
    '400 MILESTONE_OUT_OF_RANGE',
  ],
  [
    'an unknown milestone',
    'timeline',
    { ...TIMELINE, milestones: [{ name: 'M', date: '2025-11-01', dependencies: ['X'] }] },
    '400 UNKNOWN_REFERENCE',
  ],
  ['an unknown path entry', 'timeline', { ...TIMELINE, critical_path: ['X'] }, '400 UNKNOWN_REFERENCE'],
  [
    'milestones in a circle',
    'timeline',
    {
      ...TIMELINE,
      milestones: [
        { name: 'A', date: '2025-11-01', dependencies: ['B'] },
        { name: 'B', date: '2025-11-01', dependencies: ['A'] },
      ],
    },
    '400 CIRCULAR_DEPENDENCY',
  ],
  ['a task before the timeline', 'tasks', TASK, '400 MISSING_PARENT_ARTIFACT'],
  ['a task of an unknown owner', 'tasks', { ...TASK, owner: 'Bob' }, '400 OWNER_INVALID', 'full'],
  ['a task that ends at its start', 'tasks', { ...TASK, end_date: TASK.start_date }, '400 VALIDATION_ERROR', 'full'],
  ['a task on an unknown one', 'tasks', { ...TASK, dependencies: ['task-x'] }, '400 UNKNOWN_REFERENCE', 'full'],
  [
    'a wrong rating',
    'risks',
    { description: 'R', probability: 'low', impact: 'high', rating: 7, owner: 'ada', mitigation_strategies: ['x'] },
    '400 RATING_INCONSISTENT',
  ],
  [
    'a high risk without mitigation',
    'risks',
    { description: 'R', probability: 'low', impact: 'high', owner: 'ada' },
    '400 MITIGATION_REQUIRED',
  ],
  ['criteria below the audience', 'venue-criteria', { ...CRITERIA, min_capacity: 19 }, '400 CAPACITY_BELOW_AUDIENCE'],
  ['criteria upside down', 'venue-criteria', { ...CRITERIA, max_capacity: 19 }, '400 VALIDATION_ERROR'],
  ['a lead before criteria', 'venue-leads', { venue_name: 'A', source: 'directory' }, '400 MISSING_PARENT_ARTIFACT'],
  ['a lead twice', 'venue-leads', { venue_name: 'a', source: 'directory' }, '400 VALIDATION_ERROR', 'full'],
  ['a small venue', 'venue-shortlist', venue('S', { capacity: 19 }), '400 VENUE_CAPACITY_BELOW_MINIMUM', 'full'],
  ['a dear venue', 'venue-shortlist', venue('D', { cost_estimate: 301 }), '400 VENUE_OUT_OF_BUDGET', 'full'],
  ['a venue twice', 'venue-shortlist', venue('a'), '400 VALIDATION_ERROR', 'full'],
  ['a scorecard before venues', 'venue-scorecard', scorecard([1]), '400 MISSING_PARENT_ARTIFACT'],
  ['weights of 0.9', 'venue-scorecard', scorecard([0.5, 0.4]), '400 WEIGHTS_SUM_INVALID', 'full'],
  ['weights of 1.1', 'venue-scorecard', scorecard([0.5, 0.6]), '400 WEIGHTS_SUM_INVALID', 'full'],
  ['scores of an unknown venue', 'venue-scorecard', scorecard([1]), '400 UNKNOWN_REFERENCE', 'full'],
  [
    'a hold of an unknown venue',
    'venue-availability',
    { shortlist_id: 'x', dates: [{ start: BRIEF.date_range_start, end: BRIEF.date_range_end, available: true }] },
    '400 UNKNOWN_REFERENCE',
    'full',
  ],
  [
    'allocations that miss the total',
    'budget-baseline',
    { ...BASELINE, total_budget: 501 },
    '400 ALLOCATION_SUM_INVALID',
  ],
  ['three decimals', 'budget-baseline', { ...BASELINE, total_budget: 500.001 }, '400 VALIDATION_ERROR'],
  ['a cost model before the baseline', 'cost-model', COST, '400 MISSING_PARENT_ARTIFACT'],
  [
    'a line that does not multiply',
    'cost-model',
    { line_items: [line('Venue', 10, { total: 11 })] },
    '400 LINE_TOTAL_MISMATCH',
    'full',
  ],
  ['a decision before costs', 'budget-decision', { approved_total: 1 }, '400 MISSING_PARENT_ARTIFACT'],
  [
    'a decision on an unknown change',
    'budget-decision',
    { approved_total: 1, change_log_ids: ['x'] },
    '400 UNKNOWN_REFERENCE',
    'full',
  ],
  ['a contract before the baseline', 'vendor-contracts', CONTRACT, '400 MISSING_PARENT_ARTIFACT'],
  [
    'a contract over its category',
    'vendor-contracts',
    { ...CONTRACT, vendor_name: 'V', terms: { ...CONTRACT.terms, total_cost: 11 } },
    '400 CONTRACT_OVER_ALLOCATION',
    'full',
  ],
  ['a vendor twice', 'vendor-contracts', CONTRACT, '400 VALIDATION_ERROR', 'full'],
  [
    'an SLA nobody can measure',
    'vendor-contracts',
    { ...CONTRACT, vendor_name: 'V', sla: [{ metric: 'Speed', target: 'fast' }] },
    '400 VALIDATION_ERROR',
    'full',
  ],
  [
    'a plan of unknown tasks',
    'logistics-plan',
    { workflows: [{ workflow: 'W', steps: ['s'], task_ids: ['x'] }] },
    '400 UNKNOWN_REFERENCE',
  ],
  ['a schedule before the plan', 'schedule', SCHEDULE, '400 MISSING_PARENT_ARTIFACT'],
  [
    'sessions that overlap',
    'schedule',
    { sessions: SCHEDULE.sessions.map((one) => ({ ...one, start: '2025-11-15T18:00:00Z' })) },
    '400 RESOURCE_CONFLICT',
    'full',
  ],
  [
    'a session after the event',
    'schedule',
    { sessions: [{ ...SCHEDULE.sessions[0], end: '2025-11-15T22:00:00Z' }] },
    '400 SESSION_OUT_OF_RANGE',
    'full',
  ],
  [
    'an assignment outside availability',
    'resource-roster',
    { resources: [{ ...ROSTER.resources[0], availability: [] }] },
    '400 RESOURCE_CONFLICT',
    'full',
  ],
  [
    'a scenario without known tasks',
    'contingency-plan',
    { scenarios: [{ scenario: 'S', trigger: 'T', response: 'R', owner: 'ada', task_ids: ['x'] }] },
    '400 UNKNOWN_REFERENCE',
    'full',
  ],
  [
    'a change of the system',
    'changes',
    {
      change_type: 'lifecycle_transition',
      description: 'd',
      impact: 'i',
      impacted_artifacts: [{ artifact_type: 'EventBrief', artifact_id: 'x' }],
    },
    '400 VALIDATION_ERROR',
  ],
  [
    'a change of nothing that exists',
    'changes',
    {
      change_type: 'other',
      description: 'd',
      impact: 'i',
      impacted_artifacts: [{ artifact_type: 'EventBrief', artifact_id: 'x' }],
    },
    '400 UNKNOWN_REFERENCE',
  ],
  ['feedback before the event', 'feedback', { respondent_role: 'Guest', rating: 5 }, '409 LIFECYCLE_LOCKED'],
]

describe('refusals', () => {
  it.each(REFUSALS)('%s is refused', async (_what, path, body, expected, where = 'fresh') => {
    const event = where === 'fresh' ? await newEvent(t) : full
    const answer = await t.call('POST', event.url(path), body)
    expect(code(answer), JSON.stringify(answer.body)).toBe(expected)
    expect(answer.body.message).toBeTruthy()
    expect(answer.body.correlation_id).toBe(answer.headers['x-correlation-id'])
  })
  it.each([
    ['end before start', { date_range_end: '2025-11-15T17:00:00Z' }, 'date_range_end'],
    ['zero audience', { audience_size: 0 }, 'audience_size'],
    ['negative audience', { audience_size: -5 }, 'audience_size'],
    ['an unknown type', { event_type: 'rave' }, 'event_type'],
    ['a blank title', { title: ' ' }, 'title'],
    ['no objectives', { objectives: undefined }, 'objectives'],
  ])('an event with %s is refused', async (_what, change, field) => {
    const answer = await t.call('POST', '/api/event-briefs', { ...BRIEF, ...change })
    expect(code(answer)).toBe('400 VALIDATION_ERROR')
    expect(answer.body.details.fields[0].field).toBe(field)
  })
})
