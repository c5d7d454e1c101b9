import type { Ctx } from '../context.ts'
import type { Reader, Row, Tx } from '../db/database.ts'
import { AppError } from '../errors/app-error.ts'
import { emit } from '../events/emit.ts'

/** A versioned document. `body` fits the schema its domain gave; the kernel knows identity, version and history. */
export type Artifact = {
  domain: string
  type: string
  id: string
  /** Brief or project it belongs to. */
  scope: string
  version: number
  schema_version: string
  body: Record<string, unknown>
  created_by: string
  correlation_id: string
  run_id: string | null
  event_id: string | null
  created_at: Date
  updated_at: Date
}

const COLUMNS =
  'domain, type, id, scope, version, schema_version, body, created_by, correlation_id, run_id, event_id, created_at, updated_at'

export type SaveArtifact = {
  domain: string
  type: string
  id: string
  scope: string
  /** Already validated by the domain's schema. */
  body: Record<string, unknown>
  /** The version the writer saw; another one is VERSION_CONFLICT. */
  ifVersion?: number
  summary?: string
  /** Why, and what it was derived from; kept with the version. */
  change?: Record<string, unknown>
  schemaVersion?: string
}

/**
 * Saves a new version: bumps the number, keeps the old one whole, writes the event, all in the caller's transaction. The first
 * save is version 1. Saving an equal body again still makes a version: skipping is the domain's choice.
 */
export async function saveArtifact(tx: Tx, ctx: Ctx, input: SaveArtifact): Promise<Artifact> {
  const before = await tx.query<Artifact & Row>(
    `select ${COLUMNS} from kernel.artifacts where domain = $1 and type = $2 and id = $3 for update`,
    [input.domain, input.type, input.id],
  )
  const current = before.rows[0]
  if (input.ifVersion !== undefined && input.ifVersion !== (current?.version ?? 0))
    throw new AppError(
      'VERSION_CONFLICT',
      `${input.id} is at version ${current?.version ?? 0}, not ${input.ifVersion}: reload and apply your change again`,
      {
        resource: input.type,
        id: input.id,
        expected: input.ifVersion,
        current: current?.version ?? 0,
      },
    )
  const version = (current?.version ?? 0) + 1
  const event = await emit(tx, ctx, {
    domain: input.domain,
    type: 'artifact.saved',
    level: 'STATE',
    stream: input.scope,
    summary: input.summary ?? `${input.type} ${input.id} saved as version ${version}`,
    causes: current?.event_id ? [...ctx.causes, current.event_id] : ctx.causes,
    data: { artifact_type: input.type, artifact_id: input.id, version },
  })
  const body = JSON.stringify(input.body)
  const { rows } = await tx.query<Artifact & Row>(
    `insert into kernel.artifacts (domain, type, id, scope, version, schema_version, body, created_by, correlation_id, run_id, event_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (domain, type, id) do update set version = excluded.version, schema_version = excluded.schema_version, body = excluded.body,
       created_by = excluded.created_by, correlation_id = excluded.correlation_id, run_id = excluded.run_id, event_id = excluded.event_id, updated_at = now()
     returning ${COLUMNS}`,
    [
      input.domain,
      input.type,
      input.id,
      input.scope,
      version,
      input.schemaVersion ?? '1.0.0',
      body,
      ctx.actor.id,
      ctx.correlationId,
      ctx.runId ?? null,
      event.id,
    ],
  )
  await tx.query(
    `insert into kernel.artifact_versions (domain, type, id, version, body, created_by, correlation_id, event_id, change, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())`,
    [
      input.domain,
      input.type,
      input.id,
      version,
      body,
      ctx.actor.id,
      ctx.correlationId,
      event.id,
      JSON.stringify(input.change ?? {}),
    ],
  )
  return rows[0]!
}

export async function findArtifact(
  db: Reader,
  domain: string,
  type: string,
  id: string,
): Promise<Artifact | undefined> {
  return (
    await db.query<Artifact & Row>(
      `select ${COLUMNS} from kernel.artifacts where domain = $1 and type = $2 and id = $3`,
      [domain, type, id],
    )
  ).rows[0]
}

export async function artifactsOf(db: Reader, domain: string, scope: string, type?: string): Promise<Artifact[]> {
  return (
    await db.query<Artifact & Row>(
      `select ${COLUMNS} from kernel.artifacts where domain = $1 and scope = $2 and ($3::text is null or type = $3) order by type, created_at, id`,
      [domain, scope, type ?? null],
    )
  ).rows
}

export type ArtifactVersion = {
  version: number
  body: Record<string, unknown>
  created_by: string
  correlation_id: string
  event_id: string | null
  change: Record<string, unknown>
  created_at: Date
}

/** Every version, newest first. */
export async function versionsOf(db: Reader, domain: string, type: string, id: string): Promise<ArtifactVersion[]> {
  return (
    await db.query<ArtifactVersion & Row>(
      'select version, body, created_by, correlation_id, event_id, change, created_at from kernel.artifact_versions where domain = $1 and type = $2 and id = $3 order by version desc',
      [domain, type, id],
    )
  ).rows
}
