import { contentOf, currentArtifacts } from '../engine/artifacts.ts'
import type { EngineState, EngineTask } from '../engine/engine-state.ts'
import { segmentsOf } from '../engine/fan-out.ts'
import { expectedDuration } from '../engine/gate-checks.ts'
import { runSettings } from '../engine/run-settings.ts'
import { type ArtifactName, isArtifactName } from '../schema.ts'
import { WORKFLOWS } from '../workflows/workflow-defs.ts'
import type { AgentInput, RunFigures } from './craft/craft.ts'
import { rosterAgent } from './roster.ts'

/** Everything about one task that an agent may know, taken from the state of its workflow. */
export function buildInput(
  s: EngineState,
  task: EngineTask,
  now: string,
  knowledge: { text: string }[] = [],
  isDraft = false,
): AgentInput {
  const expected = task.task_type === 'final_qc' ? { expected: expectedDuration(s), draft: isDraft } : {}
  return {
    workflow: {
      workflow_id: s.workflow_id,
      project_id: s.project_id,
      type: s.type,
      title: s.title,
      description: s.description,
      genre: s.genre,
      style_preferences: s.style_preferences,
      custom_parameters: s.custom_parameters,
    },
    project: s.project,
    settings: runSettings(s),
    task: {
      task_id: task.task_id,
      task_type: task.task_type,
      name: task.name,
      index: task.index,
      count: task.count,
      run: task.run,
    },
    input: { ...task.input, ...expected },
    artifacts: artifactsFor(s, task),
    segments: segmentsOf(s),
    decisions: s.decisions
      .filter((d) => d.status === 'answered')
      .map((d) => ({ point: d.point, choice: d.choice, feedback: d.feedback })),
    knowledge,
    run: figuresFor(s, task),
    now,
  }
}

/** What the roster says the agent reads; a free capability gets everything there is. */
function artifactsFor(s: EngineState, task: EngineTask): AgentInput['artifacts'] {
  const agent = rosterAgent(task.capability)
  const names: readonly ArtifactName[] = agent
    ? agent.consumes
    : [...new Set(s.artifacts.map((a) => a.name))].filter(isArtifactName)
  const found: AgentInput['artifacts'] = {}
  for (const name of names) {
    const content = contentOf(s, name)
    if (content) found[name] = content
  }
  return found
}

const NO_FIGURES: RunFigures = { tasks: [], artifacts: [] }
const REPORTERS = new Set(['asset_manager', 'version_control', 'performance_monitor', 'cost_optimizer'])

function figuresFor(s: EngineState, task: EngineTask): RunFigures {
  if (!REPORTERS.has(task.capability)) return NO_FIGURES
  const expected = new Map(WORKFLOWS[s.type].states.map((state) => [state.id, state.expectedSeconds]))
  const inState = new Map<string, number>()
  for (const t of s.tasks) inState.set(t.state, (inState.get(t.state) ?? 0) + 1)
  return {
    tasks: s.tasks
      .filter((t) => t.status !== 'pending')
      .map((t) => ({
        task_type: t.task_type,
        agent_id: t.agent_id,
        status: t.status,
        seconds: t.started_at && t.completed_at ? (Date.parse(t.completed_at) - Date.parse(t.started_at)) / 1000 : null,
        expected_seconds: (expected.get(t.state) ?? 0) / (inState.get(t.state) ?? 1),
        retries: t.retry_count,
        cost: t.resource_usage.cost ?? 0,
        gpu_seconds: t.resource_usage.gpu_seconds ?? 0,
      })),
    artifacts: currentArtifacts(s).map((a) => ({
      name: a.name,
      index: a.index,
      version: a.version,
      checksum: a.file ? `sha256:${a.file.sha256}` : '',
      location:
        a.file?.url ??
        `/api/v1/workflows/${s.workflow_id}/artifacts/${a.name}${a.index === null ? '' : `?index=${a.index}`}`,
    })),
  }
}
