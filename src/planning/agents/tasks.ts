import type { AgentName, ArtifactType } from '../schema.ts'
import { sheetOf } from './team.ts'

/** One task of an agent: what it does, what it cannot start without, what it owes, and the rules its artifacts are stored under. */
export type Task = {
  does: string
  /** Artifacts that must be there before it starts (contract 5.1); the event brief always is. */
  needs: readonly ArtifactType[]
  owes: readonly ArtifactType[]
  /** What else it may write. */
  may?: readonly ArtifactType[]
  /** The catering proposal instead of an artifact. */
  proposes?: true
  rules: readonly string[]
}

const SHARED = {
  owner:
    'An owner is the name of an agent (event-planner, venue-researcher, budget-analyst, logistics-coordinator, catering-coordinator), or the name, role or e-mail of a stakeholder.',
  tasks: 'task_ids name tasks of the register by their id.',
  venue:
    'A scorecard names venues by "@" and the ref of their VenueShortlist draft, or by the id they have already; weights sum to 1; every active candidate has a score from 0 to 1 for every criterion.',
  chosen: 'Give selected_venue_id and a selection_rationale that names the totals.',
  contract:
    'A contract costs no more than its category has left of its allocation; each SLA target has a number; notice_days and penalty are given.',
} as const

/** The work of the five agents by task. */
export const TASKS: Readonly<Record<string, Task>> = {
  scope: {
    does: 'Derive the requirements from the brief.',
    needs: ['EventBrief'],
    owes: ['Requirements'],
    may: ['StakeholderMap'],
    rules: [
      'At least one must-have; objective_links ties each must-have to a phrase of the objectives.',
      'Write a StakeholderMap only to complete the one that is there; its Owner stays.',
    ],
  },
  plan: {
    does: 'Plan the way to the event: phases, milestones, tasks and risks; at Advanced also the communications plan.',
    needs: ['Requirements'],
    owes: ['Timeline', 'TaskRegister', 'RiskRegister'],
    may: ['CommunicationsPlan'],
    rules: [
      'The Timeline comes first. Dates of phases and milestones are YYYY-MM-DD, in order, before the event; a milestone depends on the one before it by name.',
      'One TaskRegister draft a task: dates with time and Z, end after start, inside one phase or chained to other tasks; dependencies as "@" and the ref of another task draft that stands before it.',
      'One RiskRegister draft a risk; a rating of 8 or more (probability × impact, 1 to 5) needs mitigation_strategies.',
      'Every role of the stakeholder map is an audience of the CommunicationsPlan; people of escalation paths are stakeholder e-mails.',
      SHARED.owner,
    ],
  },
  venues: {
    does: 'Find, shortlist, score and choose the venue.',
    needs: ['Requirements'],
    owes: ['VenueScorecard'],
    may: ['VenueCriteria', 'VenueLeads', 'VenueShortlist', 'VenueAvailability', 'VenueNegotiationNotes'],
    rules: [
      'Order: VenueCriteria, VenueLeads, VenueShortlist, VenueScorecard, VenueAvailability, VenueNegotiationNotes; what is there already is not written again.',
      'Use the venues under "found"; a lead from a web search carries its citations.',
      'min_capacity is at least the audience; a main or backup venue holds at least min_capacity; cost_estimate lies within the range of the criteria, or exception_rationale says why not.',
      SHARED.venue,
      SHARED.chosen,
    ],
  },
  baseline: {
    does: 'Set the budget and its split.',
    needs: ['Requirements'],
    owes: ['BudgetBaseline'],
    rules: ['Allocations sum to total_budget, percentages (0 to 1) to 1.'],
  },
  proposal: {
    does: 'Propose the catering in the field "catering": menu_style, service_type, cost_per_person a day, dietary_accommodations, sample_menu_items, includes_beverages, includes_dessert, setup_included; with options, daily_menus and allergen_matrix as your level asks.',
    needs: ['BudgetBaseline'],
    owes: [],
    proposes: true,
    rules: [
      'Vegetarian and vegan above 20 guests, gluten-free above 30. cost_per_person × guests × days stays within the catering allocation. next_agent is budget when it cannot.',
    ],
  },
  costs: {
    does: 'Write the cost model and the decision to approve.',
    needs: ['BudgetBaseline', 'VenueScorecard'],
    owes: ['CostModel', 'BudgetDecision'],
    rules: [
      'The CostModel comes first. total = quantity × unit_cost; categories are those of the baseline; list_unit_cost is the price before negotiation.',
      'The cost stays within 5 % of the budget; when it cannot, give three mitigation_options of different kinds and a decision "mitigation".',
      'approved_total is the sum of the lines. hedges name risks by id.',
    ],
  },
  contracts: {
    does: 'Draft the contracts of venue, AV and marketing; at Advanced also streaming and staffing.',
    needs: ['BudgetBaseline', 'BudgetDecision', 'VenueScorecard'],
    owes: ['VendorContracts'],
    rules: [SHARED.contract],
  },
  contract: {
    does: 'Draft the contract of the caterer.',
    needs: ['BudgetBaseline', 'BudgetDecision'],
    owes: ['VendorContracts'],
    rules: [SHARED.contract],
  },
  operations: {
    does: 'Plan the operations: workflows, people and equipment, programme, contingencies.',
    needs: ['Timeline', 'TaskRegister', 'VenueScorecard', 'BudgetDecision'],
    owes: ['LogisticsPlan', 'ResourceRoster', 'Schedule', 'ContingencyPlan'],
    rules: [
      'Order: LogisticsPlan, ResourceRoster, Schedule, ContingencyPlan. Leave resources and contingency_scenarios out of the LogisticsPlan.',
      'Every workflow has an owner and task_ids. catering is the proposal of the turn with total_cost = cost_per_person × guests × days.',
      'Assignments lie within availability and never need more than quantity.',
      'Sessions lie within the hours of the event; two in the same location never overlap.',
      'Every risk rated 8 or more has a scenario with its id in risk_ids, a trigger, an owner and task_ids.',
      SHARED.owner,
      SHARED.tasks,
    ],
  },
  'catering-only': {
    does: 'Write the logistics plan again with the new catering; all else stays as it is.',
    needs: ['LogisticsPlan'],
    owes: ['LogisticsPlan'],
    rules: ['Workflows, layouts, policies and calendar_name are those of the plan that is there.'],
  },
  'revise-venue': {
    does: 'People rejected the venue: choose another of the shortlist.',
    needs: ['VenueScorecard'],
    owes: ['VenueScorecard'],
    rules: [SHARED.venue, SHARED.chosen],
  },
  'revise-contract': {
    does: 'People rejected a contract: propose it again, better; replaces names its id.',
    needs: ['BudgetBaseline'],
    owes: ['VendorContracts'],
    rules: [SHARED.contract],
  },
  'venue-contract': {
    does: 'The venue changed: draft its contract.',
    needs: ['BudgetBaseline', 'VenueScorecard'],
    owes: ['VendorContracts'],
    rules: [SHARED.contract],
  },
}

/** A task by name; what is no task of the five is the work of a specialist. */
export function taskOf(agent: AgentName, task: string): Task {
  const known = TASKS[task]
  if (known) return known
  const { purpose, inputs, outputs } = sheetOf(agent)
  return {
    does: `${purpose}.`,
    needs: inputs.filter((type) => !['StakeholderMap', 'VendorContracts', 'RiskRegister'].includes(type)),
    owes: outputs,
    rules: [SHARED.owner],
  }
}
