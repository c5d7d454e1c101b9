import type { FileRef, GeneratedBy } from '../schema.ts'
import { nextVersion } from './artifacts.ts'
import { deriveId } from './derive-id.ts'
import type { EngineArtifact } from './engine-state.ts'
import { set, type Work } from './work.ts'

export type NewArtifact = {
  name: string
  index: number | null
  content: Record<string, unknown>
  state: string
  task_id: string | null
  agent_id: string | null
  file: FileRef | null
  draft: boolean
  generated_by: GeneratedBy
  origin: EngineArtifact['origin']
  quality_score: number | null
}

/** Adds the next version of an artifact. */
export function putArtifact(w: Work, artifact: NewArtifact): EngineArtifact {
  const version = nextVersion(w.s, artifact.name, artifact.index)
  const row: EngineArtifact = {
    ...artifact,
    artifact_id: deriveId(w.s.workflow_id, 'artifact', artifact.name, artifact.index ?? '', version),
    version,
    dropped: false,
    created_at: w.now,
  }
  set(w, { artifacts: [...w.s.artifacts, row] })
  return row
}

/** Takes items beyond the size of a fan-out away; they stay as history. */
export function dropItems(w: Work, name: string, from: number) {
  if (!w.s.artifacts.some((a) => a.name === name && a.index !== null && a.index >= from && !a.dropped)) return
  set(w, {
    artifacts: w.s.artifacts.map((a) =>
      a.name === name && a.index !== null && a.index >= from && !a.dropped ? { ...a, dropped: true } : a,
    ),
  })
}
