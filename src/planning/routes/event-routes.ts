import { z } from 'zod'
import { HttpReply, type Router } from '../../kernel/http/route.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import {
  Change,
  ChangeInput,
  Decision,
  DecisionInput,
  EventBrief,
  EventBriefInput,
  EventBriefPatch,
  EventPath,
  Execution,
  Feedback,
  FeedbackInput,
  GatesReply,
  Incident,
  IncidentInput,
  IncidentPatch,
  ListChangesQuery,
  ListDecisionsQuery,
  ListEventsQuery,
  ListTracesQuery,
  PostmortemInput,
  PostmortemReport,
  page,
  Runbook,
  TransitionInput,
} from '../schema.ts'
import { notFound } from '../store/load-board.ts'
import { isOnlyViewer } from '../verbs/access.ts'
import { createEvent, deleteEvent, listEvents, patchEvent, readEvent } from '../verbs/event-briefs.ts'
import { listOf, patchIncident } from '../verbs/incidents.ts'
import { addChange, addDecision, listChanges, listDecisions, listTraces } from '../verbs/log-entries.ts'
import { addFeedback, closePostmortem, readPostmortem } from '../verbs/postmortem.ts'
import { reportByHand } from '../verbs/report-incident.ts'
import { readGates, transitionEvent } from '../verbs/transition.ts'
import { created, etag, ifMatchOf } from './shared.ts'

