import type { Action } from '../components/action.ts'
import type { EngineContext, SystemOptions } from '../components/context.ts'
import { isMap } from '../core/json.ts'
import type { Interaction } from '../events/build-event.ts'
import type { Cause, EventRef, SystemStatus } from '../events/event.ts'
import { isEventId } from '../events/validate-event.ts'
import { type SpatialMutations, spatialMutations } from '../spatial/mutations.ts'
import type { SimulationState } from '../state/state.ts'
import { BaseContext } from './contexts.ts'
import { type RunParts, rememberAction } from './run-parts.ts'

type Report = { ref: EventRef; variables: ReadonlySet<string> }
type Pending = { action: Action; causes: Cause[]; interaction: Interaction | undefined }

const MAX_DETAIL_CAUSES = 50

export const ownerKey = (agentId: string | undefined, variable: string): string => `${agentId ?? ''}\u0000${variable}`

/**
 * What an engine emits through. The ACTION of the action being applied is written just before the first thing reported for
 * it, at the latest when the engine returns: so the engine can still say whom it concerns and what it answers.
 */
export class EngineRunContext extends BaseContext implements EngineContext {
  readonly map: SpatialMutations = spatialMutations
  readonly #initial: () => SimulationState
  #step: 'init' | 'apply' | 'rules' = 'init'
  #pending: Pending | undefined
  /** The ACTION applied; between actions and in the rules the phase. */
  #cause: EventRef
  #reports: Report[] = []
  #explicit = new Set<string>()

  constructor(parts: RunParts, initial: () => SimulationState) {
    super(parts, parts.log.bind({ component: 'engine' }))
    this.#initial = initial
    this.#cause = parts.events.phase
  }

  initialState(): SimulationState {
    return this.#initial()
  }

  /** Opens a step of the turn: nothing of the step before is cited any more. */
  begin(step: 'apply' | 'rules'): void {
    this.#step = step
    this.#cause = this.parts.events.phase
    this.#reports = []
    this.#explicit = new Set()
    this.#pending = undefined
  }

  /** Announces the action about to be applied. */
  beginAction(action: Action, decision: EventRef | undefined): void {
    this.begin('apply')
    const causes: Cause[] = decision ? [decision] : [this.parts.events.phase]
    const answered = action.parameters?.['in_response_to']
    const ref = typeof answered === 'string' ? this.parts.actionRefs.get(answered) : undefined
    if (ref) causes.push(ref)
    this.#pending = { action, causes, interaction: this.#usable(action, action.interaction) }
  }

  /** Writes the ACTION announced, if it is not written yet. */
  flushAction(): EventRef {
    const pending = this.#pending
    if (!pending) return this.#cause
    this.#pending = undefined
    this.#cause = emitAction(this.parts, pending.action, pending.causes, pending.interaction)
    return this.#cause
  }

  /** Initiator first, everyone once; undefined when it names nobody else. */
  #usable(action: Action, given: unknown): Interaction | undefined {
    if (given === undefined) return undefined
    const { type, participants } = isMap(given) ? given : {}
    const names = Array.isArray(participants)
      ? participants.filter((name) => typeof name === 'string' && name !== '')
      : []
    const all = [...new Set([action.agentName, ...names])]
    if (typeof type === 'string' && type !== '' && all.length >= 2) return { type, participants: all }
    this.logger.warning('interaction_ignored', { agent: action.agentName, action: action.actionName })
    return undefined
  }

  interaction(type: string, participants: readonly string[]): void {
    if (!this.#pending) {
      this.logger.warning('interaction_too_late', { type })
      return
    }
    this.#pending.interaction = this.#usable(this.#pending.action, { type, participants })
  }

  respondsTo(action: Cause): void {
    if (!this.#pending) {
      this.logger.warning('response_too_late')
      return
    }
    const cause =
      typeof action === 'string'
        ? (this.parts.actionRefs.get(action) ?? (isEventId(action) ? action : undefined))
        : action
    if (cause !== undefined) this.#pending.causes.push(cause)
  }

  detail(
    type: string,
    values: Readonly<Record<string, unknown>>,
    options: { agentId?: string; causedBy?: readonly Cause[]; description?: string } = {},
  ): EventRef {
    this.flushAction()
    const ref = this.parts.events.detail({
      calculationType: type,
      intermediateValues: values,
      agentId: options.agentId,
      description: options.description,
      causedBy: options.causedBy ?? [this.#cause],
      extra: this.#step === 'init' ? undefined : { phase: this.#step },
    })
    this.#reports.push({ ref, variables: new Set([type, ...Object.keys(isMap(values) ? values : {})]) })
    return ref
  }

  change(
    variable: string,
    oldValue: unknown,
    newValue: unknown,
    options: { agentId?: string; causedBy?: readonly Cause[]; description?: string } = {},
  ): EventRef {
    this.flushAction()
    this.#explicit.add(ownerKey(options.agentId, variable))
    return this.parts.events.state({
      variableName: variable,
      oldValue,
      newValue,
      agentId: options.agentId,
      description: options.description,
      causedBy: options.causedBy ?? [this.#cause],
      extra: this.#step === 'init' ? undefined : { phase: this.#step },
    })
  }

  milestone(
    from: string,
    to: string,
    options: { outcome?: string; description?: string; causedBy?: readonly Cause[] } = {},
  ): EventRef {
    this.flushAction()
    return this.parts.events.milestone({
      milestoneType: 'phase_transition',
      description: options.description,
      causedBy: options.causedBy ?? [this.parts.events.phase],
      extra: { phase_from: from, phase_to: to, ...(options.outcome === undefined ? {} : { outcome: options.outcome }) },
    })
  }

  system(status: SystemStatus, options: SystemOptions = {}): EventRef {
    this.flushAction()
    return this.emitSystem(status, options, [this.#cause])
  }

  /** Was this variable's change reported by the engine itself in this step? */
  isExplicit(agentId: string | undefined, variable: string): boolean {
    return this.#explicit.has(ownerKey(agentId, variable))
  }

  /** DETAILs to cite for a change: of an action all of them, of the rules those that name the variable, else all. */
  reportsFor(variable: string): EventRef[] {
    const naming = this.#step === 'rules' ? this.#reports.filter(({ variables }) => variables.has(variable)) : []
    return (naming.length > 0 ? naming : this.#reports).slice(0, MAX_DETAIL_CAUSES).map(({ ref }) => ref)
  }
}

/** The one ACTION event of an action. */
export function emitAction(
  parts: RunParts,
  action: Action,
  causes: readonly Cause[],
  interaction: Interaction | undefined,
): EventRef {
  const others = interaction ? ` with ${interaction.participants.slice(1).join(', ')}` : ''
  const ref = parts.events.action({
    agentId: action.agentName,
    actionType: action.actionName,
    actionPayload: action.parameters ?? {},
    interaction,
    description: action.actionString ?? `${action.agentName}: ${action.actionName}${others}`,
    causedBy: causes,
    extra: { action_id: action.actionId, validated: action.validated },
  })
  rememberAction(parts, action.actionId, ref)
  return ref
}
