import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError, ValidationError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import { parse } from '../../kernel/http/route.ts'
import type { Board } from '../artifacts/board.ts'
import type { ArtifactDefinition, Stored } from '../artifacts/definition.ts'
import { definitionOf } from '../artifacts/definitions.ts'
import type { ArtifactType } from '../schema.ts'
import { loadBoard, lockEvent, notFound, onBoard } from '../store/load-board.ts'
import { appendChange } from '../store/logs.ts'
import { bodyOf } from '../store/rows.ts'
import { settleEvent, writeArtifact } from '../store/write-artifact.ts'
import { requireEventAccess, requireOpen } from './access.ts'
import { EFFECTS, logsItself } from './after-write.ts'
import { artifactId, parentIdOf } from './artifact-id.ts'
import type { RunInfo } from './raise-approval.ts'
import { refreshRunbook } from './refresh-runbook.ts'

export type SaveOptions = {
  /** Expected version; another one is VERSION_CONFLICT. */
  ifMatch?: number | undefined
  /** Present: a partial change of this entry. */
  patchId?: string | undefined
  /** An agent's write inside a run. */
  run?: RunInfo | undefined
  /** More entries of the same list follow in this transaction: the last one settles the event for all of them. */
  more?: boolean | undefined
}

export function versionConflict(id: string, expected: number, actual: number): AppError {
  return new AppError('VERSION_CONFLICT', `${id} is at version ${actual}, not ${expected}: read it again and repeat`, {
    id,
    expected,
    actual,
  })
}

function requireParents(definition: ArtifactDefinition, board: Board, input: Record<string, any>): string {
  const needed = [
    ...(definition.parent && definition.parent !== 'EventBrief' ? [definition.parent] : []),
    ...definition.requires,
  ]
  for (const type of needed)
    if (onBoard(board, type).length === 0)
      throw new AppError('MISSING_PARENT_ARTIFACT', `${definition.type} needs ${type} first: create it`, {
        missing_artifact: type,
      })
  const parent = parentIdOf(definition, board, input)
  if (!parent)
    throw new AppError('UNKNOWN_REFERENCE', `Shortlisted venue ${input['shortlist_id']} does not exist in this event`, {
      reference: input['shortlist_id'],
    })
  return parent
}

/** Own input fields of a stored artifact, for the merge of a partial change. */
function inputOf(definition: ArtifactDefinition, current: Stored): Record<string, any> {
  const known = Object.keys({ ...definition.input?.shape, ...definition.patch?.shape })
  const body = bodyOf(current)
  return Object.fromEntries(known.filter((key) => key in body && key !== 'rating').map((key) => [key, body[key]]))
}

/** Throws IMMUTABLE_FIELD for a known field that a partial change may not name, VALIDATION_ERROR for an empty one. */
export function requirePatchable(definition: ArtifactDefinition, raw: unknown): void {
  const given = Object.keys((raw ?? {}) as object)
  const patchable = Object.keys(definition.patch?.shape ?? {})
  const fixed = given.filter((key) => definition.system.includes(key) && !patchable.includes(key))
  if (fixed.length > 0)
    throw new AppError('IMMUTABLE_FIELD', `${fixed.join(', ')} cannot be changed: leave it out`, {
      fields: fixed.map((field) => ({ field, message: 'cannot be changed' })),
    })
  if (given.filter((key) => patchable.includes(key)).length === 0)
    throw new ValidationError('The body names no field to change', [
      { field: 'body', message: `give at least one of: ${patchable.join(', ')}` },
    ])
}

/**
 * Writes an artifact of an event in the given transaction: parents, rules, version, history, ChangeLog, what follows from it, event.
 * POST on a one-per-parent type replaces it by a new version. Throws the contract's codes; nothing is stored then.
 */
