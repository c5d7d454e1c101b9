import type { AgentType } from '../schema.ts'
import { DESIGN } from './roster/design.ts'
import { DEVELOPMENT } from './roster/development.ts'
import { FINISHING } from './roster/finishing.ts'
import { MAKING } from './roster/making.ts'
import type { RosterAgent } from './roster/roster-agent.ts'
import { RUNNING } from './roster/running.ts'

export type { Department, ExecKind, RosterAgent } from './roster/roster-agent.ts'

/** The 55 agents of contract 4.2, by department. */
export const ROSTER: readonly RosterAgent[] = [...DEVELOPMENT, ...DESIGN, ...MAKING, ...FINISHING, ...RUNNING]

const byId = new Map(ROSTER.map((agent) => [agent.id, agent]))
export const rosterAgent = (id: string): RosterAgent | undefined => byId.get(id)

/** Other names under which a capability may be registered or asked for. */
export const CAPABILITY_ALIASES: Readonly<Record<string, string>> = {
  script_generation: 'dialogue_writer',
  scene_planning: 'scene_director',
  visual_generation: 'image_generation',
  voice_generation: 'dialogue_delivery',
  video_assembly: 'video_editor',
  quality_review: 'quality_control',
  final_qc: 'quality_control',
}

export const canonicalCapability = (name: string) => CAPABILITY_ALIASES[name] ?? name

/** The type a roster capability belongs to; undefined for a free capability. */
export const capabilityType = (name: string): AgentType | undefined => byId.get(canonicalCapability(name))?.type

/** Readable name of an agent: `shot_designer` -> `Shot designer`. */
export const agentTitle = (id: string) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll('_', ' ')
