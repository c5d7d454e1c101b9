import { describe, expect, it } from 'vitest'
import type { Board } from '../artifacts/board.ts'
import { LIFECYCLE_STATES, type LifecycleState } from '../schema.ts'
import { completeBoard, EVENT_ID } from './_test-board.ts'
import { ownerResolves } from './owner.ts'
import { nextGate, planTransition } from './transition.ts'

type Break = (board: Board) => void
const a = (board: Board) => board.artifacts
const incident = (severity: 'low' | 'high', status: 'open' | 'resolved') => ({
  id: 'inc-1',
  event_brief_id: EVENT_ID,
  title: 'x',
  kind: 'x',
  severity,
  description: '',
  status,
  occurred_at: '',
  resolved_at: null,
  resolution: null,
  resolution_minutes: null,
  risk_id: null,
  injected: false,
})
const pendingChange = (board: Board) => ({
  ...board.changes[0]!,
  id: 'change-9',
  change_type: 'budget_adjustment' as const,
  approvals: [{ approver: 'ada', status: 'pending' as const, requested_at: '' }],
})

const FAILURES: [state: LifecycleState, code: string, message: string, breaks: Break, missing?: string][] = [
  [
    'Initiate',
    'EVENT_BRIEF_INVALID',
    'EventBrief invalid: date_range_end must be after date_range_start',
    (b) => (b.brief.date_range_end = b.brief.date_range_start),
  ],
  ['Initiate', 'REQUIREMENTS_NOT_FOUND', 'Requirements not found', (b) => (a(b).Requirements = null), 'Requirements'],
  [
    'Initiate',
    'REQUIREMENTS_NO_MUST_HAVES',
    'Requirements have no must-haves',
    (b) => (a(b).Requirements!.must_haves = []),
  ],
  [
    'Initiate',
    'STAKEHOLDER_MAP_NOT_FOUND',
    'StakeholderMap not found',
    (b) => (a(b).StakeholderMap = null),
    'StakeholderMap',
  ],
  [
    'Initiate',
    'STAKEHOLDER_OWNER_MISSING',
    'StakeholderMap has no Owner',
    (b) => (a(b).StakeholderMap!.stakeholders[0]!.role = 'Guest'),
  ],
  ['Plan', 'TIMELINE_NOT_FOUND', 'Timeline not found', (b) => (a(b).Timeline = null), 'Timeline'],
  [
    'Plan',
    'TIMELINE_MISSING_MILESTONES',
    'Timeline missing milestones',
    (b) => (a(b).Timeline!.has_milestones = false),
  ],
  [
    'Plan',
    'TIMELINE_MISSING_DEPENDENCIES',
    'Timeline missing dependencies',
    (b) => (a(b).Timeline!.has_dependencies = false),
  ],
  [
    'Plan',
    'TIMELINE_MISSING_CRITICAL_PATH',
    'Timeline missing critical path',
    (b) => (a(b).Timeline!.has_critical_path = false),
  ],
  ['Plan', 'TIMELINE_ORPHAN_TASKS', 'Timeline has orphan tasks', (b) => (a(b).Timeline!.has_orphan_tasks = true)],
  ['Plan', 'TASK_REGISTER_EMPTY', 'TaskRegister not found', (b) => (a(b).TaskRegister = []), 'TaskRegister'],
  [
    'Plan',
    'TASK_CYCLE',
    'Task dependencies contain a cycle',
    (b) => (a(b).TaskRegister[0]!.dependencies = [a(b).TaskRegister[1]!.id]),
  ],
  [
    'Plan',
    'MILESTONE_OUT_OF_RANGE',
    'Milestone outside planning window: Ready',
    (b) => (a(b).Timeline!.milestones[0]!.date = '2026-09-09'),
  ],
  [
    'Research',
    'VENUE_CRITERIA_NOT_FOUND',
    'VenueCriteria not found',
    (b) => (a(b).VenueCriteria = null),
    'VenueCriteria',
  ],
  [
    'Research',
    'VENUE_SHORTLIST_TOO_SMALL',
    'VenueShortlist has 2 of 3 required venues',
    (b) => void a(b).VenueShortlist.pop(),
  ],
  [
    'Research',
    'VENUE_SCORECARD_NOT_FOUND',
    'VenueScorecard not found',
    (b) => (a(b).VenueScorecard = null),
    'VenueScorecard',
  ],
  [
    'Research',
    'WEIGHTS_SUM_INVALID',
    'VenueScorecard weights do not sum to 1',
    (b) => (a(b).VenueScorecard!.weights_sum_valid = false),
  ],
  [
    'Research',
    'CANDIDATES_NOT_SCORED',
    `VenueScorecard has unscored candidates: vs-vc-${EVENT_ID}-002`,
    (b) => {
      a(b).VenueScorecard!.all_candidates_scored = false
      a(b).VenueScorecard!.candidate_scores[1]!.total = null
    },
  ],
  [
    'Research',
    'RATIONALE_MISSING',
    'VenueScorecard selection rationale missing',
    (b) => (a(b).VenueScorecard!.rationale_captured = false),
  ],
  [
    'Budget',
    'BUDGET_BASELINE_NOT_FOUND',
    'BudgetBaseline not found',
    (b) => (a(b).BudgetBaseline = null),
    'BudgetBaseline',
  ],
  ['Budget', 'COST_MODEL_NOT_FOUND', 'CostModel not found', (b) => (a(b).CostModel = null), 'CostModel'],
  [
    'Budget',
    'BUDGET_DECISION_NOT_FOUND',
    'BudgetDecision not found',
    (b) => (a(b).BudgetDecision = null),
    'BudgetDecision',
  ],
  [
    'Budget',
    'BUDGET_DECISION_REJECTED',
    'BudgetDecision was rejected',
    (b) => (a(b).BudgetDecision!.status = 'rejected'),
  ],
  [
    'Budget',
    'BUDGET_DECISION_SUPERSEDED',
    'BudgetDecision was superseded by a later budget change',
    (b) => (a(b).BudgetDecision!.status = 'superseded'),
  ],
  [
    'Budget',
    'BUDGET_APPROVAL_MISSING',
    'BudgetDecision has no recorded approval',
    (b) => (a(b).BudgetDecision!.approvals = []),
  ],
  [
    'Budget',
    'BUDGET_CHANGES_UNDOCUMENTED',
    'Budget changes not documented in ChangeLog',
    (b) => (a(b).BudgetDecision!.change_log_ids = []),
  ],
  [
    'Budget',
    'BUDGET_CHANGE_PENDING',
    'Budget change approval pending: change-9',
    (b) => void b.changes.push(pendingChange(b)),
  ],
  [
    'Budget',
    'BUDGET_VARIANCE_EXCEEDED',
    'Cost variance 5.01% exceeds 5%',
    (b) => {
      a(b).CostModel!.variance_percent = 5.01
      a(b).BudgetDecision!.approvals[0]!.version = 7
    },
  ],
  [
    'Logistics',
    'LOGISTICS_PLAN_NOT_FOUND',
    'LogisticsPlan not found',
    (b) => (a(b).LogisticsPlan = null),
    'LogisticsPlan',
  ],
  ['Logistics', 'SCHEDULE_NOT_FOUND', 'Schedule not found', (b) => (a(b).Schedule = null), 'Schedule'],
  [
    'Logistics',
    'RESOURCE_ROSTER_NOT_FOUND',
    'ResourceRoster not found',
    (b) => (a(b).ResourceRoster = null),
    'ResourceRoster',
  ],
  [
    'Logistics',
    'CONTINGENCY_PLAN_NOT_FOUND',
    'ContingencyPlan not found',
    (b) => (a(b).ContingencyPlan = null),
    'ContingencyPlan',
  ],
  [
    'Logistics',
    'WORKFLOWS_NOT_LINKED',
    'LogisticsPlan workflows not linked to tasks: Doors',
    (b) => (a(b).LogisticsPlan!.workflows[0]!.task_ids = []),
  ],
  [
    'Logistics',
    'CONTINGENCY_TRIGGERS_MISSING',
    'LogisticsPlan contingency triggers not defined',
    (b) => (a(b).ContingencyPlan!.scenarios[0]!.trigger = ' '),
  ],
  [
    'Logistics',
    'OWNERS_MISSING',
    'LogisticsPlan owners not assigned: Doors',
    (b) => (a(b).LogisticsPlan!.workflows[0]!.owner = 'nobody'),
  ],
  [
    'Logistics',
    'RESOURCE_CONFLICT',
    'Schedule has resource conflicts',
    (b) => (a(b).Schedule!.has_resource_conflicts = true),
  ],
  [
    'Logistics',
    'RISK_WITHOUT_CONTINGENCY',
    `High risk without contingency scenario: risk-${EVENT_ID}-001`,
    (b) => (a(b).ContingencyPlan!.scenarios[0]!.risk_ids = []),
  ],
  [
    'Logistics',
    'BUDGET_NOT_APPROVED_BY_HUMAN',
    'Over-budget BudgetDecision lacks human approval',
    (b) => {
      a(b).BudgetDecision!.approved_total = 501
      a(b).BudgetDecision!.approvals[0]!.kind = 'agent'
    },
  ],
  [
    'Confirm',
    'ARTIFACT_INVALID',
    `Artifact not validated: Schedule sch-lp-${EVENT_ID}`,
    (b) => (a(b).Schedule!.validation_status = 'invalid'),
  ],
  [
    'Confirm',
    'HUMAN_APPROVAL_BUDGET',
    'Human approval missing: BudgetDecision',
    (b) => (a(b).BudgetDecision!.approvals[0]!.kind = 'agent'),
  ],
  [
    'Confirm',
    'HUMAN_APPROVAL_VENUE',
    'Human approval missing: venue selection',
    (b) => (a(b).VenueScorecard!.selected_venue_id = `vs-vc-${EVENT_ID}-002`) && (a(b).VenueScorecard!.version = 2),
  ],
  [
    'Confirm',
    'HUMAN_APPROVAL_CONTRACT',
    'Human approval missing: VendorContracts vct-1',
    (b) => (a(b).VendorContracts = [{ ...a(b).Schedule!, id: 'vct-1', status: 'pending_approval' } as never]),
  ],
  [
    'Confirm',
    'APPROVALS_PENDING',
    'Approvals pending: apr-9',
    (b) => void b.approvals.push({ ...b.approvals[0]!, approval_id: 'apr-9', status: 'pending' }),
  ],
  [
    'Confirm',
    'BLOCKING_RISK',
    `Blocking risk: risk-${EVENT_ID}-001`,
    (b) => {
      a(b).RiskRegister[0]!.rating = 15
      a(b).RiskRegister[0]!.status = 'open'
    },
  ],
  [
    'Confirm',
    'COMMUNICATIONS_PLAN_NOT_FOUND',
    'CommunicationsPlan not found',
    (b) => (b.brief.instruction_level = 'Advanced'),
    'CommunicationsPlan',
  ],
  ['Execute', 'EVENT_NOT_FINISHED', 'Event not completed or cancelled', () => undefined],
  ['Execute', 'INCIDENTS_OPEN', 'Open incidents: inc-1', (b) => void b.incidents.push(incident('low', 'open'))],
  [
    'Execute',
    'CONTINGENCY_NOT_TRIGGERED',
    'Incident without contingency execution: inc-1',
    (b) => void b.incidents.push(incident('high', 'resolved')),
  ],
]

