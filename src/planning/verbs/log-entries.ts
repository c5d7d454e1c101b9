import { hasRole } from '../../kernel/access/scopes.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Board } from '../artifacts/board.ts'
import { invalid } from '../artifacts/rules-initiation.ts'
import {
  type Change,
  type ChangeInput,
  type Decision,
  type DecisionInput,
  type ImpactedArtifact,
  isoTime,
} from '../schema.ts'
import { actorName } from '../store/actor-name.ts'
import { loadBoard, lockEvent, onBoard } from '../store/load-board.ts'
import { appendChange, appendDecision, mergeOutcomes } from '../store/logs.ts'
import { COLUMNS, toStored } from '../store/rows.ts'
import { requireEventAccess, requireOpen } from './access.ts'
import { thresholdOf } from './after-write.ts'
import { raiseApproval } from './raise-approval.ts'
import { requireReadable } from './read-artifacts.ts'

type Paged = { format: 'array' | 'page'; limit: number; offset: number }
const shaped = <T>(all: readonly T[], { format, limit, offset }: Paged) => {
  const data = all.slice(offset, offset + limit)
  return format === 'page' ? { data, total: all.length, limit, offset } : data
}

async function entries<T>(ctx: Ctx, table: 'changelogs' | 'decisions', id: string): Promise<T[]> {
  await requireReadable(ctx, id)
  const { rows } = await ctx.kernel.db.query(
    `select ${COLUMNS} from planning.${table} where event_brief_id = $1 order by id`,
    [id],
  )
  return rows.map(toStored) as never as T[]
}
const newestFirst = <T extends { created_at: string; id: string }>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at) || (a.id < b.id ? 1 : -1))

/** Decisions, newest first (59). */
export async function listDecisions(
  ctx: Ctx,
  id: string,
  query: Paged & { decision_type?: string | undefined; owner?: string | undefined },
) {
  const all = newestFirst(await entries<Decision>(ctx, 'decisions', id)).filter(
    (one) =>
      (!query.decision_type || one.decision_type === query.decision_type) &&
      (!query.owner || one.owner.toLowerCase() === query.owner.toLowerCase()),
  )
  return shaped(all, query)
}

/** Changes, newest first, each with the outcome of its approval (61). */
export async function listChanges(
  ctx: Ctx,
  id: string,
  query: Paged & { change_type?: string | undefined; owner?: string | undefined },
) {
  const all = newestFirst(mergeOutcomes(await entries<Change>(ctx, 'changelogs', id))).filter(
    (one) =>
      (!query.change_type || one.change_type === query.change_type) &&
      (!query.owner || one.initiated_by.toLowerCase() === query.owner.toLowerCase()),
  )
  return shaped(all, query)
}

/** Traces of an event by time (63); stack traces for auditors and administrators only. */
export async function listTraces(
  ctx: Ctx,
  id: string,
  query: {
    session_id?: string | undefined
    agent_name?: string | undefined
    status?: string | undefined
    limit: number
    offset: number
  },
) {
  await requireReadable(ctx, id)
  const { rows } = await ctx.kernel.db.query(
    `select ${COLUMNS} from planning.traces where event_brief_id = $1
       and ($2::text is null or body ->> 'session_id' = $2) and ($3::text is null or body ->> 'agent_name' = $3)
       and ($4::text is null or body ->> 'status' = $4)
     order by created_at, body ->> 'session_id', (body ->> 'step')::int limit $5 offset $6`,
    [id, query.session_id ?? null, query.agent_name ?? null, query.status ?? null, query.limit, query.offset],
  )
  const full = hasRole(ctx.actor, 'Auditor') || ctx.actor.scopes.includes('*')
  return rows.map((row) => {
    const trace = toStored(row)
    return trace['error'] && !full ? { ...trace, error: { ...trace['error'], stack: null } } : trace
  })
}

type Wanted = Omit<ImpactedArtifact, 'version'> & { version?: number | undefined }

function resolveImpacted(board: Board, wanted: readonly Wanted[]): ImpactedArtifact[] {
  return wanted.map(({ artifact_type, artifact_id, version, field }) => {
    const found = onBoard(board, artifact_type).find(({ id }) => id === artifact_id)
    if (!found || (version !== undefined && version > found.version))
      throw new AppError('UNKNOWN_REFERENCE', `${artifact_type} ${artifact_id} does not exist in this event`, {
        reference: artifact_id,
      })
    return { artifact_type, artifact_id, version: version ?? found.version, ...(field ? { field } : {}) }
  })
}

async function opened(tx: Tx, ctx: Ctx, id: string): Promise<Board> {
  await lockEvent(tx, id)
  const board = await loadBoard(tx, id, new Date(ctx.kernel.clock.now()))
  requireEventAccess(ctx.actor, board)
  requireOpen(board.brief)
  return board
}

/** A decision of a person, for the record (60). */
export async function addDecision(ctx: Ctx, id: string, input: DecisionInput): Promise<Decision> {
  return ctx.kernel.db.transaction(async (tx) => {
    const board = await opened(tx, ctx, id)
    const free = ['gate_passed', 'endorsement', 'human']
    if (!free.includes(input.decision_type) && input.alternatives_considered.length === 0)
      throw invalid('alternatives_considered', `is required for a decision of type ${input.decision_type}`)
    const decision = await appendDecision(tx, ctx, id, {
      ...input,
      impacted_artifacts: resolveImpacted(board, input.impacted_artifacts),
    })
    await emit(tx, ctx, {
      domain: 'planning',
      type: 'decision.recorded',
      level: 'DECISION',
      stream: `brief:${id}`,
      summary: input.description.slice(0, 300),
      data: { event_brief_id: id, decision_id: decision.id, decision_type: input.decision_type },
    })
    return decision
  })
}

/** A change request of a person (62). Above the threshold, or on wish, it asks for an approval; no artifact changes by it. */
export async function addChange(ctx: Ctx, id: string, input: ChangeInput): Promise<Change> {
  return ctx.kernel.db.transaction(async (tx) => {
    const board = await opened(tx, ctx, id)
    const { requires_approval, ...fields } = input
    const asks = requires_approval || (input.amount !== null && Math.abs(input.amount) > thresholdOf(board))
    const now = isoTime(ctx.kernel.clock.now())
    const change = await appendChange(tx, ctx, id, {
      ...fields,
      impacted_artifacts: resolveImpacted(board, input.impacted_artifacts),
      ...(asks ? { approvals: [{ approver: 'pending', status: 'pending' as const, requested_at: now }] } : {}),
    })
    if (asks)
      await raiseApproval(tx, ctx, board, {
        type: 'change_request',
        artifact: { artifact_type: 'ChangeLog', artifact_id: change.id, version: 1 },
        details: {
          change_id: change.id,
          change_type: change.change_type,
          description: change.description,
          impact: change.impact,
          amount: change.amount,
          requested_by: actorName(ctx),
        },
        title: change.description.slice(0, 150),
      })
    await emit(tx, ctx, {
      domain: 'planning',
      type: 'change.recorded',
      stream: `brief:${id}`,
      summary: input.description.slice(0, 300),
      data: { event_brief_id: id, change_id: change.id, change_type: input.change_type, asks },
    })
    return change
  })
}
