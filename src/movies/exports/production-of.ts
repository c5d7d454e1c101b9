import { contentOf, currentArtifacts } from '../engine/artifacts.ts'
import type { EngineState } from '../engine/engine-state.ts'
import { runSettings } from '../engine/run-settings.ts'
import { isDraft } from '../present-workflow.ts'
import { ARTIFACT_NAMES } from '../schema.ts'
import type { Production, ProductionArtifacts, ProductionRecord } from './production.ts'

/** One workflow as the exports see it: its current artifacts and the record of the work. */
export function productionOf(s: EngineState, readFile: Production['readFile']): Production {
  const { fps, width, height } = runSettings(s)
  const contents = ARTIFACT_NAMES.map((name) => [name, contentOf(s, name)] as const)
  const given = contents.filter(([, content]) => content !== null)
  return {
    workflow_id: s.workflow_id,
    project_id: s.project_id,
    title: s.title,
    description: s.description,
    genre: s.genre,
    target_duration: s.target_duration,
    author: null,
    fps,
    width,
    height,
    artifacts: Object.fromEntries(given) as ProductionArtifacts,
    record: recordOf(s),
    readFile,
  }
}

const recordOf = (s: EngineState): ProductionRecord => ({
  status: s.status,
  created_at: s.created_at,
  completed_at: s.completed_at,
  completed_states: s.completed_states,
  draft: isDraft(s),
  tasks: s.tasks
    .filter((t) => !t.superseded)
    .map((t) => ({
      task_type: t.task_type,
      state: t.state,
      status: t.status,
      agent_id: t.agent_id,
      seconds: t.started_at && t.completed_at ? (Date.parse(t.completed_at) - Date.parse(t.started_at)) / 1000 : null,
      retries: t.retry_count,
    })),
  decisions: s.decisions.map(({ decision_id, choice, actor, automatic, at, feedback }) => ({
    decision_id,
    choice,
    actor,
    automatic,
    at,
    feedback,
  })),
  artifacts: currentArtifacts(s).map((a) => ({
    name: a.index === null ? a.name : `${a.name} ${a.index + 1}`,
    version: a.version,
    draft: a.draft,
    generated_by: a.generated_by,
    sha256: a.file?.sha256 ?? null,
  })),
  warnings: [...new Set([...s.warnings, ...s.tasks.filter((t) => !t.superseded).flatMap((t) => t.warnings)])],
})
