import type { ArtifactName, Deliverable } from '../schema.ts'
import { WORKFLOWS } from '../workflows/workflow-defs.ts'
import { currentArtifact, currentItems } from './artifacts.ts'
import type { EngineState } from './engine-state.ts'
import { holds, inProfile, runSettings } from './run-settings.ts'

/** Names a workflow of this profile has to deliver; where one may stand for another, the one that is made. */
export function deliverableNames(s: EngineState): ArtifactName[] {
  const { profile } = runSettings(s)
  return WORKFLOWS[s.type].deliverables
    .filter((d) => inProfile(d.profile, profile) && holds(s, d.when))
    .map((d) => (d.insteadOf && profile === 'short' && !exists(s, d.name) ? d.insteadOf : d.name))
}

const exists = (s: EngineState, name: ArtifactName) =>
  currentArtifact(s, name) !== null || currentItems(s, name).length > 0

/** What is delivered and whether it is there. A deliverable that is not there when the workflow has ended is missing. */
export function deliverablesOf(s: EngineState): Deliverable[] {
  const ended = s.status === 'completed' || s.status === 'failed' || s.status === 'cancelled'
  return deliverableNames(s).map((name) => {
    const single = currentArtifact(s, name)
    const ready = single !== null || currentItems(s, name).length > 0
    const checksum = single?.file ? `sha256:${single.file.sha256}` : null
    return {
      name,
      status: ready ? 'ready' : ended ? 'missing' : 'pending',
      location: ready ? `/api/v1/workflows/${s.workflow_id}/artifacts/${name}` : null,
      checksum,
    }
  })
}
