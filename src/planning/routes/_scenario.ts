import type { Answer, TestApp } from '../../../test/_app.ts'

export const BRIEF = {
  title: 'Developer Meetup Q4 2025',
  date_range_start: '2025-11-15T18:00:00Z',
  date_range_end: '2025-11-15T21:00:00Z',
  audience_size: 20,
  event_type: 'meetup',
  objectives: 'Bring developers of the region together',
  constraints: 'Budget $500; place downtown; step-free access',
}
export const REQUIREMENTS = {
  functional_requirements: ['Talks'],
  nonfunctional_requirements: ['Quiet room'],
  must_haves: ['Projector'],
}
export const TIMELINE = {
  phases: [
    { name: 'Planning', start: '2025-10-18', end: '2025-11-14' },
    { name: 'Event', start: '2025-11-15', end: '2025-11-15' },
  ],
  milestones: [
    { name: 'Scope approved', date: '2025-10-20' },
    { name: 'Venue confirmed', date: '2025-11-01', dependencies: ['Scope approved'] },
  ],
}
export const TASK = {
  title: 'Book the venue',
  description: 'Call and sign',
  owner: 'venue-researcher',
  start_date: '2025-10-20T09:00:00Z',
  end_date: '2025-10-25T17:00:00Z',
  dependencies: [] as string[],
}
export const CRITERIA = { min_capacity: 20, max_capacity: 30, budget_range_min: 0, budget_range_max: 300 }
export const venue = (name: string, more: object = {}) => ({
  venue_name: name,
  capacity: 25,
  location: 'Downtown',
  cost_estimate: 250,
  initial_score: 0.8,
  ...more,
})
export const BASELINE = {
  total_budget: 500,
  category_allocations: [
    { category: 'Venue', allocated: 300, percentage: 0.6 },
    { category: 'Food', allocated: 150, percentage: 0.3 },
    { category: 'Materials', allocated: 50, percentage: 0.1 },
  ],
}
export const line = (category: string, unit: number, more: object = {}) => ({
  category,
  item: `${category} item`,
  quantity: 1,
  unit_cost: unit,
  total: unit,
  ...more,
})
export const COST = { line_items: [line('Venue', 290), line('Food', 145), line('Materials', 44)] }
export const CONTRACT = {
  vendor_name: 'Good Food',
  service_type: 'catering',
  terms: { start_date: '2025-11-15', end_date: '2025-11-15', total_cost: 140 },
  sla: [{ metric: 'Response time', target: '< 60 minutes', penalty: '5%' }],
  cancellation_policy: { notice_days: 7, penalty: '50%' },
}
export const SCHEDULE = {
  sessions: [
    { title: 'Registration', start: '2025-11-15T18:00:00Z', end: '2025-11-15T18:30:00Z', location: 'Hall' },
    { title: 'Talks', start: '2025-11-15T18:30:00Z', end: '2025-11-15T20:00:00Z', location: 'Hall', resources: ['AV'] },
  ],
}
export const ROSTER = {
  resources: [
    {
      type: 'Equipment',
      name: 'AV',
      availability: [{ start: '2025-11-15T17:00:00Z', end: '2025-11-15T22:00:00Z' }],
      assignments: [{ start: '2025-11-15T18:00:00Z', end: '2025-11-15T20:00:00Z' }],
    },
  ],
}

export type Walk = { id: string; url: (path: string) => string; post(path: string, body: unknown): Promise<any> }

/** A new event and short hands for it; `post` fails the test unless the answer is 201. */
export async function newEvent(t: TestApp, brief: object = {}): Promise<Walk> {
  const made = await t.call('POST', '/api/event-briefs', { ...BRIEF, ...brief })
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  const { id } = made.body
  const url = (path: string) => `/api/event-briefs/${id}${path ? `/${path}` : ''}`
  return {
    id,
    url,
    async post(path, body) {
      const answer = await t.call('POST', url(path), body)
      if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
      return answer.body
    },
  }
}

export const move = (t: TestApp, { url }: Walk, target_state: string, more: object = {}): Promise<Answer> =>
  t.call('POST', url('transition'), { target_state, ...more })

