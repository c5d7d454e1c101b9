import { stateIndex, WORKFLOWS } from '../workflows/workflow-defs.ts'
import type { EngineState } from './engine-state.ts'
import { currentDef, currentPass, isSettled, liveTasks, runTasks } from './task-graph.ts'
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
  return Math.round((sum + current.weight * doneShare(s)) * 100) / 100
}

/** Tasks of the current state that are done, by all of them; those not made yet, behind a decision or a fan-out, count as one. */
function doneShare(s: EngineState): number {
  const tasks = liveTasks(s)
  const { expanded } = currentPass(s)
  const toCome = runTasks(s, currentDef(s)).filter((task) => expanded[task.id] === undefined).length
  const all = tasks.length + toCome
  return all === 0 ? 0 : tasks.filter(isSettled).length / all
}

/** Now plus the expected seconds that remain, scaled by how long the work has taken so far. Null when nothing runs. */
export function estimateCompletion(s: EngineState, now: string): string | null {
  if (s.status !== 'running' && s.status !== 'paused') return null
  const states = WORKFLOWS[s.type].states
  const total = states.reduce((sum, state) => sum + state.expectedSeconds, 0)
  const at = stateIndex(s.type, s.current_state)
  const done = states.slice(0, at).reduce((sum, state) => sum + state.expectedSeconds, 0)
  const passed = done + states[at]!.expectedSeconds * doneShare(s)
  const scale = passed > 0 ? ranSeconds(s, now) / passed : 1
  return new Date(Date.parse(now) + (total - passed) * scale * 1000).toISOString()
}
