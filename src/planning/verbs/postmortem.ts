import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Board } from '../artifacts/board.ts'
import { incidentResolutionTime } from '../formulas/on-time.ts'
import { type Feedback, isoTime, type PostmortemInput, type PostmortemReport } from '../schema.ts'
import { actorName } from '../store/actor-name.ts'
import { getEvent, loadBoard, lockEvent, notFound } from '../store/load-board.ts'
import { appendChange } from '../store/logs.ts'
import { listRecords, putRecord } from '../store/records.ts'
import { nextId } from '../store/sequence.ts'
import { patchBody } from '../store/write-artifact.ts'
import { requireEventAccess } from './access.ts'
import { METRIC_GROUPS, type MetricGroupName, metricsOf } from './compute-metrics.ts'

function report(board: Board, input: PostmortemInput | null, before: PostmortemReport | undefined): PostmortemReport {
  const metrics = Object.fromEntries(
    (Object.keys(METRIC_GROUPS) as MetricGroupName[]).map((name) => {
      const { values, passed } = metricsOf(board, name)
      return [name, { ...values, passed }]
    }),
  )
  const { brief, incidents, executions } = board
  return {
    event_brief_id: brief.id,
    summary:
      input?.summary.trim() ||
      `${brief.title} was ${brief.outcome ?? 'completed'} for ${brief.audience_size} attendees with ${incidents.length} incidents.`,
    metrics,
    incident_summary: {
      total: incidents.length,
      resolved: incidents.filter(({ status }) => status === 'resolved').length,
      longest_resolution_minutes: incidentResolutionTime(incidents),
      contingency_executions: executions.length,
    },
    decision_count: board.decisions.length,
    change_count: board.changes.length,
    lessons: input?.lessons ?? [],
    action_items: input?.action_items ?? [],
    closed_at: input ? board.now : null,
    created_at: before?.created_at ?? board.now,
    updated_at: board.now,
  }
}

const idOf = (eventId: string) => `postmortem-${eventId}`

/** The draft made on entering Postmortem: figures only, lessons and actions are for people. */
export const draftPostmortem = (tx: Tx, ctx: Ctx, board: Board): Promise<void> =>
  putRecord(tx, ctx, 'postmortems', idOf(board.brief.id), board.brief.id, report(board, null, undefined))

/** Closes the event (57): state Postmortem, metrics kept, lessons and owned actions given. */
export async function closePostmortem(ctx: Ctx, id: string, input: PostmortemInput): Promise<PostmortemReport> {
  return ctx.kernel.db.transaction(async (tx) => {
    await lockEvent(tx, id)
    const board = await loadBoard(tx, id, new Date(ctx.kernel.clock.now()))
    requireEventAccess(ctx.actor, board)
    const { rows } = await tx.query(
      'select count(*)::int as kept from planning.metric_snapshots where event_brief_id = $1',
      [id],
    )
    const lacks =
      board.brief.lifecycle_state !== 'Postmortem'
        ? `state is ${board.brief.lifecycle_state}`
        : rows[0]!['kept'] === 0
          ? 'metrics snapshot missing'
          : null
    if (lacks)
      throw new AppError('PRECONDITIONS_NOT_MET', `Postmortem incomplete: ${lacks}`, {
        missing_artifacts: [],
        failed_gates: [`postmortem: Postmortem incomplete: ${lacks}`],
        gate_results: [],
      })
    const [before] = await listRecords<PostmortemReport>(tx, 'postmortems', id)
    const closed = report(board, input, before)
    await putRecord(tx, ctx, 'postmortems', idOf(id), id, closed)
    await patchBody(tx, ctx, 'EventBrief', id, { closed_at: closed.closed_at })
    await appendChange(tx, ctx, id, {
      change_type: 'other',
      description: `Postmortem ${before?.closed_at ? 'revised' : 'closed'} by ${actorName(ctx)}`,
      impact: `${input.lessons.length} lessons, ${input.action_items.length} actions`,
      impacted_artifacts: [
        { artifact_type: 'EventBrief', artifact_id: id, version: board.brief.version, field: 'closed_at' },
      ],
    })
    await emit(tx, ctx, {
      domain: 'planning',
      type: 'event.closed',
      level: 'MILESTONE',
      stream: `brief:${id}`,
      summary: `${board.brief.title} closed with ${input.lessons.length} lessons`,
      data: { event_brief_id: id },
    })
    return closed
  })
}

export async function readPostmortem(ctx: Ctx, id: string): Promise<PostmortemReport> {
  await getEvent(ctx.kernel.db, id)
  const [found] = await listRecords<PostmortemReport>(ctx.kernel.db, 'postmortems', id)
  if (!found) throw notFound('PostmortemReport', id)
  return found
}

/** A rating of the event, in Execute and Postmortem (56). */
export async function addFeedback(
  ctx: Ctx,
  id: string,
  input: Pick<Feedback, 'respondent_role' | 'rating' | 'comment'>,
): Promise<Feedback> {
  return ctx.kernel.db.transaction(async (tx) => {
    await lockEvent(tx, id)
    const board = await loadBoard(tx, id, new Date(ctx.kernel.clock.now()))
    requireEventAccess(ctx.actor, board)
    const state = board.brief.lifecycle_state
    if (state !== 'Execute' && state !== 'Postmortem')
      throw new AppError('LIFECYCLE_LOCKED', `Feedback is possible from Execute on, the event is in ${state}`, {
        current_state: state,
      })
    const feedback: Feedback = {
      id: await nextId(tx, 'fb', id),
      event_brief_id: id,
      ...input,
      created_at: isoTime(ctx.kernel.clock.now()),
    }
    await putRecord(tx, ctx, 'feedback', feedback.id, id, feedback)
    await emit(tx, ctx, {
      domain: 'planning',
      type: 'feedback.given',
      stream: `brief:${id}`,
      summary: `${input.respondent_role} rates ${input.rating} of 5`,
      data: { event_brief_id: id, feedback_id: feedback.id, rating: input.rating },
    })
    return feedback
  })
}
