import type { BaseEngine } from '../components/base-engine.ts'
import type { SimulationConfig } from '../config/simulation-config.ts'
import type { SimulationState } from '../state/state.ts'

export type TerminationReason = 'max_turns' | 'min_value' | 'max_value' | 'engine' | 'interrupted' | 'stopped' | 'error'

/** Values the limits watch: the variable of every active agent, or the one global variable. */
function watched({ termination }: SimulationConfig['simulation'], state: SimulationState): number[] {
  const { variable, scope } = termination
  if (variable === null) return []
  const values =
    scope === 'global'
      ? [state.globalState[variable]]
      : Object.values(state.agents)
          .filter(({ name }) => !state.pausedAgents.includes(name))
          .map((agent) => agent[variable])
  return values.filter((value): value is number => typeof value === 'number')
}

/** Why the run ends before its next turn; undefined when it goes on. */
export async function terminationReason(
  config: SimulationConfig,
  engine: BaseEngine,
  state: SimulationState,
): Promise<{ reason: TerminationReason; detail?: string } | undefined> {
  const { max_turns: maxTurns, termination } = config.simulation
  if (state.turn >= maxTurns) return { reason: 'max_turns' }
  const values = watched(config.simulation, state)
  const { min_value: min, max_value: max } = termination
  if (min !== null && values.some((value) => value < min)) return { reason: 'min_value' }
  if (max !== null && values.some((value) => value > max)) return { reason: 'max_value' }
  const verdict = await engine.checkTermination(state)
  const stop = typeof verdict === 'boolean' ? verdict : verdict?.stop === true
  if (!stop) return undefined
  const detail = typeof verdict === 'object' ? verdict.reason : undefined
  return detail === undefined ? { reason: 'engine' } : { reason: 'engine', detail }
}
