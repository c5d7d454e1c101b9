import { deepEqual, deepFreeze, isMap, type Json } from '../core/json.ts'
import { checkValue } from './check-value.ts'
import type { Definitions } from './definitions.ts'
import type { AgentState, SimulationState, SpatialState } from './state.ts'
import type { VariableDefinition } from './variable-definition.ts'

export type Change = {
  scope: 'agent' | 'global'
  agentId?: string
  variable: string
  oldValue: Json
  newValue: Json
  clamped: boolean
}
export type Violation = {
  scope: 'agent' | 'global'
  agentId?: string
  variable: string
  attempted: unknown
  message: string
}
export type Accepted = { state: SimulationState; changes: Change[]; violations: Violation[] }

type Book = { definitions: Definitions; wantChanges: boolean; changes: Change[]; violations: Violation[] }
type Owner = { scope: 'agent' | 'global'; agentId?: string; path: string }

/**
 * What an engine returned, made safe: only variables whose value changed are looked at; an update outside type or bounds is
 * rejected (the old value stays) or clamped; population, pauses and the turn are not the engine's to change. The given
 * state stays as it was; the result is frozen. Changes are listed only when wanted.
 */
export function acceptState(
  before: SimulationState,
  after: unknown,
  definitions: Definitions,
  wantChanges: boolean,
): Accepted {
  const book: Book = { definitions, wantChanges, changes: [], violations: [] }
  if (after === before) return { state: before, changes: [], violations: [] }
  if (!isMap(after) || !isMap(after['agents']) || !isMap(after['globalState']))
    throw new TypeError('An engine must return a state with agents and globalState')
  const agents = acceptAgents(before, after['agents'], book)
  const globalState = acceptMap(
    before.globalState,
    after['globalState'],
    definitions.global,
    { scope: 'global', path: 'global_state' },
    book,
  )
  const spatialState = acceptSpatial(before, after['spatialState'] as SpatialState | null | undefined, book)
  const chains = Array.isArray(after['reasoningChains']) ? after['reasoningChains'] : before.reasoningChains
  const state = deepFreeze({ ...before, agents, globalState, spatialState, reasoningChains: chains })
  return { state, changes: book.changes, violations: book.violations }
}

function acceptAgents(before: SimulationState, after: Record<string, unknown>, book: Book): SimulationState['agents'] {
  let result: Record<string, AgentState> | undefined
  for (const name of Object.keys(before.agents)) {
    const old = before.agents[name]!
    const given = Object.hasOwn(after, name) ? after[name] : undefined
    if (given === old) continue
    const owner: Owner = { scope: 'agent', agentId: name, path: `agents.${name}` }
    if (!isMap(given)) {
      violate(
        book,
        owner,
        'lifecycle_status',
        given ?? null,
        `${owner.path} must stay: agents leave through the lifecycle`,
      )
      continue
    }
    const accepted = acceptMap(old, given, book.definitions.agent, owner, book) as AgentState
    if (accepted === old) continue
    result ??= { ...before.agents }
    result[name] = accepted
  }
  for (const name of Object.keys(after))
    if (!Object.hasOwn(before.agents, name)) {
      const owner: Owner = { scope: 'agent', agentId: name, path: `agents.${name}` }
      violate(book, owner, 'lifecycle_status', null, `${owner.path} is new: agents come through the lifecycle`)
    }
  return result ?? before.agents
}

function violate(book: Book, owner: Owner, variable: string, attempted: unknown, message: string): void {
  const violation: Violation = { scope: owner.scope, variable, attempted, message }
  if (owner.agentId !== undefined) violation.agentId = owner.agentId
  book.violations.push(violation)
}

function acceptMap(
  old: Readonly<Record<string, any>>,
  given: Record<string, any>,
  definitions: ReadonlyMap<string, VariableDefinition>,
  owner: Owner,
  book: Book,
): Readonly<Record<string, any>> {
  if (given === old) return old
  let result: Record<string, any> | undefined
  for (const [variable, definition] of definitions) {
    const was = old[variable]
    const is = Object.hasOwn(given, variable) ? given[variable] : undefined
    if (Object.is(was, is)) continue
    const path = `${owner.path}.${variable}`
    const checked = checkValue(definition, is, path, true)
    if (checked.problem) {
      const { path: at, expected, actual } = checked.problem
      violate(book, owner, variable, is ?? null, `${at} must be ${expected}, but is ${actual}`)
      continue
    }
    if (deepEqual(was, checked.value)) continue
    result ??= { ...old }
    result[variable] = checked.value
    if (!book.wantChanges) continue
    const change: Change = {
      scope: owner.scope,
      variable,
      oldValue: was,
      newValue: checked.value,
      clamped: checked.clamped,
    }
    if (owner.agentId !== undefined) change.agentId = owner.agentId
    book.changes.push(change)
  }
  for (const key of Object.keys(given))
    if (key !== 'name' && !definitions.has(key))
      violate(
        book,
        owner,
        key,
        given[key] ?? null,
        `${owner.path}.${key} is not a defined variable: ${[...definitions.keys()].join(', ')}`,
      )
  return result ?? old
}

function acceptSpatial(
  before: SimulationState,
  given: SpatialState | null | undefined,
  book: Book,
): SpatialState | null {
  const old = before.spatialState
  if (given === old || given === undefined) return old
  if (old === null || !isMap(given) || !isMap(given.agentPositions) || !isMap(given.locations)) {
    violate(
      book,
      { scope: 'global', path: 'spatial_state' },
      'spatial_state',
      null,
      'spatial_state must be changed through ctx.map',
    )
    return old
  }
  for (const name of new Set([...Object.keys(old.agentPositions), ...Object.keys(given.agentPositions)])) {
    const [was, is] = [old.agentPositions[name] ?? null, given.agentPositions[name] ?? null]
    if (was === is) continue
    const owner: Owner = { scope: 'agent', agentId: name, path: `spatial_state.agent_positions.${name}` }
    const isKnown = Object.hasOwn(before.agents, name) && (is === null || Object.hasOwn(given.locations, is))
    if (!isKnown) {
      violate(book, owner, 'location', is, `${owner.path} must be a known location of a known agent, but is ${is}`)
      return old
    }
    if (book.wantChanges)
      book.changes.push({
        scope: 'agent',
        agentId: name,
        variable: 'location',
        oldValue: was,
        newValue: is,
        clamped: false,
      })
  }
  return given
}
