import { blindIndexes } from '../../kernel/access/data-keys.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { closeDecision } from '../../kernel/decisions/answer-decision.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import { parse } from '../../kernel/http/route.ts'
import type { Stored } from '../artifacts/definition.ts'
import { definitionOf } from '../artifacts/definitions.ts'
import { invalid } from '../artifacts/rules-initiation.ts'
import { cancelSession } from '../runs/start-session.ts'
import {
  AGENT_DISPLAY_NAMES,
  type CoreAgent,
  DECISION_RIGHTS,
  type EventBrief,
  EventBriefInput,
  EventBriefPatch,
  LIFECYCLE_STATES,
  type Stakeholder,
} from '../schema.ts'
import { actorName } from '../store/actor-name.ts'
import { getEvent, loadBoard, lockEvent } from '../store/load-board.ts'
import { appendChange } from '../store/logs.ts'
import { bodyOf, COLUMNS, toStored } from '../store/rows.ts'
import { eventIdBase } from '../store/slug.ts'
import { settleEvent, writeArtifact } from '../store/write-artifact.ts'
import { requireEventAccess, requireOpen, seesOnlyOwn } from './access.ts'
import { requirePatchable, saveArtifactIn, versionConflict } from './save-artifact.ts'

/** The first free id of the day and title; ids of deleted events stay taken. */
export async function takeEventId(tx: Tx, title: string, now: Date): Promise<string> {
  const base = eventIdBase(title, now)
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`
    const { rowCount } = await tx.query('insert into planning.event_ids (id) values ($1) on conflict do nothing', [id])
    if (rowCount === 1) return id
  }
}

function defaultOwner({ actor }: Pick<Ctx, 'actor'>): Stakeholder {
  return {
    name: actor.name && actor.kind === 'user' && actor.id !== 'dev-user' ? actor.name : actor.id,
    role: 'Owner',
    email: actor.email && /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(actor.email) ? actor.email : null,
    decision_rights: [...DECISION_RIGHTS],
    backup_for: null,
  }
}

/** Creates an event in `Initiate` with its stakeholder map in the given transaction. */
export async function createEventIn(tx: Tx, ctx: Ctx, raw: unknown): Promise<EventBrief> {
  const { stakeholders, ...fields } = parse(EventBriefInput, raw ?? {})
  if (fields.date_range_end <= fields.date_range_start)
    throw invalid('date_range_end', 'date_range_end must be after date_range_start', fields.date_range_end)
  const id = await takeEventId(tx, fields.title, new Date(ctx.kernel.clock.now()))
  const body = { ...fields, lifecycle_state: 'Initiate', instruction_level: null, outcome: null, closed_at: null }
  await writeArtifact(tx, ctx, definitionOf('EventBrief'), { id, eventId: id, body, current: null, changeLogId: null })
  const given = stakeholders ?? []
  const owner = defaultOwner(ctx)
  // names of the default entry may be free of an e-mail: it is the creator's
  const people = given.some(({ role }) => role === 'Owner') ? given : [...given, owner]
  if (given.some(({ email }) => email !== null && email.toLowerCase() === owner.email?.toLowerCase()))
    owner.email = null
  if (people.includes(owner) && !owner.email) owner.name = actorName(ctx)
  await saveArtifactIn(tx, ctx, id, 'StakeholderMap', { stakeholders: people })
  await emit(tx, ctx, {
    domain: 'planning',
    type: 'event.created',
    level: 'MILESTONE',
    stream: `brief:${id}`,
    summary: `${fields.title}: ${fields.event_type} for ${fields.audience_size}`,
    data: { event_brief_id: id, event_type: fields.event_type, audience_size: fields.audience_size },
  })
  return getEvent(tx, id)
}

export const createEvent = (ctx: Ctx, raw: unknown): Promise<EventBrief> =>
  ctx.kernel.db.transaction((tx) => createEventIn(tx, ctx, raw))

type ListQuery = {
  lifecycle_state?: string | undefined
  event_type?: string | undefined
  q?: string | undefined
  limit: number
  offset: number
}

/** A page of events, newest first; organizers see their own. */
export async function listEvents(ctx: Ctx, query: ListQuery) {
  const own = seesOnlyOwn(ctx.actor)
  const names = [ctx.actor.id, ctx.actor.email, ctx.actor.name].filter((name) => name !== undefined)
  const values = [
    query.lifecycle_state ?? null,
    query.event_type ?? null,
    query.q?.trim() || null,
    own ? names : null,
    own ? names.flatMap(blindIndexes) : null,
  ]
  const where = `($1::text is null or e.lifecycle_state = $1) and ($2::text is null or e.event_type = $2)
    and ($3::text is null or e.search @@ plainto_tsquery('simple', $3) or e.body ->> 'title' ilike '%' || replace(replace($3, '%', ''), '_', '') || '%')
    and ($4::text[] is null or e.created_by = any($4) or exists (
      select 1 from planning.stakeholder_maps m where m.event_brief_id = e.id and m.body -> '$people' ?| $5::text[]))`
  const columns = COLUMNS.split(', ')
    .map((column) => `e.${column}`)
    .join(', ')
  const { rows } = await ctx.kernel.db.query(
    `select ${columns} from planning.event_briefs e where ${where} order by e.created_at desc, e.id desc limit $6 offset $7`,
    [...values, query.limit, query.offset],
  )
  const total = await ctx.kernel.db.query(
    `select count(*)::int as total from planning.event_briefs e where ${where}`,
    values,
  )
  return {
    data: rows.map(toStored),
    total: total.rows[0]!['total'] as number,
    limit: query.limit,
    offset: query.offset,
  }
}

export async function readEvent(ctx: Ctx, id: string): Promise<EventBrief> {
  const event = await getEvent(ctx.kernel.db, id)
  if (seesOnlyOwn(ctx.actor)) requireEventAccess(ctx.actor, await loadBoard(ctx.kernel.db, id, new Date()))
  return event
}

/** Agents whose work depends on a field of the event. */
const AFFECTED: Readonly<Record<string, readonly CoreAgent[]>> = {
  date_range_start: ['event-planner', 'venue-researcher', 'catering-coordinator', 'logistics-coordinator'],
  date_range_end: ['event-planner', 'venue-researcher', 'catering-coordinator', 'logistics-coordinator'],
  audience_size: ['venue-researcher', 'budget-analyst', 'catering-coordinator', 'logistics-coordinator'],
  constraints: ['venue-researcher', 'budget-analyst', 'catering-coordinator'],
}

/** Changes fields of an event (4). Dependent artifacts are checked again; after Plan the ChangeLog names the affected agents. */
export async function patchEventIn(tx: Tx, ctx: Ctx, id: string, raw: unknown, ifMatch?: number): Promise<EventBrief> {
  await lockEvent(tx, id)
  const board = await loadBoard(tx, id, new Date(ctx.kernel.clock.now()))
  requireEventAccess(ctx.actor, board)
  requireOpen(board.brief)
  const definition = definitionOf('EventBrief')
  requirePatchable(definition, raw)
  const patch = parse(EventBriefPatch, raw)
  const current = board.brief as unknown as Stored
  if (ifMatch !== undefined && ifMatch !== current.version) throw versionConflict(id, ifMatch, current.version)
  const body = { ...bodyOf(current), ...patch } as unknown as EventBrief
  if (body.date_range_end <= body.date_range_start)
    throw invalid('date_range_end', 'date_range_end must be after date_range_start', body.date_range_end)
  const changed = Object.keys(patch).filter(
    (key) => JSON.stringify(current[key]) !== JSON.stringify(body[key as keyof EventBrief]),
  )
  const agents = [...new Set(changed.flatMap((key) => AFFECTED[key] ?? []))].map((name) => AGENT_DISPLAY_NAMES[name])
  const scope = agents.length > 0 && LIFECYCLE_STATES.indexOf(board.brief.lifecycle_state) >= 1
  const change = await appendChange(tx, ctx, id, {
    change_type: scope ? 'scope_change' : 'artifact_revision',
    description: `EventBrief ${id} revised: ${changed.join(', ') || 'nothing'}`,
    impact: agents.length > 0 ? `Work of ${agents.join(', ')} is affected` : 'No planned work is affected',
    impacted_artifacts: [{ artifact_type: 'EventBrief', artifact_id: id, version: current.version + 1 }],
    affected_agents: agents,
    previous_version: current.version,
    new_version: current.version + 1,
  })
  await writeArtifact(tx, ctx, definition, { id, eventId: id, body, current, changeLogId: change.id })
  const settled = await settleEvent(tx, ctx, id)
  await emit(tx, ctx, {
    domain: 'planning',
    type: 'artifact.revised',
    stream: `brief:${id}`,
    summary: `event brief ${id} version ${current.version + 1}`,
    data: {
      event_brief_id: id,
      artifact_type: 'EventBrief',
      artifact_id: id,
      version: current.version + 1,
      changed,
      affected_agents: agents,
    },
  })
  return settled.brief
}

export const patchEvent = (ctx: Ctx, id: string, raw: unknown, ifMatch?: number): Promise<EventBrief> =>
  ctx.kernel.db.transaction((tx) => patchEventIn(tx, ctx, id, raw, ifMatch))

/** A session that ended meanwhile needs no cancelling. */
function ignoreFinished(error: unknown): void {
  if (!(error instanceof AppError && error.code === 'SESSION_NOT_RUNNING')) throw error
}

/** Deletes an event and everything of it but the change and decision logs. A running session is cancelled first. */
export async function deleteEvent(ctx: Ctx, id: string): Promise<void> {
  requireEventAccess(ctx.actor, await loadBoard(ctx.kernel.db, id, new Date(ctx.kernel.clock.now())))
  const running = await ctx.kernel.db.query(
    "select id from planning.sessions where event_brief_id = $1 and status = 'in_progress'",
    [id],
  )
  for (const session of running.rows) await cancelSession(ctx, session['id']).catch(ignoreFinished)
  await ctx.kernel.db.transaction(async (tx) => {
    await lockEvent(tx, id)
    const now = new Date(ctx.kernel.clock.now())
    const board = await loadBoard(tx, id, now)
    requireEventAccess(ctx.actor, board)
    for (const approval of board.approvals)
      if (approval.status === 'pending') await closeDecision(tx, ctx, approval.approval_id, 'withdrawn')
    await tx.query('update planning.changelogs set event_deleted_at = $2 where event_brief_id = $1', [id, now])
    await tx.query('update planning.decisions set event_deleted_at = $2 where event_brief_id = $1', [id, now])
    await tx.query('delete from planning.event_briefs where id = $1', [id])
    await emit(tx, ctx, {
      domain: 'planning',
      type: 'event.deleted',
      level: 'MILESTONE',
      stream: `brief:${id}`,
      summary: `${board.brief.title} deleted`,
      data: { event_brief_id: id },
    })
  })
}
