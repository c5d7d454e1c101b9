import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { emit } from '../../kernel/events/emit.ts'
import type { Board } from '../artifacts/board.ts'
import { round } from '../formulas/round.ts'
import { tellSession } from '../runs/tell-session.ts'
import {
  type Execution,
  type Incident,
  type IncidentInput,
  type IncidentPatch,
  isoTime,
  type Scenario,
  SEVERITIES,
} from '../schema.ts'
import { getEvent, loadBoard, lockEvent, notFound } from '../store/load-board.ts'
import { appendChange, appendDecision } from '../store/logs.ts'
import { listRecords, putRecord } from '../store/records.ts'
import { nextId } from '../store/sequence.ts'
import { patchBody } from '../store/write-artifact.ts'
import { requireEventAccess, requireOpen } from './access.ts'

const minutes = (from: string, to: string) => round(Math.max(0, Date.parse(to) - Date.parse(from)) / 60_000, 2)

/** Starts the execution of a scenario for an incident, with its log entries. */
export async function startExecution(
  tx: Tx,
  ctx: Ctx,
  board: Board,
  incident: Incident,
  scenario: Scenario,
): Promise<Execution> {
  const plan = board.artifacts.ContingencyPlan!
  const eventId = board.brief.id
  const now = isoTime(ctx.kernel.clock.now())
  const ref = { artifact_type: 'ContingencyPlan', artifact_id: plan.id, version: plan.version }
  const decision = await appendDecision(tx, ctx, eventId, {
    decision_type: 'mitigation',
    description: `Contingency "${scenario.scenario}" triggered by ${incident.id}`,
    rationale: `${incident.title} (${incident.severity}) meets the trigger "${scenario.trigger}" within ${scenario.target_resolution_minutes} minutes`,
    owner: scenario.owner,
    alternatives_considered: plan.scenarios.map((one) => ({ option: one.scenario, pros: [], cons: [] })),
    impacted_artifacts: [ref],
  })
  const change = await appendChange(tx, ctx, eventId, {
    change_type: 'incident_response',
    description: `Response to ${incident.title}: ${scenario.scenario}`,
    impact: scenario.response,
    impacted_artifacts: [ref],
  })
  const resolved = incident.status === 'resolved'
  const execution: Execution = {
    id: await nextId(tx, 'cpx', plan.id),
    contingency_plan_id: plan.id,
    incident_id: incident.id,
    scenario: scenario.scenario,
    trigger_key: scenario.trigger_key,
    status: resolved ? 'resolved' : incident.status === 'responding' ? 'in_progress' : 'triggered',
    started_at: now,
    resolved_at: resolved ? now : null,
    resolution_time: resolved ? incident.resolution_minutes : null,
    actions: [scenario.response],
    decision_id: decision.id,
    change_log_ids: [change.id],
  }
  await putRecord(tx, ctx, 'executions', execution.id, eventId, execution)
  await emit(tx, ctx, {
    domain: 'planning',
    type: 'contingency.triggered',
    level: 'MILESTONE',
    stream: `brief:${eventId}`,
    summary: `${scenario.scenario}: ${scenario.response.slice(0, 200)}`,
    data: {
      event_brief_id: eventId,
      incident_id: incident.id,
      scenario: scenario.scenario,
      execution_id: execution.id,
    },
  })
  await tellSession(
    tx,
    ctx,
    eventId,
    'contingency_triggered',
    `${scenario.scenario}: ${scenario.response.slice(0, 200)}`,
    {
      incident_id: incident.id,
      scenario: scenario.scenario,
      execution_id: execution.id,
    },
  )
  return execution
}

/** Records an incident and starts the scenario whose trigger it is, when it is severe enough (52). */
export async function reportIncidentIn(
  tx: Tx,
  ctx: Ctx,
  id: string,
  input: IncidentInput,
  injected = false,
): Promise<{ incident: Incident; execution: Execution | null }> {
  await lockEvent(tx, id)
  const now = new Date(ctx.kernel.clock.now())
  const board = await loadBoard(tx, id, now)
  requireEventAccess(ctx.actor, board)
  requireOpen(board.brief)
  const severe = (threshold: Incident['severity']) =>
    SEVERITIES.indexOf(input.severity) >= SEVERITIES.indexOf(threshold)
  const scenario = board.artifacts.ContingencyPlan?.scenarios.find(
    ({ trigger_key, severity_threshold }) => trigger_key === input.kind && severe(severity_threshold),
  )
  if (input.risk_id && !board.artifacts.RiskRegister.some((risk) => risk.id === input.risk_id))
    throw new AppError('UNKNOWN_REFERENCE', `Risk ${input.risk_id} does not exist in this event`, {
      reference: input.risk_id,
    })
  const risk = board.artifacts.RiskRegister.find((one) =>
    input.risk_id ? one.id === input.risk_id : scenario?.risk_ids.includes(one.id),
  )
  const incident: Incident = {
    id: await nextId(tx, 'inc', id),
    event_brief_id: id,
    title: input.title,
    kind: input.kind,
    severity: input.severity,
    description: input.description,
    status: 'open',
    occurred_at: input.occurred_at ?? isoTime(now),
    resolved_at: null,
    resolution: null,
    resolution_minutes: null,
    risk_id: risk?.id ?? null,
    injected,
  }
  await putRecord(tx, ctx, 'incidents', incident.id, id, incident)
  if (risk)
    await patchBody(tx, ctx, 'RiskRegister', risk.id, {
      status: 'occurred',
      incident_ids: [...risk.incident_ids, incident.id],
    })
  await emit(tx, ctx, {
    domain: 'planning',
    type: 'incident.reported',
    level: 'MILESTONE',
    stream: `brief:${id}`,
    summary: `${incident.severity}: ${incident.title}`,
    data: { event_brief_id: id, incident_id: incident.id, kind: incident.kind, severity: incident.severity },
  })
  await tellSession(tx, ctx, id, 'incident_reported', `${incident.severity}: ${incident.title}`, {
    incident_id: incident.id,
    scenario: scenario?.scenario ?? null,
    execution_id: null,
  })
  const execution = scenario ? await startExecution(tx, ctx, board, incident, scenario) : null
  return { incident, execution }
}

