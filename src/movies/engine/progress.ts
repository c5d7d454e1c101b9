import { stateIndex, WORKFLOWS } from '../workflows/workflow-defs.ts'
import type { EngineState } from './engine-state.ts'
import { isSettled, liveTasks } from './task-graph.ts'
import { ranSeconds } from './work.ts'

/**
 * Contract 3.1: the weights of the completed states, plus the weight of the current state times the share of its tasks
 * that are done. Rounded to two digits.
 */
export function progressOf(s: EngineState): number {
  if (s.status === 'completed') return 100
  const states = WORKFLOWS[s.type].states
  const completed = states.filter((state) => s.completed_states.includes(state.id))
  const sum = completed.reduce((total, state) => total + state.weight, 0)
  const current = states.find((state) => state.id === s.current_state)!
  if (completed.includes(current)) return Math.min(sum, 100)
  const tasks = liveTasks(s)
  const share = tasks.length === 0 ? 0 : tasks.filter(isSettled).length / tasks.length
  return Math.round((sum + current.weight * share) * 100) / 100
}

/** Now plus the expected seconds that remain, scaled by how long the work has taken so far. Null when nothing runs. */
export function estimateCompletion(s: EngineState, now: string): string | null {
  if (s.status !== 'running' && s.status !== 'paused') return null
  const states = WORKFLOWS[s.type].states
  const total = states.reduce((sum, state) => sum + state.expectedSeconds, 0)
  const at = stateIndex(s.type, s.current_state)
  const done = states.slice(0, at).reduce((sum, state) => sum + state.expectedSeconds, 0)
  const tasks = liveTasks(s)
  const share = tasks.length === 0 ? 0 : tasks.filter(isSettled).length / tasks.length
  const passed = done + states[at]!.expectedSeconds * share
  const scale = passed > 0 ? ranSeconds(s, now) / passed : 1
  return new Date(Date.parse(now) + (total - passed) * scale * 1000).toISOString()
}
