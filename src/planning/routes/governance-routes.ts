import { z } from 'zod'
import { authMode } from '../../kernel/access/authenticate.ts'
import { ROLE_SCOPES, type Role } from '../../kernel/access/scopes.ts'
import { HttpReply, type Router } from '../../kernel/http/route.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import {
  Approval,
  AuditQuery,
  DecideApprovalInput,
  EventPath,
  InjectFailureInput,
  ListApprovalsQuery,
  MetricsReport,
  PendingApprovalsQuery,
  page,
  TestTimeoutInput,
} from '../schema.ts'
import { notFound } from '../store/load-board.ts'
import { listApprovals, pendingApprovals, readApproval, setTestTimeout } from '../verbs/approvals.ts'
import { readAudit } from '../verbs/audit.ts'
import { METRIC_GROUPS, type MetricGroupName } from '../verbs/compute-metrics.ts'
import { injectFailure } from '../verbs/inject-failure.ts'
import { decideApproval } from '../verbs/settle-approval.ts'
import { readAllMetrics, readMetrics } from '../verbs/snapshot-metrics.ts'
import { testEndpointsEnabled } from './shared.ts'

const ApprovalPath = z.object({ approvalId: z.string() })

/** Approvals, metrics, audit and the caller (81–92). */
export function governanceRoutes(router: Pick<Router, 'add'>, kernel: Kernel): void {
  const tag = 'approvals'
  router.add({
    method: 'GET',
    url: '/api/approvals/pending',
    summary: 'Approvals the caller may decide, oldest first',
    tag,
    access: 'read',
    query: PendingApprovalsQuery,
    handler: (ctx, { query }) => pendingApprovals(ctx, query.event_brief_id),
  })
  router.add({
    method: 'GET',
    url: '/api/approvals',
    summary: 'All approvals, newest first',
    tag,
    access: 'read',
    query: ListApprovalsQuery,
    replies: { 200: page(Approval) },
    handler: (ctx, { query }) => listApprovals(ctx, query),
  })
  router.add({
    method: 'GET',
    url: '/api/approvals/:approvalId',
    summary: 'One approval',
    tag,
    access: 'read',
    params: ApprovalPath,
    replies: { 200: Approval },
    handler: (ctx, { params }) => readApproval(ctx, params.approvalId),
  })
  router.add({
    method: 'POST',
    url: '/api/approvals/:approvalId',
    summary: 'Approve or reject',
    tag,
    access: 'approve',
    params: ApprovalPath,
    body: DecideApprovalInput,
    replies: {
      200: z.object({ approval_id: z.string(), status: z.enum(['approved', 'rejected']), timestamp: z.string() }),
    },
    handler: (ctx, { params, body }) => decideApproval(ctx, params.approvalId, body),
  })
  router.add({
    method: 'POST',
    url: '/api/approvals/:approvalId/test-timeout',
    summary: 'Move the deadline of an approval (tests)',
    tag,
    access: 'write',
    params: ApprovalPath,
    body: TestTimeoutInput,
    replies: { 202: 'The new deadline' },
    handler: (ctx, { params, body }) => {
      if (!testEndpointsEnabled(kernel)) throw notFound('path', '/api/approvals/{id}/test-timeout')
      return setTestTimeout(ctx, params.approvalId, body.timeout_minutes)
    },
  })
  router.add({
    method: 'POST',
    url: '/api/test/inject-failure',
    summary: 'Put a failure in the way of an event (tests)',
    tag: 'tests',
    access: 'write',
    body: InjectFailureInput,
    replies: { 202: 'Accepted' },
    handler: (ctx, { body }) => {
      if (!testEndpointsEnabled(kernel)) throw notFound('path', '/api/test/inject-failure')
      return injectFailure(ctx, body)
    },
  })
  for (const name of Object.keys(METRIC_GROUPS) as MetricGroupName[])
    router.add({
      method: 'GET',
      url: `/api/metrics/event-briefs/:id/${name}`,
      summary: `Figures of the ${METRIC_GROUPS[name].agent}`,
      tag: 'metrics',
      access: 'read',
      params: EventPath,
      replies: { 200: MetricsReport.loose() },
      handler: (ctx, { params }) => readMetrics(ctx, params.id, name),
    })
  router.add({
    method: 'GET',
    url: '/api/metrics/event-briefs/:id',
    summary: 'All figures of an event with their history',
    tag: 'metrics',
    access: 'read',
    params: EventPath,
    handler: (ctx, { params }) => readAllMetrics(ctx, params.id),
  })
  router.add({
    method: 'GET',
    url: '/api/audit',
    summary: 'Decisions, changes, approvals and traces of all events',
    tag: 'audit',
    access: 'read',
    query: AuditQuery,
    handler: async (ctx, { query }) => {
      const found = await readAudit(ctx, query)
      if (query.format === 'page') return found
      const lines = found.data.map((entry) => `${JSON.stringify(entry)}\n`).join('')
      return new HttpReply(200, lines, { 'content-type': 'application/x-ndjson; charset=utf-8' })
    },
  })
  router.add({
    method: 'GET',
    url: '/api/me',
    summary: 'The caller with roles and scopes',
    tag: 'access',
    access: 'read',
    handler: async ({ actor }) => ({
      user_id: actor.id,
      display_name: actor.name ?? actor.id,
      roles: actor.roles,
      scopes: scopesOf(actor),
      auth_mode: authMode(kernel.config),
    }),
  })
}

const EVERY_SCOPE = ['Events.Read', 'Events.Write', 'Approvals.Approve']

/** Own scopes and those of the roles; `*` spelled out. */
function scopesOf({ scopes, roles }: { scopes: readonly string[]; roles: readonly string[] }): string[] {
  const all = [...scopes, ...roles.flatMap((role) => ROLE_SCOPES[role as Role] ?? [])]
  return [...new Set(all.includes('*') ? [...EVERY_SCOPE, ...all] : all)].filter((scope) => scope !== '*')
}
