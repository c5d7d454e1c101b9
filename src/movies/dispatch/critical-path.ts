import { rosterAgent } from '../agents/roster.ts'
import type { WorkflowType } from '../schema.ts'
import type { StateDef } from '../workflows/workflow-def.ts'
import { stateIndex, WORKFLOWS } from '../workflows/workflow-defs.ts'

const known = new Map<string, number>()

/** Longest expected time, in seconds, from the start of a task to the end of its workflow. */
export function remainingSeconds(type: WorkflowType, state: string, taskType: string): number {
  const key = `${type}/${state}/${taskType}`
  const found = known.get(key)
  if (found !== undefined) return found
  const states = WORKFLOWS[type].states
  const at = stateIndex(type, state)
  const later = states.slice(at + 1).reduce((sum, s) => sum + s.expectedSeconds, 0)
  const value = later + longestFrom(states[at]!, taskType)
  known.set(key, value)
  return value
}

const secondsOf = (agent: string) => rosterAgent(agent)?.targetSeconds ?? 60

function longestFrom(def: StateDef, taskType: string): number {
  const task = def.tasks.find((t) => t.id === taskType)
  if (!task) return 0
  const after = def.tasks.filter((t) => t.after.includes(taskType)).map((t) => longestFrom(def, t.id))
  return secondsOf(task.agent) + Math.max(0, ...after)
}
