import type { FixtureRoute } from '../_fixture-server.ts'
import { ago, brief, briefs, common, MEETUP, of, type Row, SUMMIT } from './planning-base.ts'
import { contingency, incidents, plan, risks, roster, schedule, today } from './planning-day.ts'
import { approvals, changes, decisions, metrics, runs } from './planning-log.ts'
import { baseline, costs, decision } from './planning-money.ts'
import { CRIT, date, gates, scorecard, tasks, timeline, venues } from './planning-plan.ts'

export { MEETUP, SUMMIT } from './planning-base.ts'
export { planningSocket } from './planning-log.ts'

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
  route('GET', '^/api/event-briefs/[^/]+/exports/plan.md$', () => ({
    type: 'text/markdown',
    body: '# AI Summit 2025\n\n## Executive summary\n\nTwo days for 200 people.\n',
  })),
  route('POST', '^/api/event-briefs/[^/]+/change-preview$', () => ({
    body: {
      changes: [
        {
          artifact_type: 'VenueShortlist',
          field: 'Spree Forum: capacity_fit',
          from: true,
          to: false,
          why: 'room for all guests',
        },
      ],
      re_approvals: [
        {
          approval_type: 'venue_selection',
          artifact_id: 'vsc-1',
          why: 'Spree Forum has room for 260: another venue has to be selected and approved',
        },
      ],
    },
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
