import { findCycle } from '../formulas/critical-path.ts'
import { BLOCKING_RATING, HIGH_RATING } from '../formulas/risk.ts'
import { round } from '../formulas/round.ts'
import type { ArtifactType, Common } from '../schema.ts'
import { EventBrief } from '../schema.ts'
import { budgetApprovalCounts, humanApprovedBudget, humanApprovedVenue, isBudgetBreached } from './budget-state.ts'
import { logisticsFlags, orphanTasks, outsideWindow, pathNodes, planningWindow } from './flags.ts'
import { about, type Check, exists, type Gate } from './gate.ts'

const SHORTLIST_MINIMUM = 3
const joined = (ids: readonly string[]) => ids.join(', ')

function briefProblem(event: EventBrief): string | false {
  const parsed = EventBrief.safeParse(event)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    return `${issue.path.join('.')} ${issue.message}`
  }
  return Date.parse(event.date_range_end) <= Date.parse(event.date_range_start)
    ? 'date_range_end must be after date_range_start'
    : false
}

const initiation: Gate = {
  name: 'initiation',
  from: 'Initiate',
  to: 'Plan',
  checks: ({
    board: {
      brief,
      artifacts: { Requirements: requirements, StakeholderMap: stakeholders },
    },
  }) => [
    about(brief, 'event_brief_valid', 'EVENT_BRIEF_INVALID', (event) => {
      const reason = briefProblem(event)
      return reason && `EventBrief invalid: ${reason}`
    }),
    exists('Requirements', 'REQUIREMENTS_NOT_FOUND', requirements),
    about(requirements, 'has_must_haves', 'REQUIREMENTS_NO_MUST_HAVES', ({ must_haves }) =>
      must_haves.length === 0 ? 'Requirements have no must-haves' : false,
    ),
    exists('StakeholderMap', 'STAKEHOLDER_MAP_NOT_FOUND', stakeholders),
    about(stakeholders, 'has_owner', 'STAKEHOLDER_OWNER_MISSING', (map) =>
      map.stakeholders.some(({ role }) => role === 'Owner') ? false : 'StakeholderMap has no Owner',
    ),
  ],
}

const timelineGate: Gate = {
  name: 'timeline',
  from: 'Plan',
  to: 'Research',
  checks: ({
    board: {
      brief: event,
      artifacts: { Timeline: timeline, TaskRegister: tasks },
    },
  }) => [
    exists('Timeline', 'TIMELINE_NOT_FOUND', timeline),
    about(
      timeline,
      'has_milestones',
      'TIMELINE_MISSING_MILESTONES',
      (t) => !t.has_milestones && 'Timeline missing milestones',
    ),
    about(
      timeline,
      'has_dependencies',
      'TIMELINE_MISSING_DEPENDENCIES',
      (t) => !t.has_dependencies && 'Timeline missing dependencies',
    ),
    about(
      timeline,
      'has_critical_path',
      'TIMELINE_MISSING_CRITICAL_PATH',
      (t) => !t.has_critical_path && 'Timeline missing critical path',
    ),
    about(
      timeline,
      'no_orphan_tasks',
      'TIMELINE_ORPHAN_TASKS',
      (t) => t.has_orphan_tasks && { message: 'Timeline has orphan tasks', ids: orphanTasks(t, tasks) },
    ),
    exists('TaskRegister', 'TASK_REGISTER_EMPTY', tasks[0]),
    about(timeline, 'no_cycle', 'TASK_CYCLE', (t) => {
      const cycle = findCycle(pathNodes(t.milestones, tasks))
      return cycle ? { message: 'Task dependencies contain a cycle', ids: cycle } : false
    }),
    about(timeline, 'milestones_in_window', 'MILESTONE_OUT_OF_RANGE', (t) => {
      const outside = outsideWindow(t.milestones, planningWindow(event))
      return outside.length > 0 && `Milestone outside planning window: ${joined(outside)}`
    }),
  ],
}

