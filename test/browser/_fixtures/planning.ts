import type { FixtureRoute } from '../_fixture-server.ts'

const NOW = Date.now()
const DAY = 86_400_000
const at = (days: number, hour = 9, minute = 0) => {
  const day = new Date(NOW + days * DAY)
  day.setUTCHours(hour, minute, 0, 0)
  return day.toISOString().replace('.000Z', 'Z')
}
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString()
type Row = Record<string, unknown>
export const SUMMIT = 'evt-20251002-ai-summit-2025'
export const MEETUP = 'evt-20251002-developer-meetup-q4-2025'
export const GALA = 'evt-20251002-winter-gala'

const common = (id: string, version = 1): Row & { id: string } => ({
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
const brief = (id: string, title: string, state: string, rest: Row): Row => ({
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
const briefs: Row[] = [
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
const of = (id: string | undefined) => briefs.find((one) => one.id === id)

const gate = (code: string, passed: boolean, message: string): Row => ({
  gate: 'budget_decision',
  check: code.toLowerCase(),
  code,
  passed,
  message,
})
const gateResults = [
  gate('BUDGET_BASELINE_NOT_FOUND', true, ''),
  gate('COST_MODEL_NOT_FOUND', true, ''),
  gate('BUDGET_DECISION_NOT_FOUND', true, ''),
  gate('BUDGET_APPROVAL_MISSING', false, 'BudgetDecision has no recorded approval'),
  gate('BUDGET_CHANGES_UNDOCUMENTED', true, ''),
  gate('BUDGET_VARIANCE_EXCEEDED', false, 'Cost variance 6.2% exceeds 5%'),
]
const gates = (id: string): Row => {
  const state = String(of(id)?.lifecycle_state)
  const next = { Budget: 'Logistics', Execute: 'Postmortem', Initiate: 'Plan' }[state] ?? null
  const open = state === 'Initiate'
  return {
    event_brief_id: id,
    current_state: state,
    next_state: next,
    passed: open,
    missing_artifacts: [],
    failed_gates: open ? [] : ['budget_decision: BudgetDecision has no recorded approval'],
    gate_results: next === null ? [] : open ? gateResults.map((one) => ({ ...one, passed: true })) : gateResults,
  }
}

const task = (
  n: number,
  title: string,
  from: number,
  to: number,
  status: string,
  deps: number[] = [],
  rest: Row = {},
): Row => ({
  ...common(taskId(n)),
  timeline_id: `tl-${SUMMIT}`,
  title,
  description: title,
  owner: 'Event Planner Agent',
  status,
  start_date: at(from),
  end_date: at(to, 17),
  dependencies: deps.map(taskId),
  milestone_id: null,
  estimated_hours: 12,
  completed_at: null,
  planned_end_date: at(to, 17),
  slack: 0,
  dependency_warning: false,
  ...rest,
})
const taskId = (n: number) => `task-tl-${SUMMIT}-${String(n).padStart(3, '0')}`
const tasks = [
  task(1, 'Agree objectives and sponsors', -30, -22, 'Completed'),
  task(2, 'Shortlist and visit venues', -22, -8, 'Completed', [1]),
  task(3, 'Sign the venue', -6, -1, 'In Progress', [2], { owner: 'Venue Researcher Agent' }),
  task(4, 'Open registration', 2, 6, 'Not Started', [3]),
  task(5, 'Book speakers', -10, 12, 'In Progress', [1], { slack: 6.5, dependency_warning: true }),
  task(6, 'Order catering', 14, 20, 'Blocked', [3], { owner: 'Catering Coordinator Agent', slack: 8 }),
  task(7, 'Programme and rooms', 12, 26, 'Not Started', [4, 5]),
  task(8, 'Rehearsal', 38, 39, 'Not Started', [6, 7]),
]
const date = (days: number) => at(days).slice(0, 10)
const timeline = {
  ...common(`tl-${SUMMIT}`, 2),
  event_brief_id: SUMMIT,
  phases: [
    { name: 'Planning', start: date(-30), end: date(6) },
    { name: 'Production', start: date(7), end: date(39) },
  ],
  milestones: [
    { id: 'milestone-1', name: 'Venue confirmed', date: date(-1), dependencies: [taskId(3)] },
    { id: 'milestone-2', name: 'Programme published', date: date(26), dependencies: [taskId(7)] },
  ],
  critical_path: [1, 2, 3, 4, 7, 8].map(taskId),
  computed_critical_path: [1, 2, 3, 4, 7, 8].map(taskId),
  has_milestones: true,
  has_dependencies: true,
  has_critical_path: true,
  has_orphan_tasks: false,
  baseline_end: date(39),
  forecast_end: date(41),
}
const CRIT = `vc-${SUMMIT}`
const venue = (n: number, name: string, capacity: number, cost: number, score: number, rest: Row = {}): Row => ({
  ...common(`vs-${CRIT}-00${n}`),
  venue_criteria_id: CRIT,
  lead_id: null,
  venue_name: name,
  capacity,
  location: 'Berlin',
  cost_estimate: cost,
  initial_score: score,
  venue_role: 'main',
  amenities: ['streaming', 'step-free', 'wifi 1 Gbit'],
  status: 'active',
  budget_fit: true,
  capacity_fit: true,
  ...rest,
})
const venues = [
  venue(1, 'Spree Forum', 260, 24_000, 0.82, { status: 'selected' }),
  venue(2, 'Kraftwerk Hall', 420, 29_500, 0.74, {
    budget_fit: false,
    exception_rationale: 'Only hall with a second stage',
  }),
  venue(3, 'Haus am Ufer', 220, 18_500, 0.7),
]
const scorecard = {
  ...common(`vsc-${CRIT}`, 2),
  venue_criteria_id: CRIT,
  criteria_weights: [
    { criterion: 'cost', weight: 0.3 },
    { criterion: 'capacity', weight: 0.2 },
    { criterion: 'accessibility', weight: 0.25 },
    { criterion: 'location', weight: 0.25 },
  ],
  candidate_scores: [
    {
      venue_id: venues[0]?.id,
      scores: { cost: 0.7, capacity: 0.8, accessibility: 0.95, location: 0.9 },
      total: 0.8325,
      rank: 1,
    },
    {
      venue_id: venues[2]?.id,
      scores: { cost: 0.95, capacity: 0.6, accessibility: 0.7, location: 0.75 },
      total: 0.7675,
      rank: 2,
    },
    {
      venue_id: venues[1]?.id,
      scores: { cost: 0.4, capacity: 1, accessibility: 0.8, location: 0.8 },
      total: 0.72,
      rank: 3,
    },
  ],
  selected_venue_id: venues[0]?.id,
  selection_rationale:
    'Spree Forum leads with 0.83 against 0.77 and 0.72: best access and location at 24,000 USD, 48 % of the budget.',
  weights_sum_valid: true,
  all_candidates_scored: true,
  rationale_captured: true,
}
const allocations: [string, number, number][] = [
  ['Venue', 25_000, 0.5],
  ['Catering', 12_500, 0.25],
  ['AV', 5000, 0.1],
  ['Marketing', 2500, 0.05],
  ['Contingency', 5000, 0.1],
]
const baseline = {
  ...common(`bud-${SUMMIT}`),
  event_brief_id: SUMMIT,
  total_budget: 50_000,
  currency: 'USD',
  category_allocations: allocations.map(([category, allocated, percentage]) => ({ category, allocated, percentage })),
  assumptions: 'Prices include tax.',
}
const line = (category: string, item: string, quantity: number, unit: number, rest: Row = {}): Row => ({
  category,
  item,
  quantity,
  unit_cost: unit,
  total: quantity * unit,
  ...rest,
})
const costs = {
  ...common(`cost-bud-${SUMMIT}`, 2),
  budget_baseline_id: baseline.id,
  line_items: [
    line('Venue', 'Spree Forum, two days', 2, 12_000, { list_unit_cost: 13_600, actual_total: 12_000 }),
    line('Catering', 'Lunch and coffee', 400, 36, { list_unit_cost: 40.9 }),
    line('AV', 'Sound, light, streaming', 1, 6200, { list_unit_cost: 7000, actual_total: 1500 }),
    line('Marketing', 'Campaign', 1, 2500),
    line('Contingency', 'Reserve', 1, 6000, { is_reserve: true }),
  ],
  variance_rules: { max_variance_percent: 5, require_approval_threshold: 1000 },
  total_cost: 53_100,
  variance_amount: 3100,
  variance_percent: 6.2,
  within_variance: false,
  category_variances: [],
  savings: { amount: 5960, percent: 11.2, actions: [] },
  reserve: { amount: 6000, exposure: 3600, adequacy_percent: 100 },
  mitigation_options: [
    {
      kind: 'negotiation',
      description: 'One-day stage instead of two',
      saving: 2200,
      trade_off: 'No second stage on day 2',
      rank: 1,
    },
    { kind: 'scope_reduction', description: 'Coffee without pastry', saving: 900, trade_off: 'Less comfort', rank: 2 },
  ],
}
const decision = {
  ...common(`bdec-cost-bud-${SUMMIT}`),
  cost_model_id: costs.id,
  approved_total: 53_100,
  status: 'pending_approval',
  approved_date: null,
  approvals: [],
  change_log_ids: [],
  over_budget: true,
  rationale: 'Sound and reserve exceed the plan by 3,100 USD (6.2 %); savings of 11.2 % were negotiated.',
}
const session = (
  id: string,
  title: string,
  day: number,
  from: number,
  to: number,
  location: string,
  rest: Row = {},
): Row => ({
  id,
  title,
  start: at(day, Math.floor(from), (from % 1) * 60),
  end: at(day, Math.floor(to), (to % 1) * 60),
  location,
  resources: [],
  track: null,
  owner: 'Logistics Coordinator Agent',
  ...rest,
})
const schedule = {
  ...common(`sch-lp-${SUMMIT}`),
  logistics_plan_id: `lp-${SUMMIT}`,
  has_resource_conflicts: true,
  sessions: [
    session('s1', 'Opening', 40, 9, 10, 'Main hall'),
    session('s2', 'Agents in production', 40, 10, 11.5, 'Main hall', { track: 'Practice', resources: ['Camera'] }),
    session('s3', 'Evaluating models', 40, 10, 11.5, 'Room 2', { track: 'Research' }),
    session('s4', 'Partner round', 40, 11, 12.5, 'Room 2', { track: 'Business' }),
    session('s5', 'Lunch', 40, 12.5, 13.5, 'Foyer'),
    session('s6', 'Workshop', 41, 9, 12, 'Room 2'),
    session('s7', 'Closing', 41, 15, 16, 'Main hall'),
  ],
}
const now = new Date(NOW)
const h = now.getUTCHours() + now.getUTCMinutes() / 60
const today = {
  ...schedule,
  has_resource_conflicts: false,
  sessions: [
    session('m1', 'Registration', 0, Math.max(0, h - 2), Math.max(0.5, h - 1), 'Foyer'),
    session('m2', 'Talks', 0, Math.max(0.5, h - 0.5), Math.min(23.5, h + 0.75), 'Hall'),
    session('m3', 'Networking', 0, Math.min(23.5, h + 0.75), Math.min(23.9, h + 2), 'Foyer'),
  ],
}
const plan = {
  ...common(`lp-${SUMMIT}`),
  event_brief_id: SUMMIT,
  workflows: [
    {
      workflow: 'Registration',
      steps: ['Set up desks', 'Print badges', 'Open doors'],
      owner: 'Logistics Coordinator Agent',
      resources: [],
      task_ids: [taskId(4)],
    },
    {
      workflow: 'Catering',
      steps: ['Confirm menu', 'Deliver', 'Serve'],
      owner: 'Catering Coordinator Agent',
      resources: [],
      task_ids: [taskId(6)],
    },
  ],
  resource_ids: ['res-001'],
  vendor_ids: [],
  layouts: [
    { area: 'Main hall', layout: 'theater', capacity: 220 },
    { area: 'Room 2', layout: 'classroom', capacity: 60 },
  ],
  policies: '',
  catering: {
    menu_style: 'buffet',
    service_type: 'full_service',
    cost_per_person: 36,
    total_cost: 14_400,
    dietary_accommodations: ['vegetarian', 'vegan', 'gluten-free'],
    sample_menu_items: ['Lentil curry', 'Market salad'],
    includes_beverages: true,
    includes_dessert: true,
    setup_included: true,
  },
  workflows_linked_to_tasks: true,
  contingency_triggers_defined: true,
  owners_assigned: true,
}
const roster = {
  ...common(`rr-lp-${SUMMIT}`),
  resources: [
    {
      id: 'res-001',
      type: 'Person',
      name: 'Stage manager',
      role: 'stage',
      quantity: 1,
      availability: [],
      assignments: [{}],
    },
    { id: 'res-002', type: 'Equipment', name: 'Camera', quantity: 2, availability: [], assignments: [{}, {}] },
  ],
}
const RISK = `risk-${SUMMIT}`
const risk = (
  n: number,
  description: string,
  probability: string,
  impact: string,
  rating: number,
  status: string,
): Row => ({
  ...common(`${RISK}-00${n}`),
  type: 'risk',
  event_brief_id: SUMMIT,
  description,
  owner: 'Event Planner Agent',
  probability,
  impact,
  rating,
  rating_methodology: 'probability (1-5) * impact (1-5)',
  mitigation_strategies: ['Hold a second venue until six weeks before', 'Cancellation clause with 30 days notice'],
  status,
  cost_impact: n === 1 ? 6000 : null,
  incident_ids: [],
})
const risks = [
  risk(1, 'Venue cancels within 30 days', 'low', 'high', 8, 'mitigated'),
  risk(2, 'Keynote speaker falls ill', 'medium', 'high', 12, 'mitigated'),
  risk(3, 'Fewer guests than planned', 'medium', 'medium', 9, 'open'),
  risk(4, 'Wifi is overloaded', 'high', 'very_high', 20, 'open'),
]
const contingency = {
  ...common(`cp-lp-${SUMMIT}`),
  scenarios: [
    {
      scenario: 'Venue cancellation',
      trigger: 'the venue withdraws',
      trigger_key: 'venue_cancellation',
      response: 'Move to the backup venue and inform guests within 2 hours.',
      owner: 'Venue Researcher Agent',
      task_ids: [taskId(3)],
      risk_ids: [`${RISK}-001`],
      severity_threshold: 'high',
      target_resolution_minutes: 15,
    },
    {
      scenario: 'Speaker drops out',
      trigger: 'a keynote is cancelled',
      trigger_key: 'speaker_dropout',
      response: 'Pull the panel forward and call the reserve speaker.',
      owner: 'Event Planner Agent',
      task_ids: [taskId(5)],
      risk_ids: [`${RISK}-002`],
      severity_threshold: 'medium',
      target_resolution_minutes: 15,
    },
  ],
}
const incidents: Row[] = [
  {
    id: `inc-${MEETUP}-001`,
    event_brief_id: MEETUP,
    title: 'Projector in the hall is dead',
    kind: 'equipment_failure',
    severity: 'high',
    description: '',
    status: 'responding',
    occurred_at: ago(7),
    resolved_at: null,
    resolution: null,
    resolution_minutes: null,
    risk_id: null,
    injected: false,
  },
  {
    id: `inc-${MEETUP}-002`,
    event_brief_id: MEETUP,
    title: 'Badges ran out',
    kind: 'other',
    severity: 'low',
    description: '',
    status: 'resolved',
    occurred_at: ago(60),
    resolved_at: ago(51),
    resolution: 'Printed on site',
    resolution_minutes: 9,
    risk_id: null,
    injected: false,
  },
]
const decisions = [
  {
    ...common(`dec-${SUMMIT}-002`),
    type: 'decision',
    timestamp: ago(200),
    owner: 'Venue Researcher Agent',
    description: 'Spree Forum selected',
    decision_type: 'venue_selection',
    rationale: 'Total 0.83 against 0.77 and 0.72.',
    alternatives_considered: [
      { option: 'Haus am Ufer', score: 0.77, pros: ['5,500 USD cheaper'], cons: ['30 places spare only'] },
      { option: 'Kraftwerk Hall', score: 0.72, pros: ['Second stage'], cons: ['Over the range'] },
    ],
    impacted_artifacts: [{ artifact_type: 'VenueScorecard', artifact_id: scorecard.id, version: 2 }],
    approvals: [],
    session_id: 'session-001',
    agent_name: 'venue-researcher',
    instruction_level: 'Intermediate',
    instruction_set_version: '1.0.0',
  },
  {
    ...common(`dec-${SUMMIT}-001`),
    type: 'decision',
    timestamp: ago(900),
    owner: 'dev-user',
    description: 'Gate to Research passed',
    decision_type: 'gate_passed',
    rationale: 'All 8 checks passed.',
    alternatives_considered: [],
    impacted_artifacts: [],
    approvals: [{ approver: 'Rana Okafor', status: 'approved', timestamp: ago(900) }],
    session_id: null,
    agent_name: null,
    instruction_level: null,
    instruction_set_version: null,
  },
]
const changes = [
  {
    ...common(`change-${SUMMIT}-003`),
    type: 'change',
    change_type: 'budget_adjustment',
    description: 'Sound and streaming raised to 6,200 USD',
    impact: 'Cost variance rises from 3.8 % to 6.2 %',
    date: ago(120),
    impacted_artifacts: [{ artifact_type: 'CostModel', artifact_id: costs.id, version: 2 }],
    affected_agents: [],
    approvals: [{ approver: 'Rana Okafor', status: 'pending', requested_at: ago(120) }],
    amount: 1200,
    initiated_by: 'Budget Analyst Agent',
    relates_to: null,
  },
]
const approvals: Row[] = [
  {
    approval_id: `apr-${SUMMIT}-001`,
    approval_type: 'budget_decision',
    event_brief_id: SUMMIT,
    artifact_id: decision.id,
    artifact_type: 'BudgetDecision',
    artifact_version: 1,
    status: 'pending',
    requested_at: ago(95),
    requested_by: 'Budget Analyst Agent',
    due_at: at(1),
    escalation_level: 1,
    covers: [{ artifact_type: 'VenueShortlist', artifact_id: venues[0]?.id, version: 1 }],
    details: {
      approved_total: 53_100,
      total_budget: 50_000,
      currency: 'USD',
      variance_amount: 3100,
      variance_percent: 6.2,
      over_budget: true,
      allocations: allocations.map(([category, allocated]) => ({ category, allocated })),
    },
  },
  {
    approval_id: `apr-${SUMMIT}-002`,
    approval_type: 'venue_selection',
    event_brief_id: SUMMIT,
    artifact_id: scorecard.id,
    artifact_type: 'VenueScorecard',
    artifact_version: 2,
    status: 'pending',
    requested_at: ago(60),
    requested_by: 'Venue Researcher Agent',
    due_at: at(1),
    escalation_level: 0,
    covers: [],
    details: {
      venue_name: 'Spree Forum',
      cost_estimate: 24_000,
      currency: 'USD',
      ranking: [
        { venue: 'Spree Forum', total: 0.83 },
        { venue: 'Haus am Ufer', total: 0.77 },
        { venue: 'Kraftwerk Hall', total: 0.72 },
      ],
    },
  },
]
const runs: Row[] = [
  {
    session_id: 'session-001',
    event_brief_id: SUMMIT,
    status: 'in_progress',
    waiting_on: { kind: 'question', id: 'q-session-001-001', since: ago(2) },
    partial: false,
    instruction_level: 'Intermediate',
    target_phase: 'Confirm',
    interaction_mode: 'collaborative',
    current_agent: 'Budget Analyst Agent',
    engine: 'rules',
    lifecycle_state: 'Budget',
    artifacts_generated: [],
    agents: [
      { agent_name: 'event-planner', state: 'idle' },
      { agent_name: 'venue-researcher', state: 'idle' },
      { agent_name: 'budget-analyst', state: 'waiting_input' },
    ],
    errors: [],
    started_at: ago(14),
    completed_at: null,
    expires_at: at(1),
  },
  {
    session_id: 'session-000',
    event_brief_id: MEETUP,
    status: 'completed',
    waiting_on: null,
    partial: false,
    instruction_level: 'Beginner',
    target_phase: 'Confirm',
    interaction_mode: 'autonomous',
    current_agent: null,
    engine: 'rules',
    lifecycle_state: 'Execute',
    artifacts_generated: [],
    agents: [],
    errors: [],
    started_at: ago(4000),
    completed_at: ago(3990),
    expires_at: null,
  },
]
const wire = (seq: number, minutes: number, type: string, rest: Row): Row => ({
  type,
  seq,
  session_id: 'session-001',
  event_brief_id: SUMMIT,
  timestamp: ago(minutes),
  correlation_id: 'corr-1',
  ...rest,
})
const stream: Row[] = [
  wire(1, 13, 'agent_message', {
    message_id: 'm1',
    agent_name: 'Event Planner Agent',
    role: 'agent',
    state: 'idle',
    content:
      'Two days, **200 people**, Berlin, 50,000 USD. I plan backwards from the opening and hand the search for a venue over.',
    final: true,
  }),
  wire(2, 12, 'handoff', { from_agent: 'Event Planner Agent', to_agent: 'Venue Researcher Agent', artifacts: [] }),
  wire(3, 11, 'tool_call', {
    call_id: 'c1',
    agent_name: 'Venue Researcher Agent',
    state: 'thinking',
    tool_name: 'venue_search',
    arguments: { city: 'Berlin', capacity: 200 },
  }),
  wire(4, 11, 'tool_result', { call_id: 'c1', result: [{ venue: 'Spree Forum', capacity: 260 }], duration_ms: 840 }),
  wire(5, 9, 'agent_message', {
    message_id: 'm2',
    agent_name: 'Venue Researcher Agent',
    role: 'agent',
    state: 'idle',
    content: 'Spree Forum leads with **0.83**, Haus am Ufer 0.77, Kraftwerk Hall 0.72.',
    final: true,
  }),
  wire(6, 9, 'artifact_generated', {
    agent_name: 'Venue Researcher Agent',
    artifact_type: 'VenueScorecard',
    artifact_id: scorecard.id,
    version: 2,
    validation_status: 'valid',
  }),
  wire(7, 5, 'agent_status', {
    agent_name: 'Budget Analyst Agent',
    state: 'waiting_input',
    current_task: 'Choose a budget strategy',
    progress_percentage: 60,
  }),
  wire(8, 4, 'approval_requested', {
    agent_name: 'Budget Analyst Agent',
    approval_id: `apr-${SUMMIT}-001`,
    approval_type: 'budget_decision',
    due_at: at(1),
  }),
  wire(9, 2, 'question_asked', {
    question_id: 'q-session-001-001',
    prompt: 'Which budget strategy do you prefer?',
    request_type: 'selection',
    question_type: 'multiple_choice',
    options: ['Venue first: 65 / 20 / 15', 'Balanced: 55 / 30 / 15', 'Experience first: 50 / 35 / 15'],
    requesting_agent: 'Budget Analyst Agent',
  }),
]
/** What the session socket of the fixture sends: a snapshot, then all that is later than the client's number. */
export const planningSocket = {
  path: '/ws/agents/sessions/session-001',
  connect: () => [{ type: 'session_snapshot', seq: 0, timestamp: ago(0), ...runs[0] }],
  message: (body: { type?: string; last_seq?: number }) =>
    body.type === 'resume' ? stream.filter((one) => Number(one.seq) > Number(body.last_seq ?? 0)) : [],
}
const group = (thresholds: Row, values: Row, passed: Row): Row => ({ thresholds, passed, all_passed: true, ...values })
const metrics = {
  planner: group(
    {
      timeline_slippage: { op: 'lte', value: 10, unit: 'percent' },
      risk_coverage: { op: 'gte', value: 90, unit: 'percent' },
    },
    { timeline_slippage: 5.1, risk_coverage: 100 },
    { timeline_slippage: true, risk_coverage: true },
  ),
  venue: group({ budget_fit: { op: 'gte', value: 95, unit: 'percent' } }, { budget_fit: 66.7 }, { budget_fit: false }),
  budget: group(
    { savings_identified: { op: 'gte', value: 10, unit: 'percent' } },
    { savings_identified: 11.2 },
    { savings_identified: true },
  ),
  logistics: group(
    { on_time_task_rate: { op: 'gte', value: 95, unit: 'percent' } },
    { on_time_task_rate: null },
    { on_time_task_rate: null },
  ),
}
const written = ['Requirements', 'StakeholderMap', 'Timeline', 'VenueScorecard', 'BudgetBaseline', 'CostModel'].map(
  (artifact_type, i) => ({
    artifact_type,
    artifact_id: artifact_type === 'CostModel' ? costs.id : `${artifact_type}-${SUMMIT}`,
    version: (i % 2) + 1,
    schema_version: '1.0.0',
    validation_status: 'valid',
    updated_at: ago(40 + i * 20),
  }),
)
const artifacts: Record<string, unknown> = {
  requirements: {
    ...common(`req-${SUMMIT}`),
    functional_requirements: ['Two parallel tracks', 'Live stream'],
    nonfunctional_requirements: ['Step-free access everywhere'],
    must_haves: ['Hall for 200 people', 'Vegetarian catering'],
    nice_to_haves: ['River terrace'],
  },
  'stakeholder-map': {
    ...common(`stk-${SUMMIT}`),
    stakeholders: [
      { name: 'dev-user', role: 'Owner', decision_rights: ['budget_decision', 'venue_selection'] },
      {
        name: 'Rana Okafor',
        role: 'Finance',
        email: 'rana@example.org',
        decision_rights: ['budget_decision', 'vendor_contract'],
      },
    ],
  },
  timeline,
  tasks,
  risks,
  'venue-criteria': {
    ...common(CRIT),
    location_preferences: ['Berlin'],
    required_amenities: ['streaming'],
    accessibility_requirements: ['step-free'],
    min_capacity: 200,
    max_capacity: 300,
    layout_requirements: '',
    budget_range_min: 10_000,
    budget_range_max: 27_500,
  },
  'venue-shortlist': venues,
  'venue-scorecard': scorecard,
  'venue-availability': [],
  'budget-baseline': baseline,
  'cost-model': costs,
  'budget-decision': decision,
  'vendor-contracts': [
    {
      ...common(`vct-${SUMMIT}-spree-forum`),
      event_brief_id: SUMMIT,
      vendor_name: 'Spree Forum',
      service_type: 'venue',
      terms: { start_date: date(39), end_date: date(42), total_cost: 24_000, payment_terms: '30 days' },
      sla: [{ metric: 'Response time', target: '< 60 minutes', penalty: '5% discount' }],
      cancellation_policy: { notice_days: 30, penalty: '50 %' },
      status: 'pending_approval',
    },
  ],
  'logistics-plan': plan,
  schedule,
  'resource-roster': roster,
  'contingency-plan': contingency,
  'contingency-plan/executions': [
    {
      id: 'cpx-1',
      contingency_plan_id: contingency.id,
      incident_id: `inc-${MEETUP}-001`,
      scenario: 'Replace equipment',
      trigger_key: 'equipment_failure',
      status: 'in_progress',
      started_at: ago(6),
    },
  ],
  incidents: [],
  decisions,
  changes,
  artifacts: written,
}
const notFound = (what: string) => ({
  status: 404,
  body: { error: 'NOT_FOUND', message: `${what} not found`, details: {}, correlation_id: 'c' },
})
const EVENT = '^/api/event-briefs/([^/]+)'
const route = (method: string, rest: string, handler: FixtureRoute[2]): FixtureRoute => [
  method,
  new RegExp(rest),
  handler,
]

/** Contract-shaped answers of planning: four events in four states, one run under way, two approvals pending. */
export const planningRoutes: FixtureRoute[] = [
  route('GET', '^/api/event-briefs$', ({ query }) => {
    const data = briefs.filter(
      (one) =>
        (!query.get('lifecycle_state') || one.lifecycle_state === query.get('lifecycle_state')) &&
        (!query.get('event_type') || one.event_type === query.get('event_type')) &&
        String(one.title)
          .toLowerCase()
          .includes((query.get('q') ?? '').toLowerCase()),
    )
    return { body: { data, total: data.length, limit: 24, offset: 0 } }
  }),
  route('POST', '^/api/event-briefs$', ({ body }) => {
    const input = JSON.parse(body) as Row
    const made = brief('evt-20251121-made-here', String(input.title), 'Initiate', { ...input, version: 1 })
    if (!of('evt-20251121-made-here')) briefs.unshift(made)
    return { status: 201, body: made }
  }),
  route('GET', `${EVENT}$`, ({ params }) =>
    of(params[0]) ? { body: of(params[0]) } : notFound(`EventBrief ${params[0]}`),
  ),
  route('DELETE', `${EVENT}$`, ({ params }) => {
    briefs.splice(
      briefs.findIndex((one) => one.id === params[0]),
      1,
    )
    return { status: 204 }
  }),
  route('GET', `${EVENT}/gates$`, ({ params }) => ({ body: gates(String(params[0])) })),
  route('POST', `${EVENT}/transition$`, () => ({
    status: 409,
    body: {
      error: 'PRECONDITIONS_NOT_MET',
      message: 'Quality gate failed: Open incidents',
      missing_artifacts: [],
      failed_gates: [],
      gate_results: [],
      correlation_id: 'c',
    },
  })),
  route('GET', `${EVENT}/(.+)$`, ({ params }) => {
    const [id, name] = [params[0], String(params[1])]
    if (id !== SUMMIT && id !== MEETUP)
      return name === 'artifacts' ||
        /^(tasks|risks|incidents|decisions|changes|venue-shortlist|vendor-contracts)$/.test(name)
        ? { body: [] }
        : notFound(name)
    if (id === MEETUP && name === 'schedule') return { body: today }
    if (id === MEETUP && name === 'incidents') return { body: incidents }
    return name in artifacts ? { body: artifacts[name] } : notFound(name)
  }),
  route('POST', `${EVENT}/(changes|incidents|venue-scorecard|budget-baseline)$`, () => ({
    status: 201,
    body: { id: 'made' },
  })),
  route('PATCH', `${EVENT}.*$`, () => ({ body: {} })),
  route('GET', '^/api/artifacts/([^/]+)/([^/]+)$', ({ params }) => ({
    body: params[0] === 'CostModel' ? costs : { ...common(String(params[1])), note: 'As written by the team.' },
  })),
  route('GET', '^/api/artifacts/([^/]+)/([^/]+)/versions$', () => ({
    body: [{ version: 1, created_at: ago(900), created_by: 'Budget Analyst Agent', change_log_id: null }],
  })),
  route('GET', '^/api/artifacts/([^/]+)/([^/]+)/versions/1$', () => ({
    body: { ...costs, version: 1, total_cost: 51_900 },
  })),
  route('GET', '^/api/metrics/event-briefs/[^/]+$', () => ({ body: metrics })),
  route('GET', '^/api/agents/sessions$', ({ query }) => {
    const data = runs.filter((one) => one.event_brief_id === query.get('event_brief_id'))
    return { body: { data, total: data.length, limit: 50, offset: 0 } }
  }),
  route('GET', '^/api/agents/sessions/([^/]+)$', ({ params }) => ({
    body: runs.find((one) => one.session_id === params[0]),
  })),
  route('GET', '^/api/agents/sessions/([^/]+)/messages$', () => ({
    body: {
      session_id: 'session-001',
      messages: [
        {
          message_id: 'm0',
          role: 'user',
          content: 'Please keep it within 50,000 USD.',
          timestamp: ago(13.5),
          metadata: {},
        },
      ],
      total: 1,
      has_more: false,
    },
  })),
  route('GET', '^/api/agents/sessions/([^/]+)/plan$', () => ({
    body: {
      session_id: 'session-000',
      format: 'markdown',
      plan: '# Developer Meetup Q4 2025\n\n## Executive summary\n\n30 developers, one evening, 479 of 500 USD.\n\n| Part | Cost |\n|---|---|\n| Venue | 250 |\n| Catering | 229 |\n',
      sections: {},
      created_at: ago(3990),
      version: 1,
    },
  })),
  route('POST', '^/api/agents/orchestrate$', () => ({
    status: 202,
    body: { session_id: 'session-001', status: 'in_progress' },
  })),
  route('POST', '^/api/agents/sessions/[^/]+/questions/[^/]+/answer$', () => ({
    body: { status: 'answered', workflow_resumed: true },
  })),
  route('GET', '^/api/approvals/pending$', () => ({ body: approvals.filter((one) => one.status === 'pending') })),
  route('GET', '^/api/approvals$', () => ({
    body: { data: approvals, total: approvals.length, limit: 50, offset: 0 },
  })),
  route('POST', '^/api/approvals/([^/]+)$', ({ params, body }) => {
    const one = approvals.find((approval) => approval.approval_id === params[0])
    const answer = JSON.parse(body) as { decision: string; comments?: string }
    if (one)
      Object.assign(one, {
        status: answer.decision,
        decided_at: ago(0),
        decided_by: 'dev-user',
        comments: answer.comments ?? null,
      })
    return { body: { approval_id: params[0], status: answer.decision, timestamp: ago(0) } }
  }),
]
