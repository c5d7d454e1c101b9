import { type ArtifactName, artifactKind, type CreateWorkflow, type GeneratedBy } from '../schema.ts'
import { WORKFLOWS } from '../workflows/workflow-defs.ts'
import { type EngineState, emptyPass, type ProjectFacts, type TaskLimits, type Transition } from './engine-state.ts'
import { putArtifact } from './put-artifact.ts'
import { transition } from './transition.ts'
import { say, set, type Work } from './work.ts'

export type NewWorkflow = Required<
  Pick<
    CreateWorkflow,
    | 'project_id'
    | 'workflow_type'
    | 'priority'
    | 'custom_parameters'
    | 'title'
    | 'description'
    | 'target_duration'
    | 'style_preferences'
  >
> & {
  workflow_id: string
  genre: string | null
  project: ProjectFacts
  task_limits?: TaskLimits
  /** Artifacts given with the request, validated, in their containers. */
  supplied: { name: ArtifactName; content: Record<string, unknown> }[]
  /** Artifacts of earlier workflows of the project that this type takes over. */
  inherited: {
    name: ArtifactName
    index: number | null
    content: Record<string, unknown>
    draft: boolean
    generated_by: GeneratedBy
  }[]
}

/** The state of a workflow just created, and its first events. `hold` keeps it from starting (queue). */
export function createWorkflowState(input: NewWorkflow, now: string, hold = false): Transition {
  const first = WORKFLOWS[input.workflow_type].states[0]!
  const state: EngineState = {
    workflow_id: input.workflow_id,
    project_id: input.project_id,
    type: input.workflow_type,
    title: input.title,
    description: input.description,
    genre: input.genre,
    target_duration: input.target_duration,
    style_preferences: input.style_preferences,
    custom_parameters: input.custom_parameters,
    priority: input.priority,
    project: input.project,
    status: 'running',
    paused: { user: false, decision: false, service: null },
    current_state: first.id,
    completed_states: [],
    visits: { [first.id]: 1 },
    passes: { [first.id]: emptyPass(now) },
    loops: {},
    tasks: [],
    artifacts: [],
    decisions: [],
    notes: {},
    error_details: null,
    error_history: [],
    budget_accepted: false,
    quality_reduced: false,
    ...(input.task_limits ? { task_limits: input.task_limits } : {}),
    waiting_on: [],
    outage_since: null,
    progress: 0,
    warnings: [],
    queued: hold,
    created_at: now,
    updated_at: now,
    started_at: hold ? null : now,
    completed_at: null,
    ran_seconds: 0,
    running_since: hold ? null : now,
  }
  return transition(state, now, (w) => {
    say(w, 'workflow.created', { workflow_type: input.workflow_type, project_id: input.project_id, title: input.title })
    for (const artifact of input.inherited) place(w, { ...artifact, origin: 'inherited' })
    for (const { name, content } of input.supplied) supply(w, name, content)
  })
}

/** Takes a workflow out of the queue. */
export const admitWorkflow = (s: EngineState, now: string): Transition =>
  transition(s, now, (w) => set(w, { queued: false, started_at: w.s.started_at ?? now, running_since: now }))

type Placed = {
  name: string
  index: number | null
  content: Record<string, unknown>
  draft: boolean
  generated_by: GeneratedBy
  origin: 'supplied' | 'inherited'
}

const place = (w: Work, artifact: Placed) =>
  putArtifact(w, {
    ...artifact,
    state: w.s.current_state,
    task_id: null,
    agent_id: null,
    file: null,
    quality_score: null,
  })

/** A supplied fan-out artifact is taken apart into its items. */
function supply(w: Work, name: ArtifactName, content: Record<string, unknown>) {
  const kind = artifactKind(name)
  const one = { name, draft: false, generated_by: 'agent', origin: 'supplied' } as const
  const items = kind.item && kind.listKey ? (content[kind.listKey] as Record<string, unknown>[]) : null
  if (!items) return void place(w, { ...one, index: null, content })
  for (const [index, item] of items.entries()) place(w, { ...one, index, content: item })
}
