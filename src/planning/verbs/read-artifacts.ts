import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import type { ArtifactDefinition, Stored } from '../artifacts/definition.ts'
import { DEFINITIONS, findDefinition } from '../artifacts/definitions.ts'
import { type Change, isoTime } from '../schema.ts'
import { findEvent, getEvent, notFound } from '../store/load-board.ts'
import { mergeOutcomes } from '../store/logs.ts'
import { readAs } from '../store/read-as.ts'
import { COLUMNS, tableOf, toStored } from '../store/rows.ts'
import { openBody } from '../store/sealed.ts'
import { stakeholdersOf } from '../store/stakeholders.ts'
import { isOnlyViewer, mayUseEvent, seesOnlyOwn } from './access.ts'

/** Throws FORBIDDEN when the reader is an organizer of other events, NOT_FOUND without the event. */
export async function requireReadable(ctx: Ctx, eventId: string): Promise<void> {
  const { db } = ctx.kernel
  const event = await getEvent(db, eventId)
  if (!seesOnlyOwn(ctx.actor)) return
  const people = await stakeholdersOf(db, eventId)
  if (!mayUseEvent(ctx.actor, event, people))
    throw new AppError(
      'FORBIDDEN',
      `${ctx.actor.name ?? ctx.actor.id} is neither creator nor stakeholder of this event`,
      {
        event_brief_id: eventId,
      },
    )
}

function requireMayRead(ctx: Pick<Ctx, 'actor'>, definition: ArtifactDefinition): void {
  if (definition.type === 'BudgetDecision' && isOnlyViewer(ctx.actor))
    throw new AppError(
      'FORBIDDEN',
      'Budget decisions are readable by Finance, Approver, Organizer, Auditor and Admin',
      {
        artifact_type: definition.type,
      },
    )
}

/** Rows of one event: those with sensitive content as the row policies of the database allow. */
const rowsFor = (ctx: Ctx, eventId: string, definition: ArtifactDefinition, sql: string, values: unknown[]) =>
  definition.sensitive
    ? readAs(ctx, eventId, !isOnlyViewer(ctx.actor), (reader) => reader.query(sql, values))
    : ctx.kernel.db.query(sql, values)

/** What this reader may see of it: viewers get contracts without terms and no budget decision. */
export function redact(ctx: Pick<Ctx, 'actor'>, definition: ArtifactDefinition, stored: Stored): Stored {
  if (!definition.sensitive || !isOnlyViewer(ctx.actor)) return stored
  requireMayRead(ctx, definition)
  return { ...stored, terms: null, sla: null, cancellation_policy: null, redacted: true }
}

/** The artifact of a one-per-parent type, or the list of a list type (sections 2.3–2.6). */
export async function readOfEvent(
  ctx: Ctx,
  eventId: string,
  definition: ArtifactDefinition,
): Promise<Stored | Stored[]> {
  await requireReadable(ctx, eventId)
  requireMayRead(ctx, definition)
  const sql = `select ${COLUMNS} from ${tableOf(definition)} where event_brief_id = $1 order by id`
  const { rows } = await rowsFor(ctx, eventId, definition, sql, [eventId])
  const found = rows.map((row) => redact(ctx, definition, toStored(row)))
  if (definition.cardinality === 'many') return found
  if (!found[0]) throw notFound(definition.type, eventId)
  return found[0]
}

/** Every artifact of an event, documents included (64). */
export async function listArtifacts(ctx: Ctx, eventId: string) {
  await requireReadable(ctx, eventId)
  const parts = DEFINITIONS.map(
    (definition) =>
      `select '${definition.type}' as artifact_type, id as artifact_id, version, schema_version, validation_status, updated_at
         from ${tableOf(definition)} where ${definition.type === 'EventBrief' ? 'id' : 'event_brief_id'} = $1`,
  )
  const { rows } = await ctx.kernel.db.query(`${parts.join(' union all ')} order by artifact_type, artifact_id`, [
    eventId,
  ])
  return rows.map((row) => ({ ...row, updated_at: isoTime(row['updated_at']) }))
}

function known(type: string): ArtifactDefinition {
  const definition = findDefinition(type)
  if (!definition) throw notFound('Artifact type', type)
  return definition
}

/** One artifact by type and id (66). */
export async function readArtifact(ctx: Ctx, type: string, id: string): Promise<Stored> {
  const definition = known(type)
  const isEvent = definition.type === 'EventBrief'
  const { rows } = await ctx.kernel.db.query(
    `select ${isEvent ? 'id as event_id' : 'event_brief_id as event_id'}, ${COLUMNS} from ${tableOf(definition)} where id = $1`,
    [id],
  )
  const row = rows[0]
  const event = row ? await findEvent(ctx.kernel.db, row['event_id']) : undefined
  if (!row || !event) throw notFound(type, id)
  await requireReadable(ctx, row['event_id'])
  requireMayRead(ctx, definition)
  if (definition.sensitive) {
    const sql = `select ${COLUMNS} from ${tableOf(definition)} where id = $1`
    const found = await rowsFor(ctx, row['event_id'], definition, sql, [id])
    if (!found.rows[0]) throw notFound(type, id)
    return redact(ctx, definition, toStored(found.rows[0]))
  }
  if (type !== 'ChangeLog') return redact(ctx, definition, toStored(row))
  const outcomes = await ctx.kernel.db.query(
    `select ${COLUMNS} from planning.changelogs where event_brief_id = $1 and (id = $2 or body ->> 'relates_to' = $2) order by id`,
    [row['event_id'], id],
  )
  return mergeOutcomes(outcomes.rows.map(toStored) as unknown as Change[]).find((one) => one.id === id) as never
}

/** Versions, newest first (67). */
export async function listVersions(ctx: Ctx, type: string, id: string) {
  const current = await readArtifact(ctx, type, id)
  const { rows } = await ctx.kernel.db.query(
    `select version, created_at, created_by, change_log_id from planning.artifact_versions
      where artifact_type = $1 and artifact_id = $2 order by version desc`,
    [type, id],
  )
  if (rows.length === 0)
    return [{ version: 1, created_at: current.created_at, created_by: current.created_by, change_log_id: null }]
  return rows.map((row) => ({ ...row, created_at: isoTime(row['created_at']) }))
}

async function eventOf(ctx: Ctx, type: string, id: string): Promise<string> {
  const { rows } = await ctx.kernel.db.query(`select event_brief_id from ${tableOf(known(type))} where id = $1`, [id])
  return rows[0]?.['event_brief_id'] ?? id
}

/** One version whole (68); the current one as it stands. */
export async function readVersion(ctx: Ctx, type: string, id: string, version: number) {
  const current = await readArtifact(ctx, type, id)
  if (version === current.version) return current
  const definition = known(type)
  const sql = `select version, body, created_at, created_by, change_log_id from planning.artifact_versions
    where artifact_type = $1 and artifact_id = $2 and version = $3`
  const values = [type, id, version]
  const eventId = definition.sensitive ? await eventOf(ctx, type, id) : ''
  const { rows } = await rowsFor(ctx, eventId, definition, sql, values)
  const row = rows[0]
  if (!row) throw notFound(`${type} ${id} version`, String(version))
  return redact(ctx, definition, {
    id,
    ...openBody(id, row['body']),
    version,
    schema_version: current.schema_version,
    created_at: isoTime(row['created_at']),
    created_by: row['created_by'],
    change_log_id: row['change_log_id'],
  } as never)
}
