import type { SimEvent } from '../loop/events/event.ts'
import type { WorldState } from '../schema.ts'

/** One variable of the world: of an agent, or global. */
export type VariableKey = { agent: string | undefined; variable: string }

/** The shown name: `agent.variable`, or `variable` when it is global. */
export const variableName = ({ agent, variable }: VariableKey): string =>
  agent === undefined ? variable : `${agent}.${variable}`

/** Names of agents and variables hold no line break, so this text is theirs alone. */
export const keyText = (agent: string | undefined, variable: string): string => `${agent ?? ''}\n${variable}`
export function keyOf(text: string): VariableKey {
  const at = text.indexOf('\n')
  return { agent: at === 0 ? undefined : text.slice(0, at), variable: text.slice(at + 1) }
}

/** Every variable of a state, positions as `location`. */
export function valuesOf(state: WorldState): Map<string, unknown> {
  const values = new Map<string, unknown>()
  for (const [name, value] of Object.entries(state.global_state)) values.set(keyText(undefined, name), value)
  for (const [agent, own] of Object.entries(state.agents))
    for (const [name, value] of Object.entries(own)) if (name !== 'name') values.set(keyText(agent, name), value)
  const positions = (state.spatial_state as { agent_positions?: Record<string, string> } | null)?.agent_positions
  for (const [agent, place] of Object.entries(positions ?? {})) values.set(keyText(agent, 'location'), place)
  return values
}

/** The variable a STATE event changed and what it is now; undefined for other events. */
export function changeOf(event: SimEvent): { key: string; value: unknown } | undefined {
  const variable = event.details?.['variable_name']
  if (event.event_type !== 'STATE' || typeof variable !== 'string') return undefined
  const agent = event.details?.['scope'] === 'global' ? undefined : event.agent_id
  return { key: keyText(agent, variable), value: event.details?.['new_value'] }
}

/** Global variables first, then agents, each in code-unit order. */
export function byKey(a: string, b: string): number {
  const [x, y] = [keyOf(a), keyOf(b)]
  const rank = Number(x.agent !== undefined) - Number(y.agent !== undefined)
  return rank || (a < b ? -1 : a > b ? 1 : 0)
}
