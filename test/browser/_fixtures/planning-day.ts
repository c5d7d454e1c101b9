import { ago, at, common, MEETUP, NOW, type Row, SUMMIT } from './planning-base.ts'
import { taskId } from './planning-plan.ts'

export const session = (
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
export const schedule = {
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
export const now = new Date(NOW)
export const h = now.getUTCHours() + now.getUTCMinutes() / 60
export const today = {
  ...schedule,
  has_resource_conflicts: false,
  sessions: [
    session('m1', 'Registration', 0, Math.max(0, h - 2), Math.max(0.5, h - 1), 'Foyer'),
    session('m2', 'Talks', 0, Math.max(0.5, h - 0.5), Math.min(23.5, h + 0.75), 'Hall'),
    session('m3', 'Networking', 0, Math.min(23.5, h + 0.75), Math.min(23.9, h + 2), 'Foyer'),
  ],
}
export const plan = {
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
export const roster = {
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
export const RISK = `risk-${SUMMIT}`
export const risk = (
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
export const risks = [
  risk(1, 'Venue cancels within 30 days', 'low', 'high', 8, 'mitigated'),
  risk(2, 'Keynote speaker falls ill', 'medium', 'high', 12, 'mitigated'),
  risk(3, 'Fewer guests than planned', 'medium', 'medium', 9, 'open'),
  risk(4, 'Wifi is overloaded', 'high', 'very_high', 20, 'open'),
]
export const contingency = {
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
export const incidents: Row[] = [
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
