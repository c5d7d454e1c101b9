import { createHash } from 'node:crypto'
import { deepFreeze } from '../core/json.ts'
import { filterByProximity } from '../spatial/queries.ts'
import type { Definitions } from '../state/definitions.ts'
import type { AgentState, SimulationState } from '../state/state.ts'
import { GLOBAL, type Relation, type Visibility } from './visibility.ts'

export type ObservationRules = {
  seed: number
  definitions: Definitions
  visibility: Visibility | undefined
  /** Hops an agent sees on the map; null sees all of it. */
  proximityRadius: number | null
}

/** r of observed = true × (1 + r): uniform in [−noise, noise], the same on every machine for the same five inputs. */
export function noiseFactor(
  seed: number,
  turn: number,
  observer: string,
  target: string,
  variable: string,
  noise: number,
): number {
  const digest = createHash('sha256').update(`${seed}|${turn}|${observer}|${target}|${variable}`).digest()
  const u = Number(digest.readBigUInt64BE(0)) / 2 ** 64
  return (2 * u - 1) * noise
}

/** Variables of one target as one observer sees them. Only top-level numbers get noise; integers stay whole. */
function seen(
  values: Readonly<Record<string, any>>,
  relation: Relation,
  scope: 'agent' | 'global',
  where: { rules: ObservationRules; turn: number; observer: string; target: string },
): Record<string, any> {
  const { rules, turn, observer, target } = where
  const definitions = rules.definitions[scope]
  const result: Record<string, any> = {}
  for (const [variable, value] of Object.entries(values)) {
    if (variable === 'name' && scope === 'agent') {
      result[variable] = value
      continue
    }
    if (relation.level === 'external' && !rules.visibility!.isExternal(variable)) continue
    if (typeof value !== 'number' || relation.noise === 0) {
      result[variable] = value
      continue
    }
    const noisy = value * (1 + noiseFactor(rules.seed, turn, observer, target, variable, relation.noise))
    result[variable] = definitions.get(variable)?.type === 'int' ? Math.round(noisy) : noisy
  }
  return result
}

function filterByVisibility(observer: string, state: SimulationState, rules: ObservationRules): SimulationState {
  const { relation } = rules.visibility!
  const agents: Record<string, AgentState> = {}
  for (const [target, agent] of Object.entries(state.agents)) {
    const how = relation(observer, target)
    if (how.level === 'unaware') continue
    const isWhole = how.level === 'insider' && how.noise === 0
    agents[target] = isWhole
      ? agent
      : (seen(agent, how, 'agent', { rules, turn: state.turn, observer, target }) as AgentState)
  }
  const how = relation(observer, GLOBAL)
  const globalState =
    how.level === 'unaware'
      ? {}
      : seen(state.globalState, how, 'global', { rules, turn: state.turn, observer, target: GLOBAL })
  const isVisible = (name: string) => Object.hasOwn(agents, name)
  const keep = <T>(map: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(map).filter(([name]) => isVisible(name)))
  const space = state.spatialState
  return {
    ...state,
    agents,
    globalState,
    pausedAgents: state.pausedAgents.filter(isVisible),
    autoResume: keep(state.autoResume),
    spatialState: space && { ...space, agentPositions: keep(space.agentPositions) },
  }
}

/** What one agent gets to see: the map around it first, then what the matrix allows. New objects; the state stays as it is. */
export function buildObservation(observer: string, state: SimulationState, rules: ObservationRules): SimulationState {
  let view: SimulationState = state.reasoningChains.length > 0 ? { ...state, reasoningChains: [] } : state
  if (state.spatialState && rules.proximityRadius !== null)
    view = filterByProximity(observer, view, rules.proximityRadius)
  if (rules.visibility) view = filterByVisibility(observer, view, rules)
  return deepFreeze(view)
}
