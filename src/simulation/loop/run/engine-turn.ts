import type { Action, Judged } from '../components/action.ts'
import { type BaseEngine, setEngineState } from '../components/base-engine.ts'
import type { Cause, EventRef, Phase } from '../events/event.ts'
import { type Accepted, acceptState, type Change } from '../state/accept-state.ts'
import { changedPaths } from '../state/changed-paths.ts'
import type { SimulationState } from '../state/state.ts'
import type { EngineRunContext } from './engine-context.ts'
import { openPhase } from './phases.ts'
import type { RunParts } from './run-parts.ts'

export type DecisionRefs = ReadonlyMap<string, EventRef>
export type TurnCounts = { applied: number; rejected: number; changes: number }

const YIELD_EVERY = 50

const isCollection = (value: unknown) => typeof value === 'object' && value !== null
const shown = (value: unknown): string => (isCollection(value) ? '…' : String(value))

function describe({ agentId, variable, oldValue, newValue }: Change): string {
  const owner = agentId === undefined ? variable : `${agentId}.${variable}`
  return isCollection(oldValue) || isCollection(newValue)
    ? `${owner} changed`
    : `${owner}: ${shown(oldValue)} -> ${shown(newValue)}`
}

/** STATE for each change, SYSTEM for each update that was not accepted. */
function report(
  parts: RunParts,
  accepted: Accepted,
  phase: Phase,
  ctx: EngineRunContext,
  causesOf: (agentId: string | undefined) => readonly Cause[],
  counts: TurnCounts,
): void {
  for (const change of accepted.changes) {
    counts.changes++
    if (ctx.isExplicit(change.agentId, change.variable)) continue
    const extra: Record<string, unknown> = { phase }
    if (isCollection(change.oldValue) && isCollection(change.newValue))
      extra['changed_paths'] = changedPaths(change.oldValue, change.newValue)
    if (change.clamped) extra['clamped'] = true
    parts.events.state({
      variableName: change.variable,
      oldValue: change.oldValue,
      newValue: change.newValue,
      agentId: change.agentId,
      description: describe(change),
      causedBy: [...causesOf(change.agentId), ...ctx.reportsFor(change.variable)],
      extra,
    })
  }
  for (const { agentId, variable, attempted, message } of accepted.violations) {
    parts.log.error('state_constraint_violation', { agent_id: agentId ?? null, variable, message })
    ctx.system('failure', {
      systemEventType: 'state_violation',
      errorType: 'state_constraint_violation',
      message,
      causedBy: causesOf(agentId),
      extra: { variable, attempted_value: attempted, ...(agentId === undefined ? {} : { agent_name: agentId }) },
    })
  }
}

async function applyOneByOne(
  parts: RunParts,
  engine: BaseEngine,
  start: SimulationState,
  actions: readonly Action[],
  decisions: DecisionRefs,
  ctx: EngineRunContext,
  counts: TurnCounts,
): Promise<SimulationState> {
  let state = start
  for (const [i, action] of actions.entries()) {
    if (i % YIELD_EVERY === YIELD_EVERY - 1) await parts.breathe()
    ctx.beginAction(action, decisions.get(action.agentName))
    ctx.lookAt(state.spatialState)
    let next: SimulationState
    let ref: EventRef
    try {
      next = await engine.applyAction(state, action, ctx)
    } finally {
      ref = ctx.flushAction()
    }
    counts.applied++
    const accepted = acceptState(state, next, parts.loaded.definitions, parts.events.wants('STATE'))
    report(parts, accepted, 'apply', ctx, () => [ref], counts)
    state = accepted.state
    setEngineState(engine, state)
  }
  return state
}

/** All actions first, one comparison after: a change cites the actions of its owner, a global one all of them. */
async function applyTogether(
  parts: RunParts,
  engine: BaseEngine,
  state: SimulationState,
  actions: readonly Action[],
  decisions: DecisionRefs,
  ctx: EngineRunContext,
  counts: TurnCounts,
): Promise<SimulationState> {
  const refs = new Map<string, EventRef>()
  for (const action of actions) {
    ctx.beginAction(action, decisions.get(action.agentName))
    refs.set(action.agentName, ctx.flushAction())
    counts.applied++
  }
  ctx.begin('apply')
  ctx.lookAt(state.spatialState)
  const next = await engine.applyActions!(state, actions, ctx)
  const accepted = acceptState(state, next, parts.loaded.definitions, parts.events.wants('STATE'))
  const all = [...refs.values()]
  report(parts, accepted, 'apply', ctx, (agentId) => ownCauses(refs, all, agentId), counts)
  setEngineState(engine, accepted.state)
  return accepted.state
}

function ownCauses(
  refs: ReadonlyMap<string, EventRef>,
  all: readonly EventRef[],
  agentId: string | undefined,
): readonly Cause[] {
  const own = agentId === undefined ? undefined : refs.get(agentId)
  return own ? [own] : all
}

/** Phases apply and rules of a turn. The result has the turn's changes; its turn number is set by the caller. */
export async function runEngineTurn(
  parts: RunParts,
  engine: BaseEngine,
  judged: readonly Judged[],
  decisions: DecisionRefs,
  ctx: EngineRunContext,
  counts: TurnCounts,
): Promise<SimulationState> {
  await openPhase(parts, 'validate', 'apply')
  const start = engine.getCurrentState()
  const valid: Action[] = []
  for (const { action, valid: isValid } of judged) {
    if (isValid && action.validated) valid.push(action)
    else parts.log.info(`SKIPPED Agent [${action.agentName}] due to unvalidated Action`)
  }
  const apply = engine.applyActions ? applyTogether : applyOneByOne
  const applied = await apply(parts, engine, start, valid, decisions, ctx, counts)
  const phase = await openPhase(parts, 'apply', 'rules')
  ctx.begin('rules')
  ctx.lookAt(applied.spatialState)
  const next = await engine.applyEngineRules(applied, ctx)
  const accepted = acceptState(applied, next, parts.loaded.definitions, parts.events.wants('STATE'))
  report(parts, accepted, 'rules', ctx, () => [phase], counts)
  setEngineState(engine, accepted.state)
  return accepted.state
}