const scorecardGate: Gate = {
  name: 'venue_scorecard',
  from: 'Research',
  to: 'Budget',
  checks: ({ board }) => {
    const { VenueCriteria: criteria, VenueShortlist: shortlist, VenueScorecard: scorecard } = board.artifacts
    const open = shortlist.filter(({ status }) => status !== 'cancelled')
    const short: Check = {
      check: 'shortlist_size',
      code: 'VENUE_SHORTLIST_TOO_SMALL',
      failure:
        open.length < SHORTLIST_MINIMUM
          ? `VenueShortlist has ${open.length} of ${SHORTLIST_MINIMUM} required venues`
          : null,
      ...(open.length === 0 ? { missing: 'VenueShortlist' as const } : {}),
    }
    return [
      exists('VenueCriteria', 'VENUE_CRITERIA_NOT_FOUND', criteria),
      short,
      exists('VenueScorecard', 'VENUE_SCORECARD_NOT_FOUND', scorecard),
      about(
        scorecard,
        'weights_sum_valid',
        'WEIGHTS_SUM_INVALID',
        (card) => !card.weights_sum_valid && 'VenueScorecard weights do not sum to 1',
      ),
      about(scorecard, 'all_candidates_scored', 'CANDIDATES_NOT_SCORED', (card) => {
        if (card.all_candidates_scored) return false
        const complete = new Set(
          card.candidate_scores.filter(({ total }) => total !== null).map(({ venue_id }) => venue_id),
        )
        const ids = shortlist.filter(({ id, status }) => status === 'active' && !complete.has(id)).map(({ id }) => id)
        return { message: `VenueScorecard has unscored candidates: ${joined(ids)}`, ids }
      }),
      about(
        scorecard,
        'rationale_captured',
        'RATIONALE_MISSING',
        (card) => !card.rationale_captured && 'VenueScorecard selection rationale missing',
      ),
    ]
  },
}

const budgetGate: Gate = {
  name: 'budget_decision',
  from: 'Budget',
  to: 'Logistics',
  checks: ({ board }) => {
    const { BudgetBaseline: baseline, CostModel: cost_model, BudgetDecision: decision } = board.artifacts
    const { changes } = board
    const byId = new Map(changes.map((change) => [change.id, change]))
    const pending = changes.filter(
      ({ id, change_type, amount, approvals }) =>
        (change_type === 'budget_adjustment' || amount !== null) &&
        approvals.some(({ status }) => status === 'pending') &&
        !decision?.change_log_ids.includes(id),
    )
    return [
      exists('BudgetBaseline', 'BUDGET_BASELINE_NOT_FOUND', baseline),
      exists('CostModel', 'COST_MODEL_NOT_FOUND', cost_model),
      exists('BudgetDecision', 'BUDGET_DECISION_NOT_FOUND', decision),
      about(
        decision,
        'not_rejected',
        'BUDGET_DECISION_REJECTED',
        ({ status }) => status === 'rejected' && 'BudgetDecision was rejected',
      ),
      about(
        decision,
        'not_superseded',
        'BUDGET_DECISION_SUPERSEDED',
        ({ status }) => status === 'superseded' && 'BudgetDecision was superseded by a later budget change',
      ),
      about(
        decision,
        'approval_recorded',
        'BUDGET_APPROVAL_MISSING',
        () => !budgetApprovalCounts(board) && 'BudgetDecision has no recorded approval',
      ),
      about(decision, 'changes_documented', 'BUDGET_CHANGES_UNDOCUMENTED', ({ change_log_ids }) => {
        const documented =
          change_log_ids.length > 0 &&
          change_log_ids.every((id) => byId.get(id)?.impact.trim() && byId.get(id)!.impacted_artifacts.length > 0)
        return !documented && 'Budget changes not documented in ChangeLog'
      }),
      {
        check: 'no_change_pending',
        code: 'BUDGET_CHANGE_PENDING',
        failure: pending.length > 0 ? `Budget change approval pending: ${joined(pending.map(({ id }) => id))}` : null,
        ids: pending.map(({ id }) => id),
      },
      about(cost_model, 'within_variance', 'BUDGET_VARIANCE_EXCEEDED', ({ variance_percent, variance_rules }) => {
        const excused = decision && humanApprovedBudget(decision)
        const limit = variance_rules.max_variance_percent
        return variance_percent > limit && !excused && `Cost variance ${round(variance_percent, 2)}% exceeds ${limit}%`
      }),
    ]
  },
}

