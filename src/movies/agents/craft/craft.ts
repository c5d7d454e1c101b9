import type { ProjectFacts } from '../../engine/engine-state.ts'
import type { SegmentPlan } from '../../engine/plan-segments.ts'
import type { RunSettings } from '../../engine/run-settings.ts'
import type { ArtifactName, WorkflowType } from '../../schema.ts'

/** Everything an agent may read about its task. The same for a model, a remote agent and a craft. */
export type AgentInput = {
  workflow: {
    workflow_id: string
    project_id: string
    type: WorkflowType
    title: string
    description: string
    genre: string | null
    style_preferences: Record<string, unknown>
    custom_parameters: Record<string, unknown>
  }
  project: ProjectFacts
  settings: RunSettings
  task: { task_id: string; task_type: string; name: string; index: number | null; count: number | null; run: number }
  /** What this very task is about: the item of a fan-out, feedback, issues of a gate. */
  input: Record<string, unknown>
  artifacts: Partial<Record<ArtifactName, Record<string, unknown>>>
  /** How the film is cut into segments, once the storyboard exists. */
  segments: SegmentPlan[]
  decisions: { point: string; choice: string | null; feedback: string | null }[]
  knowledge: { text: string }[]
  /** Figures of the run, for the agents that report on it. */
  run: RunFigures
  now: string
}

export type RunFigures = {
  tasks: {
    task_type: string
    agent_id: string | null
    status: string
    seconds: number | null
    expected_seconds: number
    retries: number
    cost: number
    gpu_seconds: number
  }[]
  artifacts: { name: string; index: number | null; version: number; checksum: string; location: string }[]
}

/** The deterministic way an agent does its job without a model (contract 5.4): same input, same output. */
export type Craft = (input: AgentInput) => Record<string, unknown>