const MOVES: Record<Incident['status'], readonly Incident['status'][]> = {
  open: ['responding', 'resolved'],
  responding: ['resolved'],
  resolved: [],
}

const refused = (current: string, target: string) =>
  new AppError('INVALID_TRANSITION', `Invalid transition from ${current} to ${target}`, { current, target })

/** Moves an incident on, or starts a scenario for one without execution (54). The execution follows its incident. */
export async function patchIncident(ctx: Ctx, id: string, incidentId: string, patch: IncidentPatch): Promise<Incident> {
  return ctx.kernel.db.transaction(async (tx) => {
    await lockEvent(tx, id)
    const board = await loadBoard(tx, id, new Date(ctx.kernel.clock.now()))
    requireEventAccess(ctx.actor, board)
    requireOpen(board.brief)
    const incident = board.incidents.find((one) => one.id === incidentId)
    if (!incident) throw notFound('Incident', incidentId)
    let execution = board.executions.find((one) => one.incident_id === incidentId) ?? null
    const { trigger_key, status, resolution, contingency_worked } = patch
    const rest = status !== undefined || resolution !== undefined || contingency_worked !== undefined
    if (incident.status === 'resolved' && (rest || trigger_key === undefined))
      throw refused('resolved', status ?? 'changed')
    if (status && status !== incident.status && !MOVES[incident.status].includes(status))
      throw refused(incident.status, status)
    const now = isoTime(ctx.kernel.clock.now())
    const resolving = status === 'resolved'
    const next: Incident = {
      ...incident,
      status: status ?? incident.status,
      resolution: resolution ?? incident.resolution,
      ...(resolving ? { resolved_at: now, resolution_minutes: minutes(incident.occurred_at, now) } : {}),
    }
    if (trigger_key !== undefined) {
      if (execution) throw refused(execution.status, 'triggered')
      const scenario = board.artifacts.ContingencyPlan?.scenarios.find((one) => one.trigger_key === trigger_key)
      if (!scenario)
        throw new AppError('UNKNOWN_REFERENCE', `No contingency scenario has the trigger_key ${trigger_key}`, {
          reference: trigger_key,
        })
      execution = await startExecution(tx, ctx, board, next, scenario)
    }
    if (execution && execution.status !== 'resolved' && execution.status !== 'failed') {
      const followed: Execution = {
        ...execution,
        status: resolving
          ? contingency_worked === false
            ? 'failed'
            : 'resolved'
          : next.status === 'responding'
            ? 'in_progress'
            : execution.status,
        ...(resolving ? { resolved_at: now, resolution_time: next.resolution_minutes } : {}),
        actions: resolution ? [...execution.actions, resolution] : execution.actions,
      }
      await putRecord(tx, ctx, 'executions', execution.id, id, followed)
    } else if (execution && resolving && contingency_worked === false)
      await putRecord(tx, ctx, 'executions', execution.id, id, { ...execution, status: 'failed' })
    await putRecord(tx, ctx, 'incidents', incidentId, id, next)
    await emit(tx, ctx, {
      domain: 'planning',
      type: resolving ? 'contingency.resolved' : 'incident.changed',
      stream: `brief:${id}`,
      summary: `${incident.title}: ${next.status}`,
      data: {
        event_brief_id: id,
        incident_id: incidentId,
        status: next.status,
        execution_id: execution?.id ?? null,
        scenario: execution?.scenario ?? null,
        resolution_minutes: next.resolution_minutes,
      },
    })
    if (resolving)
      await tellSession(tx, ctx, id, 'contingency_resolved', `${incident.title}: resolved`, {
        incident_id: incidentId,
        scenario: execution?.scenario ?? null,
        execution_id: execution?.id ?? null,
        resolution_minutes: next.resolution_minutes,
      })
    return next
  })
}

export async function listOf<T>(ctx: Ctx, id: string, table: 'incidents' | 'executions' | 'runbooks'): Promise<T[]> {
  await getEvent(ctx.kernel.db, id)
  return listRecords<T>(ctx.kernel.db, table, id)
}