const logisticsGate: Gate = {
  name: 'logistics_plan',
  from: 'Logistics',
  to: 'Confirm',
  checks: ({ board }) => {
    const {
      LogisticsPlan: logistics,
      Schedule: schedule,
      ResourceRoster: roster,
      ContingencyPlan: contingency,
    } = board.artifacts
    const {
      TaskRegister: tasks,
      RiskRegister: risks,
      StakeholderMap: stakeholders,
      BudgetDecision: budget_decision,
    } = board.artifacts
    const event = board.brief
    const owners = { stakeholders: stakeholders?.stakeholders ?? [], created_by: event.created_by }
    const flags = logistics && logisticsFlags(logistics, new Set(tasks.map(({ id }) => id)), contingency, owners)
    const covered = new Set(contingency?.scenarios.flatMap(({ risk_ids }) => risk_ids))
    const open = risks
      .filter(({ id, rating, status }) => rating >= HIGH_RATING && status !== 'closed' && !covered.has(id))
      .map(({ id }) => id)
    return [
      exists('LogisticsPlan', 'LOGISTICS_PLAN_NOT_FOUND', logistics),
      exists('Schedule', 'SCHEDULE_NOT_FOUND', schedule),
      exists('ResourceRoster', 'RESOURCE_ROSTER_NOT_FOUND', roster),
      exists('ContingencyPlan', 'CONTINGENCY_PLAN_NOT_FOUND', contingency),
      about(
        logistics,
        'workflows_linked_to_tasks',
        'WORKFLOWS_NOT_LINKED',
        () =>
          !flags!.workflows_linked_to_tasks &&
          `LogisticsPlan workflows not linked to tasks: ${joined(flags!.unlinked)}`,
      ),
      about(
        logistics,
        'contingency_triggers_defined',
        'CONTINGENCY_TRIGGERS_MISSING',
        () => !flags!.contingency_triggers_defined && 'LogisticsPlan contingency triggers not defined',
      ),
      about(
        logistics,
        'owners_assigned',
        'OWNERS_MISSING',
        () => !flags!.owners_assigned && `LogisticsPlan owners not assigned: ${joined(flags!.unowned)}`,
      ),
      about(
        schedule,
        'no_resource_conflicts',
        'RESOURCE_CONFLICT',
        ({ has_resource_conflicts }) => has_resource_conflicts && 'Schedule has resource conflicts',
      ),
      {
        check: 'high_risks_covered',
        code: 'RISK_WITHOUT_CONTINGENCY',
        failure: open.length > 0 ? `High risk without contingency scenario: ${joined(open)}` : null,
        ids: open,
      },
      {
        check: 'over_budget_approved',
        code: 'BUDGET_NOT_APPROVED_BY_HUMAN',
        failure:
          isBudgetBreached(board) && !(budget_decision && humanApprovedBudget(budget_decision))
            ? 'Over-budget BudgetDecision lacks human approval'
            : null,
        artifact_id: budget_decision?.id,
      },
    ]
  },
}

type Required = [type: ArtifactType, found: readonly (Common | null)[]]

