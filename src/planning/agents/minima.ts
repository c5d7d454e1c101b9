import type { ArtifactType, InstructionLevel } from '../schema.ts'
import type { TurnInput, TurnOutput } from './turn.ts'

type Counter = {
  what: string
  tasks: readonly string[]
  type: ArtifactType | 'catering'
  least: Readonly<Record<InstructionLevel, number>>
  /** Of the draft's body; without it every draft of the type counts one. */
  of?: (body: Record<string, any>) => number
}
const entries = (value: unknown): any[] => (Array.isArray(value) ? value : [])
const distinct = (values: readonly unknown[]) => new Set(values.filter(Boolean)).size
const row = (
  what: string,
  task: string | readonly string[],
  type: Counter['type'],
  [Beginner, Intermediate, Advanced]: readonly [number, number, number],
  of?: Counter['of'],
): Counter => ({
  what,
  tasks: [task].flat(),
  type,
  least: { Beginner, Intermediate, Advanced },
  ...(of ? { of } : {}),
})

/** The least each level must produce (contract 4.5), as numbers of Beginner, Intermediate and Advanced. */
const COUNTERS: readonly Counter[] = [
  row('must-haves', 'scope', 'Requirements', [1, 1, 1], (body) => entries(body['must_haves']).length),
  row('milestones', 'plan', 'Timeline', [3, 6, 10], (body) => entries(body['milestones']).length),
  row(
    'milestones that depend on another',
    'plan',
    'Timeline',
    [1, 3, 3],
    (body) => entries(body['milestones']).filter((one) => entries(one?.dependencies).length > 0).length,
  ),
  row('tasks', 'plan', 'TaskRegister', [5, 12, 25]),
  row('risks', 'plan', 'RiskRegister', [2, 6, 10]),
  row('audiences', 'plan', 'CommunicationsPlan', [0, 0, 3], (body) =>
    distinct(entries(body['communications']).map((one) => one?.audience)),
  ),
  row('escalation paths', 'plan', 'CommunicationsPlan', [0, 0, 1], (body) => entries(body['escalation_paths']).length),
  row('leads', 'venues', 'VenueLeads', [5, 8, 8]),
  row('candidates', 'venues', 'VenueShortlist', [3, 4, 5]),
  row(
    'criteria',
    ['venues', 'revise-venue'],
    'VenueScorecard',
    [3, 5, 5],
    (body) => entries(body['criteria_weights']).length,
  ),
  row('venues asked for dates', 'venues', 'VenueAvailability', [0, 2, 3]),
  row('confirmed holds', 'venues', 'VenueAvailability', [0, 2, 2], (body) =>
    Number(body['hold_status'] === 'confirmed'),
  ),
  row('breakout, expo and backup venues', 'venues', 'VenueShortlist', [0, 0, 3], (body) =>
    Number(body['venue_role'] !== undefined && body['venue_role'] !== 'main'),
  ),
  row('negotiation playbook', 'venues', 'VenueNegotiationNotes', [0, 0, 1], (body) =>
    Number(Boolean(body['playbook'])),
  ),
  row('categories', 'baseline', 'BudgetBaseline', [3, 6, 6], (body) =>
    distinct(entries(body['category_allocations']).map((one) => one?.category)),
  ),
  row('categories', 'costs', 'CostModel', [3, 6, 6], (body) =>
    distinct(entries(body['line_items']).map((one) => one?.category)),
  ),
  row('savings actions', 'costs', 'CostModel', [0, 1, 1], (body) => entries(body['savings_actions']).length),
  row('hedges', 'costs', 'CostModel', [0, 0, 1], (body) => entries(body['hedges']).length),
  row('scenarios', 'costs', 'CostModel', [0, 0, 3], (body) => entries(body['scenarios']).length),
  row('contracts', 'contracts', 'VendorContracts', [0, 2, 2]),
  row('workflows', 'operations', 'LogisticsPlan', [3, 5, 8], (body) => entries(body['workflows']).length),
  row('resources', 'operations', 'ResourceRoster', [3, 3, 3], (body) => entries(body['resources']).length),
  row('sessions', 'operations', 'Schedule', [3, 12, 20], (body) => entries(body['sessions']).length),
  row('tracks', 'operations', 'Schedule', [0, 2, 2], (body) =>
    distinct(entries(body['sessions']).map((one) => one?.track)),
  ),
  row('scenarios', 'operations', 'ContingencyPlan', [1, 2, 2], (body) => entries(body['scenarios']).length),
]

const countOf = ({ type, of }: Counter, output: TurnOutput): number =>
  output.artifacts.filter((draft) => draft.type === type).reduce((sum, { body }) => sum + (of ? of(body) : 1), 0)

/**
 * What of the level's least numbers a turn does not reach. `possible` is what the rules make of the same board: where the event itself is too
 * small for a number, as many as they found are enough.
 */
export function belowMinimum({ task, level }: TurnInput, output: TurnOutput, possible: TurnOutput): string[] {
  if (output.user_input_needed) return []
  return COUNTERS.filter(({ tasks }) => tasks.includes(task)).flatMap((counter) => {
    const wanted = Math.min(counter.least[level], countOf(counter, possible))
    const found = countOf(counter, output)
    return found < wanted ? [`${counter.type}: ${found} of at least ${wanted} ${counter.what}`] : []
  })
}
