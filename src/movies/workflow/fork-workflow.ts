import { randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import type { Ctx } from '../../kernel/context.ts'
import { parse } from '../../kernel/http/route.ts'
import type { Border, ForkEdit, RunRef } from '../../kernel/runs/flow.ts'
import { requireProject } from '../access.ts'
import { deriveId } from '../engine/derive-id.ts'
import { type EngineArtifact, type EngineState, emptyPass } from '../engine/engine-state.ts'
import { isSettled } from '../engine/task-graph.ts'
import { transition } from '../engine/transition.ts'
import { say } from '../engine/work.ts'
import { getProjectRow, putProject } from '../projects/project-store.ts'
import { CreateWorkflow } from '../schema.ts'
import { artifactsRoot, loadState } from '../store/load-state.ts'
import { stateIndex, WORKFLOWS } from '../workflows/workflow-defs.ts'
import { nowOf } from './change-workflow.ts'
import { hasRoom, insertWorkflow } from './create-workflow.ts'

const readable = (state: string) => state.replaceAll('_', ' ')

/** What may be edited of a film before one of its states. */
const inputOf = (s: EngineState) => ({
  title: s.title,
  description: s.description,
  genre: s.genre,
  target_duration: s.target_duration,
  style_preferences: s.style_preferences,
  custom_parameters: s.custom_parameters,
})

/** Before each state a film has entered; the number of a border is the place of its state in the workflow, from 1. */
export async function workflowBorders(ctx: Ctx, { state }: RunRef): Promise<Border[]> {
  const { state: s } = (await loadState(ctx.kernel, ctx.kernel.db, state['workflow_id']))!
  requireProject(ctx, s.project_id)
  const entered = (id: string) => s.current_state === id || s.completed_states.includes(id)
  return WORKFLOWS[s.type].states.flatMap(({ id }, i) =>
    entered(id) ? [{ no: i + 1, label: readable(id), at: s.passes[id]?.entered_at ?? null, input: inputOf(s) }] : [],
  )
}

/** What was made before a state, and what was given from outside, whenever it was put there. */
function takenOver(s: EngineState, at: number) {
  const before = (id: string) => stateIndex(s.type, id) < at
  const tasks = s.tasks.filter((t) => before(t.state) && !t.superseded && isSettled(t))
  const known = new Set(tasks.map((t) => t.task_id))
  const artifacts = s.artifacts
    .filter((a) => !a.dropped && (a.origin !== 'made' || before(a.state)))
    .map((a): EngineArtifact => (a.task_id && !known.has(a.task_id) ? { ...a, task_id: null } : a))
  const passes = Object.fromEntries(Object.entries(s.passes).filter(([id]) => before(id)))
  return { tasks, artifacts, passes, completed_states: s.completed_states.filter(before) }
}

const UUIDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** The state of the new film: everything before the border under ids of its own, nothing behind it. */
function forkState(s: EngineState, id: string, projectId: string, at: number, edit: CreateWorkflow, now: string) {
  const first = WORKFLOWS[s.type].states[at]!
  const taken = takenOver(s, at)
  const ids = new Map([[s.workflow_id, id]])
  for (const old of [...taken.tasks.map((t) => t.task_id), ...taken.artifacts.map((a) => a.artifact_id)])
    ids.set(old, deriveId(id, 'fork', old))
  const own = JSON.parse(JSON.stringify(taken).replace(UUIDS, (uuid) => ids.get(uuid) ?? uuid)) as typeof taken
  const state: EngineState = {
    ...s,
    ...own,
    workflow_id: id,
    project_id: projectId,
    title: edit.title ?? s.title,
    description: edit.description ?? s.description,
    genre: edit.genre === undefined ? s.genre : edit.genre,
    target_duration: edit.target_duration ?? s.target_duration,
    style_preferences: edit.style_preferences ?? s.style_preferences,
    custom_parameters: edit.custom_parameters,
    status: 'running',
    paused: { user: false, decision: false, service: null },
    current_state: first.id,
    visits: Object.fromEntries([...own.completed_states, first.id].map((one) => [one, 1])),
    passes: { ...own.passes, [first.id]: emptyPass(now) },
    loops: {},
    decisions: [],
    notes: {},
    error_details: null,
    error_history: [],
    waiting_on: [],
    outage_since: null,
    progress: 0,
    warnings: [],
    queued: false,
    created_at: now,
    updated_at: now,
    started_at: now,
    completed_at: null,
    ran_seconds: 0,
    running_since: now,
  }
  return state
}

/**
 * A new film in a project of its own that begins before a state of another one: finished states come along with their tasks, artifacts and
 * files, the rest is made anew from the edited input. The old film stays as it is.
 */
export async function forkWorkflow(ctx: Ctx, { state }: RunRef, border: Border, edit: ForkEdit): Promise<string> {
  const { kernel } = ctx
  const { state: s } = (await loadState(kernel, kernel.db, state['workflow_id']))!
  requireProject(ctx, s.project_id)
  const input = parse(CreateWorkflow, {
    ...inputOf(s),
    ...edit.state,
    title: edit.state['title'] ?? `${s.title} (fork)`.slice(0, 200),
    project_id: `${s.project_id.slice(0, 60)}-${kernel.newId('t').slice(-6)}`,
    workflow_type: s.type,
    priority: s.priority,
  })
  const id = randomUUID()
  const now = nowOf(ctx)
  const folder = path.join(artifactsRoot(kernel), id)
  await fs
    .cp(path.join(artifactsRoot(kernel), s.workflow_id, 'media'), path.join(folder, 'media'), { recursive: true })
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error // A film without files has no folder.
    })
  try {
    return await kernel.db.transaction(async (tx) => {
      const project = await getProjectRow(tx, s.project_id)
      const { data } = await putProject(
        tx,
        input.project_id,
        { ...project.data, title: input.title ?? s.title },
        'local',
      )
      const queued = !(await hasRoom(tx, ctx))
      const forked = forkState(s, id, input.project_id, border.no - 1, input, now)
      const begun: EngineState = {
        ...forked,
        project: { ...s.project, title: data.title ?? s.project.title },
        ...(queued ? { queued, started_at: null, running_since: null } : {}),
      }
      const made = transition(begun, now, (w) =>
        say(w, 'workflow.created', {
          workflow_type: s.type,
          project_id: input.project_id,
          title: begun.title,
          forked_from: s.workflow_id,
          state: begun.current_state,
        }),
      )
      const { rows } = await tx.query('select episode from movies.workflows where workflow_id = $1', [s.workflow_id])
      const stored = await insertWorkflow(tx, ctx, made, rows[0]!['episode'], edit.lineage)
      return stored.runId!
    })
  } catch (error) {
    await fs.rm(folder, { recursive: true, force: true })
    throw error
  }
}
