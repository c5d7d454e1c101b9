import type { PointDef, StateDef, TaskDef } from '../workflows/workflow-def.ts'
import { stateDef } from '../workflows/workflow-defs.ts'
import { currentArtifact, currentItems } from './artifacts.ts'
import type { EngineState, EngineTask, StatePass } from './engine-state.ts'
import { holds, inProfile, runSettings } from './run-settings.ts'

/** Reading the task graph of the current state: which nodes belong to this run, which are settled, what is ready. */

export const currentDef = (s: EngineState): StateDef => stateDef(s.type, s.current_state)
export const currentPass = (s: EngineState): StatePass => s.passes[s.current_state]!

export const liveTasks = (s: EngineState, state = s.current_state, type?: string): EngineTask[] =>
  s.tasks.filter((t) => !t.superseded && t.state === state && (type === undefined || t.task_type === type))

/** Given with the request, or made by an earlier workflow and good enough for this task. */
export function isSupplied(s: EngineState, def: TaskDef): boolean {
  if (def.always || def.fanOut === 'new_character') return false
  const present = [currentArtifact(s, def.produces), ...currentItems(s, def.produces)].filter((a) => a !== null)
  if (def.fanOut && def.fanOut !== 'concept_option') return false
  return present.some((a) => a.origin === 'supplied' || (a.origin === 'inherited' && def.skipIfInherited === true))
}

/** Tasks of a state that belong to this run: by profile, parameters and supplied artifacts. */
export const runTasks = (s: EngineState, def: StateDef): TaskDef[] => {
  const { profile } = runSettings(s)
  return def.tasks.filter((task) => inProfile(task.profile, profile) && holds(s, task.when) && !isSupplied(s, task))
}

/** Points that ask in this run. In automatic mode a point that is always on answers itself (see advance). */
export const runPoints = (s: EngineState, def: StateDef): PointDef[] => {
  const briefSupplied = currentArtifact(s, 'concept_brief')?.origin === 'supplied'
  return def.points.filter(
    (point) => holds(s, point.enabled, point.point) && !(point.point === 'concept_selection' && briefSupplied),
  )
}

export const isSettled = (t: EngineTask) => t.status === 'completed' || t.skipped
/** Finally failed: no retry is planned. */
export const isDead = (t: EngineTask) => t.status === 'failed' && !t.skipped

/** Every task of a type is created and has ended, counting a failed frame, segment or line once media is accepted. */
export function typeIsDone(s: EngineState, type: string): boolean {
  const pass = currentPass(s)
  const tasks = liveTasks(s, s.current_state, type)
  if (pass.expanded[type] === undefined) return false
  return tasks.every((t) => isSettled(t) || (t.media && isDead(t) && pass.media_accepted))
}

/** No retry is planned further ahead (ten minutes at most): one that lies there was planned before the clock was set back, and is due. */
export const LONGEST_RETRY_MS = 660_000
const isDue = (at: string, now: string) => at <= now || Date.parse(at) - Date.parse(now) > LONGEST_RETRY_MS

/** Tasks that wait for nothing but an agent, in the order they were made. */
export function readyTasks(s: EngineState, now: string): EngineTask[] {
  if (s.status !== 'running' || s.queued) return []
  const byId = new Map(s.tasks.map((t) => [t.task_id, t]))
  return s.tasks.filter(
    (t) =>
      t.status === 'pending' &&
      !t.superseded &&
      (t.next_retry_at === null || isDue(t.next_retry_at, now)) &&
      dependenciesMet(s, t, byId),
  )
}

export function dependenciesMet(s: EngineState, task: EngineTask, byId: ReadonlyMap<string, EngineTask>): boolean {
  const deps = task.dependencies.map((id) => byId.get(id)).filter((t) => t !== undefined)
  if (task.task_type === 'segments') return segmentIsReady(task, deps)
  const accepted = s.passes[task.state]?.media_accepted === true
  return deps.every((d) => isSettled(d) || (d.media && isDead(d) && accepted))
}

/** A segment is made of those of its frames that exist. */
function segmentIsReady(task: EngineTask, deps: EngineTask[]): boolean {
  const frames = deps.filter((d) => d.task_type === 'frames')
  const others = deps.filter((d) => d.task_type !== 'frames')
  return others.every(isSettled) && frames.every((f) => isSettled(f) || isDead(f)) && !lacksFrames(task, deps)
}

/** All frames of the segment have finally failed. */
export function lacksFrames(task: EngineTask, deps: EngineTask[]): boolean {
  const frames = deps.filter((d) => d.task_type === 'frames')
  return frames.length > 0 && frames.every(isDead) && task.input.placeholder !== true
}

/** Nodes a task waits for that are part of this run: tasks that exist in it, points that are on. */
export function presentAfter(s: EngineState, def: StateDef, after: readonly string[]) {
  const tasks = new Map(runTasks(s, def).map((t) => [t.id, t]))
  const points = new Map<string, PointDef>(runPoints(s, def).map((p) => [p.point, p]))
  return {
    tasks: after.filter((id) => tasks.has(id)),
    points: after.filter((id) => points.has(id)),
  }
}

/** Ids of a state's tasks that follow the given ones, directly or not, through points too. */
export function dependentsOf(def: StateDef, ids: readonly string[]): Set<string> {
  const reached = new Set<string>(ids)
  let grown = true
  while (grown) {
    grown = false
    for (const node of [
      ...def.tasks.map((t) => ({ id: t.id, after: t.after })),
      ...def.points.map((p) => ({ id: p.point as string, after: p.after })),
    ]) {
      if (!reached.has(node.id) && node.after.some((id) => reached.has(id))) {
        reached.add(node.id)
        grown = true
      }
    }
  }
  return reached
}