const confirmation: Gate = {
  name: 'confirmation',
  from: 'Confirm',
  to: 'Execute',
  checks: ({ board }) => {
    const found = board.artifacts
    const required: Required[] = [
      ['EventBrief', [board.brief]],
      ['Requirements', [found.Requirements]],
      ['StakeholderMap', [found.StakeholderMap]],
      ['Timeline', [found.Timeline]],
      ['TaskRegister', found.TaskRegister],
      ['VenueCriteria', [found.VenueCriteria]],
      ['VenueShortlist', found.VenueShortlist],
      ['VenueScorecard', [found.VenueScorecard]],
      ['BudgetBaseline', [found.BudgetBaseline]],
      ['CostModel', [found.CostModel]],
      ['BudgetDecision', [found.BudgetDecision]],
      ['LogisticsPlan', [found.LogisticsPlan]],
      ['Schedule', [found.Schedule]],
      ['ResourceRoster', [found.ResourceRoster]],
      ['ContingencyPlan', [found.ContingencyPlan]],
    ]
    const artifacts = required.flatMap(([type, those]): Check[] => {
      const there = those.filter((one) => one !== null)
      const code = 'ARTIFACT_INVALID'
      if (there.length === 0) return [{ check: `${type} exists`, code, failure: `${type} not found`, missing: type }]
      return there.map(({ id, validation_status }) => ({
        check: `${type} valid`,
        code,
        failure: validation_status === 'valid' ? null : `Artifact not validated: ${type} ${id}`,
        artifact_id: id,
      }))
    })
    const open = found.VendorContracts.filter(({ status }) => status !== 'cancelled' && status !== 'approved').map(
      ({ id }) => id,
    )
    const pending = board.approvals.filter(({ status }) => status === 'pending').map((one) => one.approval_id)
    const blocking = found.RiskRegister.filter(
      ({ rating, status }) => rating >= BLOCKING_RATING && status === 'open',
    ).map(({ id }) => id)
    return [
      ...artifacts,
      about(
        found.BudgetDecision,
        'budget_approved',
        'HUMAN_APPROVAL_BUDGET',
        (decision) => !humanApprovedBudget(decision) && 'Human approval missing: BudgetDecision',
      ),
      about(
        found.VenueScorecard,
        'venue_approved',
        'HUMAN_APPROVAL_VENUE',
        () => !humanApprovedVenue(board) && 'Human approval missing: venue selection',
      ),
      {
        check: 'contracts_approved',
        code: 'HUMAN_APPROVAL_CONTRACT',
        failure: open.length > 0 ? `Human approval missing: VendorContracts ${joined(open)}` : null,
        ids: open,
      },
      {
        check: 'nothing_pending',
        code: 'APPROVALS_PENDING',
        failure: pending.length > 0 ? `Approvals pending: ${joined(pending)}` : null,
        ids: pending,
      },
      {
        check: 'no_blocking_risk',
        code: 'BLOCKING_RISK',
        failure: blocking.length > 0 ? `Blocking risk: ${joined(blocking)}` : null,
        ids: blocking,
      },
      ...(board.brief.instruction_level === 'Advanced'
        ? [exists('CommunicationsPlan', 'COMMUNICATIONS_PLAN_NOT_FOUND', found.CommunicationsPlan)]
        : []),
    ]
  },
}

const execution: Gate = {
  name: 'execution',
  from: 'Execute',
  to: 'Postmortem',
  checks: ({ board, outcome }) => {
    const { brief: event, incidents, executions, now } = board
    const open = incidents.filter(({ status }) => status !== 'resolved').map(({ id }) => id)
    const answered = new Set(executions.map(({ incident_id }) => incident_id))
    const untriggered = incidents
      .filter(({ id, severity }) => (severity === 'high' || severity === 'critical') && !answered.has(id))
      .map(({ id }) => id)
    return [
      about(
        event,
        'outcome_known',
        'EVENT_NOT_FINISHED',
        ({ date_range_end }) =>
          !outcome && Date.parse(now) < Date.parse(date_range_end) && 'Event not completed or cancelled',
      ),
      {
        check: 'no_open_incident',
        code: 'INCIDENTS_OPEN',
        failure: open.length > 0 ? `Open incidents: ${joined(open)}` : null,
        ids: open,
      },
      {
        check: 'contingencies_triggered',
        code: 'CONTINGENCY_NOT_TRIGGERED',
        failure: untriggered.length > 0 ? `Incident without contingency execution: ${joined(untriggered)}` : null,
        ids: untriggered,
      },
    ]
  },
}

/** The seven gates in the order of the states. */
export const GATES: readonly Gate[] = [
  initiation,
  timelineGate,
  scorecardGate,
  budgetGate,
  logisticsGate,
  confirmation,
  execution,
]
