import { at, common, of, type Row, SUMMIT } from './planning-base.ts'

export const gate = (code: string, passed: boolean, message: string): Row => ({
  gate: 'budget_decision',
  check: code.toLowerCase(),
  code,
  passed,
  message,
})
export const gateResults = [
  gate('BUDGET_BASELINE_NOT_FOUND', true, ''),
  gate('COST_MODEL_NOT_FOUND', true, ''),
  gate('BUDGET_DECISION_NOT_FOUND', true, ''),
  gate('BUDGET_APPROVAL_MISSING', false, 'BudgetDecision has no recorded approval'),
  gate('BUDGET_CHANGES_UNDOCUMENTED', true, ''),
  gate('BUDGET_VARIANCE_EXCEEDED', false, 'Cost variance 6.2% exceeds 5%'),
]
export const gates = (id: string): Row => {
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

export const task = (
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
export const taskId = (n: number) => `task-tl-${SUMMIT}-${String(n).padStart(3, '0')}`
export const tasks = [
  task(1, 'Agree objectives and sponsors', -30, -22, 'Completed'),
  task(2, 'Shortlist and visit venues', -22, -8, 'Completed', [1]),
  task(3, 'Sign the venue', -6, -1, 'In Progress', [2], { owner: 'Venue Researcher Agent' }),
  task(4, 'Open registration', 2, 6, 'Not Started', [3]),
  task(5, 'Book speakers', -10, 12, 'In Progress', [1], { slack: 6.5, dependency_warning: true }),
  task(6, 'Order catering', 14, 20, 'Blocked', [3], { owner: 'Catering Coordinator Agent', slack: 8 }),
  task(7, 'Programme and rooms', 12, 26, 'Not Started', [4, 5]),
  task(8, 'Rehearsal', 38, 39, 'Not Started', [6, 7]),
]
export const date = (days: number) => at(days).slice(0, 10)
export const timeline = {
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
export const CRIT = `vc-${SUMMIT}`
export const venue = (n: number, name: string, capacity: number, cost: number, score: number, rest: Row = {}): Row => ({
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
export const venues = [
  venue(1, 'Spree Forum', 260, 24_000, 0.82, { status: 'selected' }),
  venue(2, 'Kraftwerk Hall', 420, 29_500, 0.74, {
    budget_fit: false,
    exception_rationale: 'Only hall with a second stage',
  }),
  venue(3, 'Haus am Ufer', 220, 18_500, 0.7),
]
export const scorecard = {
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