/** Plan, venues, budget and logistics of an event, each step as its gate wants it. */
export const STEPS: Record<string, (t: TestApp, event: Walk) => Promise<void>> = {
  async Initiate(_t, event) {
    await event.post('requirements', REQUIREMENTS)
  },
  async Plan(_t, event) {
    await event.post('timeline', TIMELINE)
    const first = await event.post('tasks', TASK)
    await event.post('tasks', {
      ...TASK,
      title: 'Set up',
      start_date: '2025-10-26T09:00:00Z',
      end_date: '2025-10-27T17:00:00Z',
      dependencies: [first.id],
    })
  },
  async Research(_t, event) {
    await event.post('venue-criteria', CRITERIA)
    await event.post('venue-leads', { venue_name: 'A', source: 'directory' })
    const entries = [
      await event.post('venue-shortlist', venue('A')),
      await event.post('venue-shortlist', venue('B', { cost_estimate: 200 })),
      await event.post('venue-shortlist', venue('C')),
    ]
    await event.post('venue-scorecard', {
      criteria_weights: [
        { criterion: 'Location', weight: 0.5 },
        { criterion: 'Cost', weight: 0.5 },
      ],
      candidate_scores: entries.map(({ id }, n) => ({
        venue_id: id,
        scores: { Location: 0.9, Cost: 0.9 - n / 10 },
        total: 0.5,
      })),
      selected_venue_id: entries[0].id,
      selection_rationale: 'Best total 0.9',
    })
  },
  async Budget(t, event) {
    await event.post('budget-baseline', BASELINE)
    await event.post('cost-model', COST)
    await event.post('budget-decision', { approved_total: 479 })
    await approveAll(t, event, 'budget_decision')
  },
  async Logistics(t, event) {
    const tasks = (await t.call('GET', event.url('tasks'))).body
    const workflow = (name: string) => ({
      workflow: name,
      steps: ['Do it'],
      owner: 'logistics-coordinator',
      task_ids: [tasks[0].id],
    })
    await event.post('logistics-plan', { workflows: [workflow('Registration')] })
    await event.post('resource-roster', ROSTER)
    await event.post('schedule', SCHEDULE)
    await event.post('contingency-plan', {
      scenarios: [
        {
          scenario: 'Power cut',
          trigger: 'Lights go out',
          response: 'Use the generator',
          owner: 'logistics-coordinator',
          task_ids: [tasks[0].id],
        },
      ],
    })
  },
  async Confirm(t, event) {
    await approveAll(t, event)
  },
}

/** Approves what waits, of one type or all. */
export async function approveAll(t: TestApp, { id }: Walk, type?: string): Promise<void> {
  const { body } = await t.call('GET', `/api/approvals/pending?event_brief_id=${id}`)
  for (const approval of body)
    if (!type || approval.approval_type === type) {
      const answer = await t.call('POST', `/api/approvals/${approval.approval_id}`, {
        decision: 'approved',
        comments: 'fine',
      })
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
    }
}

const ORDER = ['Initiate', 'Plan', 'Research', 'Budget', 'Logistics', 'Confirm', 'Execute', 'Postmortem']

/** Walks an event up to a state. */
export async function walkTo(t: TestApp, event: Walk, state: string): Promise<void> {
  for (const [index, step] of ORDER.entries()) {
    if (step === state) return
    await STEPS[step]?.(t, event)
    const answer = await move(t, event, ORDER[index + 1]!, step === 'Execute' ? { outcome: 'completed' } : {})
    if (answer.status !== 200) throw new Error(`${step}: ${JSON.stringify(answer.body)}`)
  }
}

/** An event with every artifact, in Logistics. */
export async function fullEvent(t: TestApp): Promise<Walk> {
  const full = await newEvent(t, { title: 'Full' })
  await walkTo(t, full, 'Logistics')
  await STEPS['Logistics']!(t, full)
  const shortlist = (await t.call('GET', full.url('venue-shortlist'))).body
  await full.post('venue-availability', {
    shortlist_id: shortlist[0].id,
    dates: [{ start: BRIEF.date_range_start, end: BRIEF.date_range_end, available: true }],
    hold_status: 'confirmed',
  })
  await full.post('venue-negotiation-notes', { shortlist_id: shortlist[0].id, terms: 'Net 30' })
  await full.post('vendor-contracts', CONTRACT)
  await full.post('communications-plan', {
    communications: [{ audience: 'Owner', channel: 'e-mail', cadence: 'weekly', message: 'Status', owner: 'ada' }],
  })
  await full.post('risks', {
    description: 'Rain',
    probability: 'low',
    impact: 'high',
    owner: 'ada',
    mitigation_strategies: ['Tent'],
  })
  return full
}
