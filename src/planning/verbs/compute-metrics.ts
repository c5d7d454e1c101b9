import type { Board } from '../artifacts/board.ts'
import { timelineForecast } from '../artifacts/rules-timeline.ts'
import { contingencyEffectiveness, incidentResolutionTime, onTimeRate } from '../formulas/on-time.ts'
import { stakeholderSatisfaction } from '../formulas/others.ts'
import { riskCoverage } from '../formulas/risk.ts'
import { budgetFit, shortlistQuality } from '../formulas/scorecard.ts'
import { timelineSlippage } from '../formulas/slippage.ts'
import { utilisationBalance } from '../formulas/utilisation.ts'
import { actualVariance } from '../formulas/variance.ts'
import { AGENT_DISPLAY_NAMES, type CoreAgent, LIFECYCLE_STATES } from '../schema.ts'

export type Op = 'lte' | 'gte' | 'eq'
type Threshold = { op: Op; value: number; unit: string }
export type MetricGroup = {
  agent: CoreAgent
  thresholds: Record<string, Threshold>
  compute(board: Board): { values: Record<string, number | null>; inputs: Record<string, unknown> }
}

const percent = (op: Op, value: number): Threshold => ({ op, value, unit: 'percent' })

function slippage(board: Board): { value: number | null; inputs: Record<string, unknown> } {
  const timeline = board.artifacts.Timeline
  if (!timeline) return { value: null, inputs: {} }
  const base = board.baselineTimeline ?? timeline
  const start = base.phases.map((phase) => phase.start).sort()[0]
  const { baseline, forecast } = timelineForecast(board, timeline)
  const value = start && baseline && forecast ? timelineSlippage(start, baseline, forecast) : null
  return { value, inputs: { baseline_start: start ?? null, baseline_end: baseline, forecast_end: forecast } }
}

const planner: MetricGroup = {
  agent: 'event-planner',
  thresholds: {
    timeline_slippage: percent('lte', 10),
    risk_coverage: percent('gte', 90),
    stakeholder_satisfaction: percent('gte', 80),
  },
  compute(board) {
    const { RiskRegister: risks, ContingencyPlan: plan } = board.artifacts
    const advanced = board.brief.instruction_level === 'Advanced'
    const covered = new Set(plan?.scenarios.flatMap(({ risk_ids }) => risk_ids) ?? [])
    const slip = slippage(board)
    const satisfaction = stakeholderSatisfaction(
      board.feedback.map(({ rating }) => rating),
      board.approvals,
    )
    return {
      values: {
        timeline_slippage: slip.value,
        risk_coverage: riskCoverage(risks, advanced ? covered : undefined),
        stakeholder_satisfaction: satisfaction.value,
      },
      inputs: {
        ...slip.inputs,
        risks: risks.length,
        high_risks: risks.filter(({ rating }) => rating >= 8).length,
        feedback: board.feedback.length,
        basis: satisfaction.basis,
      },
    }
  },
}

const venue: MetricGroup = {
  agent: 'venue-researcher',
  thresholds: {
    shortlist_quality_score: { op: 'gte', value: 0.8, unit: 'score' },
    budget_fit: percent('gte', 95),
    confirmed_holds: { op: 'gte', value: 2, unit: 'count' },
  },
  compute({ artifacts }) {
    const {
      VenueShortlist: entries,
      VenueCriteria: criteria,
      VenueScorecard: card,
      VenueAvailability: holds,
    } = artifacts
    const confirmed = holds.filter(({ hold_status }) => hold_status === 'confirmed').length
    return {
      values: {
        shortlist_quality_score: card ? shortlistQuality(card.candidate_scores.map(({ total }) => total)) : null,
        budget_fit: criteria ? budgetFit(entries, criteria.budget_range_max) : null,
        confirmed_holds: holds.length === 0 ? null : confirmed,
      },
      inputs: {
        shortlisted: entries.length,
        cancelled: entries.filter(({ status }) => status === 'cancelled').length,
        budget_range_max: criteria?.budget_range_max ?? null,
        holds: holds.length,
      },
    }
  },
}

const budget: MetricGroup = {
  agent: 'budget-analyst',
  thresholds: {
    budget_variance: percent('lte', 5),
    savings_identified: percent('gte', 10),
    risk_reserve_adequacy: percent('gte', 90),
  },
  compute({ artifacts, brief }) {
    const { CostModel: cost, BudgetBaseline: baseline, BudgetDecision: decision } = artifacts
    const executing = LIFECYCLE_STATES.indexOf(brief.lifecycle_state) >= LIFECYCLE_STATES.indexOf('Execute')
    const actual = executing && cost && decision ? actualVariance(cost.line_items, decision.approved_total) : null
    return {
      values: {
        budget_variance: actual ?? cost?.variance_percent ?? null,
        savings_identified: cost?.savings.percent ?? null,
        risk_reserve_adequacy: cost?.reserve.adequacy_percent ?? null,
      },
      inputs: {
        total_budget: baseline?.total_budget ?? null,
        total_cost: cost?.total_cost ?? null,
        approved_total: decision?.approved_total ?? null,
        variance_amount: cost?.variance_amount ?? null,
        savings_amount: cost?.savings.amount ?? null,
        reserve: cost?.reserve.amount ?? null,
        exposure: cost?.reserve.exposure ?? null,
        basis: actual === null ? 'planned' : 'actual',
      },
    }
  },
}

const logistics: MetricGroup = {
  agent: 'logistics-coordinator',
  thresholds: {
    on_time_task_rate: percent('gte', 95),
    incident_resolution_time: { op: 'lte', value: 15, unit: 'minutes' },
    utilization_balance: percent('gte', 80),
    contingency_plan_effectiveness: percent('eq', 100),
  },
  compute({ artifacts, incidents, executions, now }) {
    const { TaskRegister: tasks, ResourceRoster: roster } = artifacts
    return {
      values: {
        on_time_task_rate: onTimeRate(tasks, new Date(now)),
        incident_resolution_time: incidentResolutionTime(incidents),
        utilization_balance: roster ? utilisationBalance(roster.resources) : null,
        contingency_plan_effectiveness: contingencyEffectiveness(executions),
      },
      inputs: {
        tasks: tasks.length,
        completed: tasks.filter(({ status }) => status === 'Completed').length,
        incidents: incidents.length,
        executions: executions.length,
        resources: roster?.resources.length ?? 0,
      },
    }
  },
}

export const METRIC_GROUPS = { planner, venue, budget, logistics } as const
export type MetricGroupName = keyof typeof METRIC_GROUPS

export const passes = ({ op, value }: Threshold, actual: number | null): boolean | null =>
  actual === null ? null : op === 'lte' ? actual <= value : op === 'gte' ? actual >= value : actual === value

/** One group of figures with thresholds and verdicts (2.10). Null means there is no data yet. */
export function metricsOf(board: Board, name: MetricGroupName) {
  const group = METRIC_GROUPS[name]
  const { values, inputs } = group.compute(board)
  const passed = Object.fromEntries(
    Object.entries(group.thresholds).map(([metric, threshold]) => [metric, passes(threshold, values[metric] ?? null)]),
  )
  return {
    event_brief_id: board.brief.id,
    agent_name: AGENT_DISPLAY_NAMES[group.agent],
    computed_at: board.now,
    ...values,
    thresholds: group.thresholds,
    passed,
    all_passed: Object.values(passed).every((verdict) => verdict !== false),
    inputs,
    values,
  }
}
