import type { ArtifactName, DecisionPoint } from '../schema.ts'
import type { Condition, PointDef } from './workflow-def.ts'

/** An approval after the gate: approved goes on, revise repeats, rejected cancels. */
export const approval = (p: {
  point: DecisionPoint
  enabled: Condition
  prompt: string
  shows: readonly ArtifactName[]
  revise: { state: string; tasks: readonly string[] }
}): PointDef => ({
  point: p.point,
  after: ['gate'],
  enabled: p.enabled,
  prompt: p.prompt,
  shows: p.shows,
  branches: {
    approved: { to: 'next' },
    revise: { to: 'repeat', ...p.revise, limited: true },
    rejected: { to: 'cancelled' },
  },
})