export async function saveArtifactIn(
  tx: Tx,
  ctx: Ctx,
  eventId: string,
  type: ArtifactType,
  raw: unknown,
  options: SaveOptions = {},
): Promise<Stored> {
  const definition = definitionOf(type)
  await lockEvent(tx, eventId)
  const before = await loadBoard(tx, eventId, new Date(ctx.kernel.clock.now()))
  requireEventAccess(ctx.actor, before)
  requireOpen(before.brief)
  const patching = options.patchId !== undefined
  let current: Stored | null = null
  let input: Record<string, any>
  if (patching) {
    current = onBoard(before, type).find(({ id }) => id === options.patchId) ?? null
    if (!current) throw notFound(type, options.patchId!)
    requirePatchable(definition, raw)
    input = { ...inputOf(definition, current), ...(parse(definition.patch!, raw) as object) }
  } else input = parse(definition.input!, raw ?? {}) as Record<string, any>
  const parent = patching ? null : requireParents(definition, before, input)
  let id: string
  if (current) id = current.id
  else if (definition.cardinality === 'one' || definition.parentKey === 'shortlist_id') {
    id = await artifactId(tx, definition, parent!, before, input)
    current = onBoard(before, type).find((one) => one.id === id) ?? null
  } else id = await artifactId(tx, definition, parent!, before, input)
  if (options.ifMatch !== undefined && options.ifMatch !== (current?.version ?? 0))
    throw versionConflict(id, options.ifMatch, current?.version ?? 0)
  const byAgent = ctx.actor.kind === 'agent' || options.run !== undefined
  const body = definition.prepare!({ input, board: before, current, id, byAgent })
  const change =
    current && !logsItself(type, before)
      ? await appendChange(tx, ctx, eventId, {
          change_type: type === 'VendorContracts' ? 'contract_change' : 'artifact_revision',
          description: `${type} ${id} revised${changedFields(current, body)}`,
          impact: `Version ${current.version + 1} replaces version ${current.version}`,
          impacted_artifacts: [{ artifact_type: type, artifact_id: id, version: current.version + 1 }],
          previous_version: current.version,
          new_version: current.version + 1,
        })
      : null
  const stored = await writeArtifact(tx, ctx, definition, {
    id,
    eventId,
    body,
    current,
    changeLogId: change?.id ?? null,
  })
  if (type === 'LogisticsPlan') await savePlanParts(tx, ctx, eventId, input, options)
  const board = options.more && !EFFECTS[type] ? before : await settleEvent(tx, ctx, eventId)
  const settled = onBoard(board, type).find((one) => one.id === id) ?? stored
  await EFFECTS[type]?.(tx, ctx, { board, before, stored: settled, current, change, run: options.run })
  await emit(tx, ctx, {
    domain: 'planning',
    type: current ? 'artifact.revised' : 'artifact.created',
    stream: `brief:${eventId}`,
    summary: `${definition.title} ${id} version ${stored.version}`,
    data: {
      event_brief_id: eventId,
      artifact_type: type,
      artifact_id: id,
      version: stored.version,
      validation_status: settled.validation_status,
      ...(options.run ? { session_id: options.run.session_id } : {}),
    },
  })
  if (['Schedule', 'ResourceRoster', 'ContingencyPlan'].includes(type) && before.brief.lifecycle_state === 'Execute')
    await refreshRunbook(tx, ctx, board)
  if (!EFFECTS[type]) return settled
  return onBoard(await settleEvent(tx, ctx, eventId), type).find((one) => one.id === id)!
}

/** Resources and scenarios sent with a logistics plan become the roster and the contingency plan. */
async function savePlanParts(tx: Tx, ctx: Ctx, eventId: string, input: Record<string, any>, options: SaveOptions) {
  const { run } = options
  if (input['resources'])
    await saveArtifactIn(tx, ctx, eventId, 'ResourceRoster', { resources: input['resources'] }, { run })
  if (input['contingency_scenarios'])
    await saveArtifactIn(tx, ctx, eventId, 'ContingencyPlan', { scenarios: input['contingency_scenarios'] }, { run })
}

function changedFields(current: Stored, body: Record<string, any>): string {
  const changed = Object.keys(body).filter((key) => JSON.stringify(current[key]) !== JSON.stringify(body[key]))
  return changed.length > 0 ? `: ${changed.slice(0, 8).join(', ')}` : ''
}

export const saveArtifact = (
  ctx: Ctx,
  eventId: string,
  type: ArtifactType,
  raw: unknown,
  options: SaveOptions = {},
): Promise<Stored> => ctx.kernel.db.transaction((tx) => saveArtifactIn(tx, ctx, eventId, type, raw, options))