/** Events, their lifecycle, logs and records (1–7, 51–63). */
export function eventRoutes(router: Pick<Router, 'add'>, _kernel: Kernel): void {
  const base = '/api/event-briefs'
  const tag = 'events'
  const one = `${base}/:id`
  router.add({
    method: 'POST',
    url: base,
    summary: 'Describe an event',
    tag,
    access: 'write',
    body: EventBriefInput,
    replies: { 201: EventBrief },
    handler: async (ctx, { request }) => {
      const event = await createEvent(ctx, request.body)
      return created(event, `${base}/${event.id}`)
    },
  })
  router.add({
    method: 'GET',
    url: base,
    summary: 'Events, newest first',
    tag,
    access: 'read',
    query: ListEventsQuery,
    replies: { 200: page(EventBrief) },
    handler: (ctx, { query }) => listEvents(ctx, query),
  })
  router.add({
    method: 'GET',
    url: one,
    summary: 'One event',
    tag,
    access: 'read',
    params: EventPath,
    replies: { 200: EventBrief },
    handler: async (ctx, { params }) => {
      const event = await readEvent(ctx, params.id)
      return new HttpReply(200, event, etag(event))
    },
  })
  router.add({
    method: 'PATCH',
    url: one,
    summary: 'Change an event',
    tag,
    access: 'write',
    params: EventPath,
    body: EventBriefPatch,
    replies: { 200: EventBrief },
    handler: async (ctx, { params, request }) => {
      const event = await patchEvent(ctx, params.id, request.body, ifMatchOf(request))
      return new HttpReply(200, event, etag(event))
    },
  })
  router.add({
    method: 'DELETE',
    url: one,
    summary: 'Delete an event; its change and decision logs stay',
    tag,
    access: 'write',
    params: EventPath,
    replies: { 204: 'Deleted' },
    handler: (ctx, { params }) => deleteEvent(ctx, params.id),
  })
  router.add({
    method: 'POST',
    url: `${one}/transition`,
    summary: 'Move an event to its next state',
    tag,
    access: 'write',
    params: EventPath,
    body: TransitionInput,
    replies: { 200: EventBrief },
    handler: (ctx, { params, body }) => transitionEvent(ctx, params.id, body),
  })
  router.add({
    method: 'GET',
    url: `${one}/gates`,
    summary: 'What the next gate says now',
    tag,
    access: 'read',
    params: EventPath,
    replies: { 200: GatesReply },
    handler: (ctx, { params }) => readGates(ctx, params.id),
  })
  router.add({
    method: 'GET',
    url: `${one}/contingency-plan/executions`,
    summary: 'Executions of contingency scenarios',
    tag,
    access: 'read',
    params: EventPath,
    replies: { 200: z.array(Execution) },
    handler: (ctx, { params }) => listOf(ctx, params.id, 'executions'),
  })
  router.add({
    method: 'POST',
    url: `${one}/incidents`,
    summary: 'Report an incident',
    tag,
    access: 'write',
    params: EventPath,
    body: IncidentInput,
    replies: { 201: Incident },
    handler: async (ctx, { params, body }) => {
      const incident = await reportByHand(ctx, params.id, body)
      return created(incident, `${base}/${params.id}/incidents`)
    },
  })
  router.add({
    method: 'GET',
    url: `${one}/incidents`,
    summary: 'Incidents of an event',
    tag,
    access: 'read',
    params: EventPath,
    replies: { 200: z.array(Incident) },
    handler: (ctx, { params }) => listOf(ctx, params.id, 'incidents'),
  })
  router.add({
    method: 'PATCH',
    url: `${one}/incidents/:incidentId`,
    summary: 'Move an incident on',
    tag,
    access: 'write',
    params: EventPath.extend({ incidentId: z.string() }),
    body: IncidentPatch.refine((patch) => Object.keys(patch).length > 0, 'must name at least one field'),
    replies: { 200: Incident },
    handler: (ctx, { params, body }) => patchIncident(ctx, params.id, params.incidentId, body),
  })
  router.add({
    method: 'GET',
    url: `${one}/runbook`,
    summary: 'The run-book, from Execute on',
    tag,
    access: 'read',
    params: EventPath,
    replies: { 200: Runbook },
    handler: async (ctx, { params }) => {
      const [runbook] = await listOf<Runbook>(ctx, params.id, 'runbooks')
      if (!runbook) throw notFound('Runbook', params.id)
      const hidden = isOnlyViewer(ctx.actor)
      return hidden
        ? { ...runbook, vendors: runbook.vendors.map((one) => ({ ...one, sla: null, redacted: true })) }
        : runbook
    },
  })
  router.add({
    method: 'POST',
    url: `${one}/feedback`,
    summary: 'Rate the event',
    tag,
    access: 'write',
    params: EventPath,
    body: FeedbackInput,
    replies: { 201: Feedback },
    handler: async (ctx, { params, body }) =>
      created(await addFeedback(ctx, params.id, body), `${base}/${params.id}/postmortem`),
  })
  router.add({
    method: 'POST',
    url: `${one}/postmortem`,
    summary: 'Close the event with lessons and actions',
    tag,
    access: 'write',
    params: EventPath,
    body: PostmortemInput,
    replies: { 201: PostmortemReport },
    handler: async (ctx, { params, body }) =>
      created(await closePostmortem(ctx, params.id, body), `${base}/${params.id}/postmortem`),
  })
  router.add({
    method: 'GET',
    url: `${one}/postmortem`,
    summary: 'The postmortem report',
    tag,
    access: 'read',
    params: EventPath,
    replies: { 200: PostmortemReport },
    handler: (ctx, { params }) => readPostmortem(ctx, params.id),
  })
  router.add({
    method: 'GET',
    url: `${one}/decisions`,
    summary: 'Decision log, newest first',
    tag,
    access: 'read',
    params: EventPath,
    query: ListDecisionsQuery,
    replies: { 200: z.union([z.array(Decision), page(Decision)]) },
    handler: (ctx, { params, query }) => listDecisions(ctx, params.id, query),
  })
  router.add({
    method: 'POST',
    url: `${one}/decisions`,
    summary: 'Record a decision of a person',
    tag,
    access: 'write',
    params: EventPath,
    body: DecisionInput,
    replies: { 201: Decision },
    handler: async (ctx, { params, body }) => {
      const decision = await addDecision(ctx, params.id, body)
      return created(decision, `/api/artifacts/DecisionLog/${decision.id}`)
    },
  })
  router.add({
    method: 'GET',
    url: `${one}/changes`,
    summary: 'Change log, newest first',
    tag,
    access: 'read',
    params: EventPath,
    query: ListChangesQuery,
    replies: { 200: z.union([z.array(Change), page(Change)]) },
    handler: (ctx, { params, query }) => listChanges(ctx, params.id, query),
  })
  router.add({
    method: 'POST',
    url: `${one}/changes`,
    summary: 'Request a change',
    tag,
    access: 'write',
    params: EventPath,
    body: ChangeInput,
    replies: { 201: Change },
    handler: async (ctx, { params, body }) => {
      const change = await addChange(ctx, params.id, body)
      return created(change, `/api/artifacts/ChangeLog/${change.id}`)
    },
  })
  router.add({
    method: 'GET',
    url: `${one}/traces`,
    summary: 'What agents did, by time',
    tag,
    access: 'read',
    params: EventPath,
    query: ListTracesQuery,
    handler: (ctx, { params, query }) => listTraces(ctx, params.id, query),
  })
}
