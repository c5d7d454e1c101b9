import type { AgentType, ArtifactName } from '../../schema.ts'

export type Department =
  | 'Story development'
  | 'Character and casting'
  | 'Visual design'
  | 'Production planning'
  | 'Content generation'
  | 'Performance'
  | 'Editing and assembly'
  | 'Audio production'
  | 'Quality and delivery'
  | 'Cross-department'
  | 'Technical infrastructure'

/** How an agent works: M model text, T media (Task Service or local studio), L local tool. */
export type ExecKind = 'M' | 'T' | 'L' | 'M+T' | 'M/T' | 'M+L'

export type RosterAgent = {
  /** Also the name of its capability and, prefixed with `builtin:`, of its in-process endpoint. */
  id: string
  type: AgentType
  department: Department
  core?: true
  /** Artifacts of the workflow that are handed to it; those that do not exist are left out. */
  consumes: readonly ArtifactName[]
  produces: readonly ArtifactName[]
  exec: ExecKind
  /** What it uses most: C processor, G graphics, R memory. */
  resource: 'C' | 'G' | 'R'
  /** single: one task of a project at a time; per_item and balanced: side by side. */
  instance: 'single' | 'per_item' | 'balanced' | 'any'
  /** Tool name when the agent is hosted over MCP (contract 4.3). */
  operation: string
  targetSeconds: number
  timeoutSeconds: number
}
