import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { raiseDecision } from '../../kernel/decisions/raise-decision.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Board } from '../artifacts/board.ts'
import { money, round } from '../formulas/round.ts'
import { tellSession } from '../runs/tell-session.ts'
import type { CostModel, Execution, Incident, VenueScorecard, VenueShortlist } from '../schema.ts'
import { isoTime } from '../schema.ts'
import { loadBoard, notFound } from '../store/load-board.ts'
import { appendChange, appendDecision } from '../store/logs.ts'
import { putRecord } from '../store/records.ts'
import { patchBody, settleEvent } from '../store/write-artifact.ts'
import { thresholdOf } from './after-write.ts'
import { escalationPath } from './approval-path.ts'
import { reportIncidentIn } from './incidents.ts'
import { type RunInfo, supersedeApprovals } from './raise-approval.ts'
import { saveArtifactIn } from './save-artifact.ts'

type Ranked = { venue: VenueShortlist; total: number | null }

/** Venues that could take over, best first: backups before others, then by scorecard total (5.5.1 step 4). */
export function replacements(board: Board, lostId: string): Ranked[] {
  const { VenueShortlist: entries, VenueAvailability: holds, VenueScorecard: card } = board.artifacts
  const total = (id: string) => card?.candidate_scores.find(({ venue_id }) => venue_id === id)?.total ?? null
  const free = (id: string) => {
    const known = holds.find(({ shortlist_id }) => shortlist_id === id)
    return !known || (known.hold_status !== 'released' && known.dates.every(({ available }) => available))
  }
  const rank = ({ venue_role }: VenueShortlist) => (venue_role === 'backup' ? 0 : 1)
  return entries
    .filter(
      ({ id, status, capacity }) =>
        id !== lostId && status !== 'cancelled' && capacity >= board.brief.audience_size && free(id),
    )
    .map((venue) => ({ venue, total: total(venue.id) }))
    .sort(
      (a, b) => rank(a.venue) - rank(b.venue) || (b.total ?? 0) - (a.total ?? 0) || (a.venue.id < b.venue.id ? -1 : 1),
    )
}

async function riskOf(tx: Tx, ctx: Ctx, board: Board, venue: VenueShortlist, run?: RunInfo): Promise<string> {
  const scenario = board.artifacts.ContingencyPlan?.scenarios.find(
    ({ trigger_key }) => trigger_key === 'venue_cancellation',
  )
  const found = board.artifacts.RiskRegister.find(
    ({ id, description, status }) =>
      status !== 'closed' && (scenario?.risk_ids.includes(id) || /venue.*(cancel|unavailable)/i.test(description)),
  )
  if (found) return found.id
  const made = await saveArtifactIn(
    tx,
    ctx,
    board.brief.id,
    'RiskRegister',
    {
      description: `Venue cancelled: ${venue.venue_name}`,
      probability: 'low',
      impact: 'high',
      owner: 'venue-researcher',
      mitigation_strategies: ['Move to a backup venue'],
      status: 'occurred',
    },
    { run },
  )
  return made.id
}

const minutesSince = (from: string, to: string) => round(Math.max(0, Date.parse(to) - Date.parse(from)) / 60_000, 2)

/**
 * A venue is lost: incident, contingency, escalation, backup, approvals and budget in one transaction (5.5.1). Without a backup the
 * execution fails and the organizer is asked.
 */
