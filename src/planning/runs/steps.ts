import { specialists } from '../agents/team.ts'
import { isAtLeast } from '../agents/turn.ts'
import type { Board } from '../artifacts/board.ts'
import { type AgentName, type InstructionLevel, LIFECYCLE_STATES, type LifecycleState } from '../schema.ts'
import { nextRevision } from './revisions.ts'
import type { Session } from './session-store.ts'

export type Step = { key: string; agent: AgentName; task: string; from?: InstructionLevel }
const step = (agent: AgentName, task: string, from?: InstructionLevel): Step => ({
  key: task,
  agent,
  task,
  ...(from ? { from } : {}),
})

/** The work of each state in order (contract 1.4, 4.4). */
const WORK: Readonly<Partial<Record<LifecycleState, readonly Step[]>>> = {
  Initiate: [step('event-planner', 'scope')],
  Plan: [step('event-planner', 'plan')],
  Research: [step('venue-researcher', 'venues')],
  Budget: [
    step('budget-analyst', 'baseline'),
    step('catering-coordinator', 'proposal'),
    step('budget-analyst', 'costs'),
  ],
  Logistics: [
    step('logistics-coordinator', 'contracts', 'Intermediate'),
    step('catering-coordinator', 'contract', 'Intermediate'),
    step('budget-analyst', 'chat', 'Intermediate'),
    step('logistics-coordinator', 'operations'),
    step('logistics-coordinator', 'calendar'),
  ],
}
/** What a later run does again, by the agents a change affects. The catering of the plan follows from the proposal. */
const REWORK: readonly (Step & { by: AgentName })[] = [
  { ...step('budget-analyst', 'baseline'), by: 'budget-analyst' },
  { ...step('venue-researcher', 'venues'), by: 'venue-researcher' },
  { ...step('catering-coordinator', 'proposal'), by: 'catering-coordinator' },
  { ...step('budget-analyst', 'costs'), by: 'budget-analyst' },
  { ...step('logistics-coordinator', 'catering-only'), by: 'catering-coordinator' },
]
/** The steps of a state: those of the five agents, then the specialists'. */
const stepsOf = (state: LifecycleState): readonly Step[] => [
  ...(WORK[state] ?? []),
  ...specialists()
    .filter(({ works }) => works.in === state)
    .map(({ name, works }) => step(name, name, works.from)),
]
/** Steps that only a revision calls for. */
const EXTRA: readonly Step[] = [step('logistics-coordinator', 'venue-contract')]
const allSteps = (): Step[] => [...LIFECYCLE_STATES.flatMap(stepsOf), ...REWORK, ...EXTRA]
export const stepNamed = (task: string): Step => {
  const { key, agent } = allSteps().find((one) => one.task === task)!
  return { key, agent, task }
}

export const position = (state: LifecycleState): number => LIFECYCLE_STATES.indexOf(state)

/** Steps of a re-work for these agents, of what exists already. */
export const reworkSteps = (board: Board, agents: ReadonlySet<string>): string[] => {
  const there: Record<string, unknown> = {
    baseline: board.artifacts.BudgetBaseline,
    venues: board.artifacts.VenueScorecard,
    proposal: board.artifacts.BudgetBaseline,
    costs: board.artifacts.CostModel,
    'catering-only': board.artifacts.LogisticsPlan,
  }
  return REWORK.filter(({ by, task }) => agents.has(by) && there[task]).map(({ task }) => task)
}

export type Choice =
  | { kind: 'turn'; step: Step }
  | { kind: 'ask-fact'; fact: string }
  | { kind: 'transition'; target: LifecycleState }
  | { kind: 'wait'; approval: string }
  | { kind: 'escalate'; id: string; name: string }
  | { kind: 'finish' }

/** What a session does next. */
export function chooseNext(session: Session, board: Board): Choice {
  const state = board.brief.lifecycle_state
  if (session.missing.length > 0 && session.asked === 0 && session.interaction_mode !== 'interactive')
    return { kind: 'ask-fact', fact: session.missing[0]! }
  const over = new Set([...session.done, ...session.failed])
  const redo = session.steps?.find((task) => !over.has(`redo ${task}`))
  if (redo) return { kind: 'turn', step: { ...stepNamed(redo), key: `redo ${redo}` } }
  const revision = nextRevision(session, board)
  if (revision) return revision.kind === 'revise' ? { kind: 'turn', step: revision.step } : revision
  const reached = position(state) >= position(session.target_phase)
  if (!reached) {
    const open = stepsOf(state).find(
      ({ key, from }) => !over.has(key) && (!from || isAtLeast(session.instruction_level, from)),
    )
    if (open) return { kind: 'turn', step: open }
    return { kind: 'transition', target: LIFECYCLE_STATES[position(state) + 1]! }
  }
  const pending = board.approvals.find(({ status }) => status === 'pending')
  if (pending && position(state) >= position('Confirm') && session.instruction_level !== 'Beginner')
    return { kind: 'wait', approval: pending.approval_id }
  return { kind: 'finish' }
}

/** Share of an agent's planned steps that are over, in percent. */
export function progressOf(session: Session, agent: AgentName): number {
  const planned = LIFECYCLE_STATES.flatMap(stepsOf).filter(
    (one) => one.agent === agent && (!one.from || isAtLeast(session.instruction_level, one.from)),
  )
  const done = planned.filter(({ key }) => session.done.includes(key)).length
  return planned.length === 0 || done >= planned.length ? 100 : Math.floor((done / planned.length) * 100)
}