describe('gates', () => {
  for (const state of LIFECYCLE_STATES.slice(0, -1))
    it(`lets a complete event leave ${state}`, () => {
      const board = completeBoard()
      board.brief.lifecycle_state = state
      const target = LIFECYCLE_STATES[LIFECYCLE_STATES.indexOf(state) + 1]!
      expect(planTransition({ board, outcome: 'completed' }, target)).toMatchObject({ ok: true })
    })
  for (const [state, code, message, breaks, missing] of FAILURES)
    it(`says "${message}" when leaving ${state}`, () => {
      const board = completeBoard()
      board.brief.lifecycle_state = state
      breaks(board)
      const report = nextGate({ board, ...(code === 'EVENT_NOT_FINISHED' ? {} : { outcome: 'completed' }) })!
      expect(report.passed).toBe(false)
      expect(report.failed_gates).toContain(`${report.gate}: ${message}`)
      expect(report.gate_results).toContainEqual(
        expect.objectContaining({ code, passed: false, message, gate: report.gate }),
      )
      expect(report.missing_artifacts).toEqual(missing ? [missing] : [])
    })
  it('runs all checks and names a missing artifact once', () => {
    const board = completeBoard()
    board.brief.lifecycle_state = 'Plan'
    board.artifacts.Timeline = null
    const report = nextGate({ board })!
    expect(report.failed_gates).toEqual(['timeline: Timeline not found'])
    expect(report.gate_results.filter(({ passed }) => !passed).map(({ code }) => code)).toEqual([
      'TIMELINE_NOT_FOUND',
      'TIMELINE_MISSING_MILESTONES',
      'TIMELINE_MISSING_DEPENDENCIES',
      'TIMELINE_MISSING_CRITICAL_PATH',
      'TIMELINE_ORPHAN_TASKS',
      'TASK_CYCLE',
      'MILESTONE_OUT_OF_RANGE',
    ])
  })
  it('counts the endorsement of the planner in a Beginner run within budget only', () => {
    const board = completeBoard()
    board.brief.lifecycle_state = 'Budget'
    board.artifacts.BudgetDecision!.approvals[0]!.kind = 'agent'
    expect(nextGate({ board })!.passed).toBe(false)
    board.brief.instruction_level = 'Beginner'
    expect(nextGate({ board })!.passed).toBe(true)
    board.artifacts.CostModel!.variance_amount = 30
    expect(nextGate({ board })!.passed).toBe(false)
  })
})