export async function cancelVenueIn(
  tx: Tx,
  ctx: Ctx,
  eventId: string,
  venueId: string,
  options: { injected?: boolean; title?: string; description?: string; run?: RunInfo } = {},
): Promise<Incident> {
  const { run } = options
  const start = await loadBoard(tx, eventId, new Date(ctx.kernel.clock.now()))
  const venue = start.artifacts.VenueShortlist.find(({ id }) => id === venueId)
  if (!venue) throw notFound('VenueShortlist', venueId)
  const risk_id = await riskOf(tx, ctx, start, venue, run)
  const { incident, execution } = await reportIncidentIn(
    tx,
    ctx,
    eventId,
    {
      title: options.title ?? `Venue cancelled: ${venue.venue_name}`,
      kind: 'venue_cancellation',
      severity: 'critical',
      description: options.description ?? `${venue.venue_name} is no longer available`,
      risk_id,
    },
    options.injected,
  )
  await patchBody(tx, ctx, 'VenueShortlist', venueId, { status: 'cancelled' })
  const board = await settleEvent(tx, ctx, eventId)
  const notified = escalationPath(board, 'venue_selection', false).people
  const ref = { artifact_type: 'VenueShortlist', artifact_id: venueId, version: venue.version }
  const escalation = await appendDecision(tx, ctx, eventId, {
    decision_type: 'escalation',
    description: `Venue cancellation escalated to ${notified.join(', ') || 'the organizer'}`,
    rationale: `${venue.venue_name} for ${board.brief.audience_size} people is lost (incident ${incident.id})`,
    owner: 'Event Planner Agent',
    alternatives_considered: replacements(board, venueId).map(({ venue: other, total }, index) => ({
      option: other.venue_name,
      score: total,
      rank: index + 1,
      pros: [`Capacity ${other.capacity}`],
      cons: [`Costs ${other.cost_estimate}`],
    })),
    impacted_artifacts: [ref],
    session_id: run?.session_id ?? null,
  })
  await emit(tx, ctx, {
    domain: 'planning',
    type: 'stakeholders.notified',
    level: 'DECISION',
    stream: `brief:${eventId}`,
    summary: `${venue.venue_name} cancelled: ${notified.join(', ') || 'the organizer'} informed`,
    data: { event_brief_id: eventId, incident_id: incident.id, notified, decision_id: escalation.id },
  })
  const card = board.artifacts.VenueScorecard
  const wasSelected = card?.selected_venue_id === venueId
  const [backup] = replacements(board, venueId)
  if (wasSelected && !backup) return leaveOpen(tx, ctx, board, incident, execution, venue)
  if (wasSelected && backup) await moveTo(tx, ctx, board, venue, backup, incident, run)
  return resolve(tx, ctx, eventId, incident, execution, [
    wasSelected && backup ? `Moved to ${backup.venue.venue_name}` : 'The lost venue was not selected',
  ])
}

async function moveTo(
  tx: Tx,
  ctx: Ctx,
  board: Board,
  lost: VenueShortlist,
  { venue, total }: Ranked,
  incident: Incident,
  run?: RunInfo,
): Promise<void> {
  const eventId = board.brief.id
  const card = board.artifacts.VenueScorecard as VenueScorecard
  const lostTotal = card.candidate_scores.find(({ venue_id }) => venue_id === lost.id)?.total ?? null
  const saved = await saveArtifactIn(
    tx,
    ctx,
    eventId,
    'VenueScorecard',
    {
      criteria_weights: card.criteria_weights,
      candidate_scores: card.candidate_scores.map(({ venue_id, scores }) => ({ venue_id, scores })),
      selected_venue_id: venue.id,
      selection_rationale: `Backup venue ${venue.venue_name} (total ${total ?? 'not scored'}) replaces the cancelled ${lost.venue_name} (total ${lostTotal ?? 'not scored'})`,
    },
    { run: run?.instruction_level === 'Beginner' ? { ...run, instruction_level: 'Intermediate' } : run },
  )
  await appendChange(tx, ctx, eventId, {
    change_type: 'venue_change',
    description: `Venue changed from ${lost.venue_name} to ${venue.venue_name} after ${incident.id}`,
    impact: `Cost ${lost.cost_estimate} → ${venue.cost_estimate}, capacity ${lost.capacity} → ${venue.capacity}`,
    impacted_artifacts: [
      { artifact_type: 'VenueScorecard', artifact_id: saved.id, version: saved.version, field: 'selected_venue_id' },
      { artifact_type: 'VenueShortlist', artifact_id: venue.id, version: venue.version },
    ],
    approvals: [{ approver: 'venue_selection', status: 'pending', requested_at: isoTime(ctx.kernel.clock.now()) }],
  })
  const difference = money(venue.cost_estimate - lost.cost_estimate)
  if (Math.abs(difference) > thresholdOf(board)) await reviseCosts(tx, ctx, eventId, difference, venue, run)
}

