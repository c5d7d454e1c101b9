import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import type { Board } from '../artifacts/board.ts'
import type { ArtifactDefinition, Body, Stored } from '../artifacts/definition.ts'
import { DEFINITIONS, definitionOf } from '../artifacts/definitions.ts'
import type { ArtifactType } from '../schema.ts'
import { actorName } from './actor-name.ts'
import { loadBoard, onBoard } from './load-board.ts'
import { bodyOf, COLUMNS, tableOf, toStored } from './rows.ts'
import { sealBody } from './sealed.ts'

type Write = {
  id: string
  eventId: string
  body: Body
  current: Stored | null
  changeLogId: string | null
}

/** Inserts or replaces an artifact: version + 1, the previous one kept whole. */
export async function writeArtifact(tx: Tx, ctx: Ctx, definition: ArtifactDefinition, write: Write): Promise<Stored> {
  const { id, eventId, body, current, changeLogId } = write
  const now = new Date(ctx.kernel.clock.now())
  const by = actorName(ctx)
  const version = (current?.version ?? 0) + 1
  const table = tableOf(definition)
  const isEvent = definition.type === 'EventBrief'
  const kept = (fields: Body) => JSON.stringify(sealBody(ctx, id, definition.sealed, fields))
  if (current)
    await tx.query(
      'update planning.artifact_versions set body = $4 where artifact_type = $1 and artifact_id = $2 and version = $3',
      [definition.type, id, current.version, kept(bodyOf(current))],
    )
  const parent =
    definition.parentKey && definition.parentKey !== 'event_brief_id' ? body[definition.parentKey] : eventId
  const { rows } = current
    ? await tx.query(
        `update ${table} set body = $2, version = $3, updated_at = $4, correlation_id = $5, schema_version = $6
          where id = $1 returning ${COLUMNS}`,
        [id, kept(body), version, now, ctx.correlationId, definition.schemaVersion],
      )
    : await tx.query(
        `insert into ${table} (id, ${isEvent ? '' : 'event_brief_id, parent_id,'} body, version, schema_version, validation_status, correlation_id, created_at, updated_at, created_by)
         values ($1, ${isEvent ? '' : '$7, $8,'} $2, 1, $3, 'valid', $4, $5, $5, $6) returning ${COLUMNS}`,
        [id, kept(body), definition.schemaVersion, ctx.correlationId, now, by, ...(isEvent ? [] : [eventId, parent])],
      )
  await tx.query(
    `insert into planning.artifact_versions (artifact_type, artifact_id, version, event_brief_id, body, created_at, created_by, change_log_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [definition.type, id, version, eventId, kept(body), now, by, changeLogId],
  )
  return toStored(rows[0]!)
}

/** Changes fields without a new version: approvals, endorsements, statuses, recomputed fields; none of them is a sealed one. `updated_at` moves. */
export async function patchBody(tx: Tx, ctx: Ctx, type: ArtifactType, id: string, fields: Body): Promise<Stored> {
  const open = definitionOf(type).sealed.filter((field) => field in fields)
  if (open.length > 0) throw new Error(`${type}.${open[0]} is kept sealed: write a version instead of a patch`)
  const { rows } = await tx.query(
    `update ${tableOf(definitionOf(type))} set body = body || $2::jsonb, updated_at = $3 where id = $1 returning ${COLUMNS}`,
    [id, JSON.stringify(fields), new Date(ctx.kernel.clock.now())],
  )
  return toStored(rows[0]!)
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : value && typeof value === 'object'
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, inner]) => [key, sorted(inner)]),
        )
      : value

const PASSES = 4

/**
 * Computes every system field and every cross-artifact check of the event anew and stores what changed; versions stay. Returns the
 * settled board.
 */
export async function settleEvent(tx: Tx, ctx: Ctx, eventId: string): Promise<Board> {
  const now = new Date(ctx.kernel.clock.now())
  let board = await loadBoard(tx, eventId, now)
  for (let pass = 0; pass < PASSES; pass++) {
    let changed = false
    for (const definition of DEFINITIONS) {
      if (!definition.recompute && !definition.validate) continue
      for (const stored of onBoard(board, definition.type)) {
        const fields = definition.recompute?.(stored, board) ?? {}
        const errors = definition.validate?.({ ...stored, ...fields }, board) ?? []
        const moved = Object.entries(fields).some(([key, value]) => !same(sorted(stored[key]), sorted(value)))
        if (!moved && same(sorted(stored.validation_errors), sorted(errors))) continue
        changed = true
        await tx.query(
          `update ${tableOf(definition)} set body = body || $2::jsonb, validation_status = $3, validation_errors = $4, updated_at = $5 where id = $1`,
          [stored.id, JSON.stringify(fields), errors.length > 0 ? 'invalid' : 'valid', JSON.stringify(errors), now],
        )
        Object.assign(stored, fields, {
          validation_errors: errors,
          validation_status: errors.length > 0 ? 'invalid' : 'valid',
        })
      }
    }
    if (!changed) return board
  }
  board = await loadBoard(tx, eventId, now)
  return board
}
