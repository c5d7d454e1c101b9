import { agentTitle, rosterAgent } from '../agents/roster.ts'
import type { StateDef, TaskDef } from '../workflows/workflow-def.ts'
import { deriveId } from './derive-id.ts'
import type { EngineState, EngineTask } from './engine-state.ts'
import { type FanOutItem, fanOutItems, productOf, splits } from './fan-out.ts'
import { liveTasks, presentAfter } from './task-graph.ts'

const MEDIA_TRIES: Record<string, number> = { frame: 2 }
const isMedia = (def: TaskDef) => def.fanOut === 'frame' || def.fanOut === 'segment' || def.fanOut === 'line'

/** The tasks of one definition in the current state: one, or one per item of its fan-out. Ids follow from the place. */
export function makeTasks(s: EngineState, def: StateDef, task: TaskDef): { tasks: EngineTask[]; count: number } {
  const dependencies = presentAfter(s, def, task.after).tasks.flatMap((id) => liveTasks(s, def.id, id))
  if (!splits(s, task)) return { tasks: [makeTask(s, def, task, null, dependencies)], count: 1 }
  const { items, count } = fanOutItems(s, task)
  const live = new Set(liveTasks(s, def.id, task.id).map((t) => t.index))
  const missing = items.filter((item) => !live.has(item.index))
  return {
    tasks: missing.map((item) => makeTask(s, def, task, item, ownDependencies(task, item, dependencies))),
    count,
  }
}

/** A segment waits for its own frames only. */
const ownDependencies = (task: TaskDef, item: FanOutItem, all: EngineTask[]) =>
  task.fanOut === 'segment'
    ? all.filter(
        (d) => d.task_type !== 'frames' || (item.input.frame_ids as string[]).includes(String(d.input.frame_id)),
      )
    : all

export function makeTask(
  s: EngineState,
  def: StateDef,
  task: TaskDef,
  item: FanOutItem | null,
  dependencies: EngineTask[],
): EngineTask {
  const index = item?.index ?? null
  const run = 1 + s.tasks.filter((t) => t.state === def.id && t.task_type === task.id && t.index === index).length
  const notes = s.notes[task.id]
  const title = agentTitle(task.id)
  return {
    task_id: deriveId(s.workflow_id, def.id, task.id, index ?? '', run),
    task_type: task.id,
    state: def.id,
    capability: task.agent,
    name: item ? `${title}: ${item.label}` : title,
    description: task.purpose,
    produces: productOf(s, task),
    index,
    count: item?.count ?? null,
    of: item?.of ?? null,
    run,
    superseded: false,
    skipped: false,
    media: isMedia(task),
    optional: task.optional === true,
    dependencies: dependencies.map((d) => d.task_id),
    status: 'pending',
    priority: s.priority,
    input: {
      purpose: task.purpose,
      ...item?.input,
      ...(notes && notes.feedback.length > 0 ? { feedback: notes.feedback.join('\n') } : {}),
      ...(notes && notes.issues.length > 0 ? { issues: notes.issues } : {}),
    },
    retry_count: 0,
    max_retries: MEDIA_TRIES[task.fanOut ?? ''] ?? s.task_limits?.retries ?? 3,
    lost_count: 0,
    repaired: false,
    timeout: timeoutOf(s, task),
    tried: {},
    agent_id: null,
    created_at: s.updated_at,
    started_at: null,
    completed_at: null,
    next_retry_at: null,
    error_type: null,
    error_message: null,
    error_category: null,
    quality_score: null,
    resource_usage: {},
    external_job_id: null,
    warnings: [],
  }
}

const USUAL_TIMEOUT = 300

/** Media agents have limits of their own; all others have the installation's. */
function timeoutOf(s: EngineState, task: TaskDef): number {
  const own = rosterAgent(task.agent)?.timeoutSeconds ?? USUAL_TIMEOUT
  return own === USUAL_TIMEOUT ? (s.task_limits?.timeout ?? USUAL_TIMEOUT) : own
}