describe('transitions', () => {
  it('refuses skips, steps back, the same state and everything after the end', () => {
    const board = completeBoard()
    board.artifacts.Requirements = null
    expect(planTransition({ board }, 'Budget')).toMatchObject({
      ok: false,
      code: 'INVALID_TRANSITION',
      message: 'Invalid transition from Initiate to Budget',
      missing_artifacts: ['Requirements'],
      failed_gates: ['lifecycle: Invalid transition from Initiate to Budget'],
    })
    expect(planTransition({ board }, 'Initiate')).toMatchObject({ code: 'INVALID_TRANSITION' })
    board.brief.lifecycle_state = 'Postmortem'
    expect(planTransition({ board }, 'Execute')).toMatchObject({ code: 'INVALID_TRANSITION' })
  })
  it('names the first failure', () => {
    const board = completeBoard()
    board.artifacts.Requirements = null
    expect(planTransition({ board }, 'Plan')).toMatchObject({
      code: 'PRECONDITIONS_NOT_MET',
      message: 'Quality gate failed: Requirements not found',
    })
  })
})

describe('owners', () => {
  const source = { stakeholders: completeBoard().artifacts.StakeholderMap!.stakeholders, created_by: 'dev-user' }
  it('resolves agents, stakeholders and the creator, whatever the case', () => {
    for (const owner of [
      'event-planner',
      'Event Planner',
      'EVENT PLANNER AGENT',
      'ada',
      'ada@example.org',
      'owner',
      'dev-user',
    ])
      expect(ownerResolves(owner, source)).toBe(true)
    for (const owner of ['', '  ', 'somebody', null]) expect(ownerResolves(owner, source)).toBe(false)
  })
})
