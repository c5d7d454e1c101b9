import type { z } from 'zod'
import type { AgentName, ArtifactProblem, ArtifactType, LifecycleState } from '../schema.ts'
import type { Board } from './board.ts'

/** An artifact as stored: its own fields and the common ones, flat. */
export type Stored = {
  id: string
  version: number
  schema_version: string
  validation_status: 'valid' | 'invalid'
  validation_errors: ArtifactProblem[]
  correlation_id: string
  created_at: string
  updated_at: string
  created_by: string
} & Record<string, any>

/** Own fields only: what a rule returns and a version stores. */
export type Body = Record<string, any>

export type RuleInput<I = any> = {
  input: I
  board: Board
  /** The version this write replaces. */
  current: Stored | null
  /** Id the artifact will have. */
  id: string
  /** An agent writes, with stricter duties (citations). */
  byAgent: boolean
}

/**
 * One artifact type: registering a type is one entry of the table. `prepare` turns parsed input into the whole body or throws the
 * contract's error; `recompute` gives system fields anew when other artifacts changed (no new version); `validate` is the cross-artifact check.
 */
export type ArtifactDefinition = {
  type: ArtifactType
  title: string
  storage: 'relational' | 'document'
  table: string
  /** Path segment under /api/event-briefs/{id}, e.g. `tasks`. */
  path: string
  cardinality: 'one' | 'many'
  parent: Exclude<ArtifactType, 'AgentTrace'> | null
  /** Column that names the parent. */
  parentKey: string | null
  /** Types that must exist before this one may be written, beside the parent. */
  requires: readonly ArtifactType[]
  idPrefix: string
  idPattern: RegExp
  input: z.ZodObject<any> | null
  patch: z.ZodObject<any> | null
  stored: z.ZodType
  schemaVersion: string
  compatibility: 'backward' | 'forward' | 'breaking'
  /** System fields: dropped on POST, `IMMUTABLE_FIELD` on PATCH. */
  system: readonly string[]
  owner: AgentName | 'system'
  phase: LifecycleState
  sensitive: boolean
  /** Fields kept encrypted in the database: contract terms and contact data. */
  sealed: readonly string[]
  /** Test files that cover it; an entry without any stops the start (FR-050). */
  tests: readonly string[]
  prepare?(input: RuleInput): Body
  recompute?(stored: Stored, board: Board): Body
  validate?(stored: Stored, board: Board): ArtifactProblem[]
}