/** The venue's line takes the new price and the budget goes back to approval. */
async function reviseCosts(
  tx: Tx,
  ctx: Ctx,
  eventId: string,
  difference: number,
  venue: VenueShortlist,
  run?: RunInfo,
) {
  const board = await loadBoard(tx, eventId, new Date(ctx.kernel.clock.now()))
  const model = board.artifacts.CostModel as CostModel | null
  const index = model?.line_items.findIndex(({ category }) => category.toLowerCase() === 'venue') ?? -1
  if (!model || index < 0) return
  const line_items = model.line_items.map((line, at) => {
    if (at !== index) return line
    const { list_unit_cost: _list, ...rest } = line
    const total = Math.max(0, money(line.total + difference))
    return { ...rest, item: venue.venue_name, quantity: 1, unit_cost: total, total }
  })
  const { variance_rules, hedges, scenarios, mitigation_options } = model
  const cost = await saveArtifactIn(
    tx,
    ctx,
    eventId,
    'CostModel',
    { line_items, variance_rules, hedges, scenarios, mitigation_options },
    { run },
  )
  const after = await loadBoard(tx, eventId, new Date(ctx.kernel.clock.now()))
  if (!after.artifacts.BudgetDecision) return
  const open = after.approvals.filter(
    ({ status, approval_type }) => status === 'pending' && approval_type === 'change_request',
  )
  await saveArtifactIn(
    tx,
    ctx,
    eventId,
    'BudgetDecision',
    {
      approved_total: Math.max(0.01, cost['total_cost'] as number),
      rationale: `Venue changed: cost ${difference >= 0 ? '+' : ''}${difference.toFixed(2)}`,
      change_log_ids: open.map(({ artifact_id }) => artifact_id),
    },
    { run: run?.instruction_level === 'Beginner' ? { ...run, instruction_level: 'Intermediate' } : run },
  )
}

async function resolve(
  tx: Tx,
  ctx: Ctx,
  eventId: string,
  incident: Incident,
  execution: Execution | null,
  actions: string[],
): Promise<Incident> {
  const now = isoTime(ctx.kernel.clock.now())
  const minutes = minutesSince(incident.occurred_at, now)
  const resolved: Incident = {
    ...incident,
    status: 'resolved',
    resolved_at: now,
    resolution: actions.join('; '),
    resolution_minutes: minutes,
  }
  await putRecord(tx, ctx, 'incidents', incident.id, eventId, resolved)
  if (execution)
    await putRecord(tx, ctx, 'executions', execution.id, eventId, {
      ...execution,
      status: 'resolved',
      resolved_at: now,
      resolution_time: minutes,
      actions: [...execution.actions, ...actions],
    })
  await emit(tx, ctx, {
    domain: 'planning',
    type: 'contingency.resolved',
    level: 'MILESTONE',
    stream: `brief:${eventId}`,
    summary: `${incident.title}: ${actions.join('; ')}`,
    data: {
      event_brief_id: eventId,
      incident_id: incident.id,
      scenario: execution?.scenario ?? null,
      execution_id: execution?.id ?? null,
      resolution_minutes: minutes,
    },
  })
  await tellSession(tx, ctx, eventId, 'contingency_resolved', `${incident.title}: ${actions.join('; ')}`, {
    incident_id: incident.id,
    scenario: execution?.scenario ?? null,
    execution_id: execution?.id ?? null,
    resolution_minutes: minutes,
  })
  return resolved
}

async function leaveOpen(
  tx: Tx,
  ctx: Ctx,
  board: Board,
  incident: Incident,
  execution: Execution | null,
  venue: VenueShortlist,
): Promise<Incident> {
  const eventId = board.brief.id
  const responding: Incident = { ...incident, status: 'responding' }
  await putRecord(tx, ctx, 'incidents', incident.id, eventId, responding)
  if (execution) await putRecord(tx, ctx, 'executions', execution.id, eventId, { ...execution, status: 'failed' })
  const card = board.artifacts.VenueScorecard
  await supersedeApprovals(tx, ctx, board, ({ artifact_id }) => artifact_id === card?.id, true)
  await raiseDecision(tx, ctx, {
    domain: 'planning',
    kind: 'answer',
    type: 'venue_replacement',
    title: `No venue is left for ${board.brief.title}`,
    prompt: `${venue.venue_name} was cancelled and no shortlisted venue is free and large enough for ${board.brief.audience_size}. Which venue, date or size shall be planned for?`,
    blocks: `the execution of ${board.brief.title}`,
    subject: { type: 'Incident', id: incident.id },
    scope: eventId,
    roles: ['Organizer', 'Approver'],
    users: escalationPath(board, 'venue_selection', false).people,
    onTimeout: 'hold',
    data: { incident_id: incident.id, event_brief_id: eventId },
  })
  return responding
}
