import type { Ctx } from '../../kernel/context.ts'
import type { Row, Tx } from '../../kernel/db/database.ts'
import type { Board } from '../artifacts/board.ts'
import type { ArtifactDefinition, Body } from '../artifacts/definition.ts'
import { DEFINITIONS, definitionOf } from '../artifacts/definitions.ts'
import type { Approval, ArtifactRef } from '../schema.ts'
import { insertApproval, toApproval } from '../store/approvals.ts'
import { tableOf } from '../store/rows.ts'
import { openBody, sealBody } from '../store/sealed.ts'
import { settleEvent } from '../store/write-artifact.ts'
import { raiseApproval } from '../verbs/raise-approval.ts'

/** Everything of an event up to a moment under the id of another one: ids of artifacts and entries contain the event's. */
export type Copy = { from: string; to: string; until: Date }

const LOGS = new Set(['changelogs', 'decisions'])
const COPIED = DEFINITIONS.filter(({ type, table }) => type !== 'AgentTrace' && !LOGS.has(table))

const renamer =
  ({ from, to }: Copy) =>
  <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replaceAll(from, to)) as T

/** Whether a person had still to decide it at that moment. */
const wasPending = (approval: Approval, until: Date) =>
  approval.status === 'pending' || (approval.decided_at !== null && Date.parse(approval.decided_at) >= until.getTime())

/** What a later decision made of an artifact, taken back. */
const UNDECIDED: Readonly<Record<string, (body: Body, until: Date) => Body>> = {
  BudgetDecision: (body, until) => ({
    ...body,
    status: 'pending_approval',
    approved_date: null,
    approvals: (body['approvals'] as { timestamp: string }[]).filter(
      ({ timestamp }) => Date.parse(timestamp) < until.getTime(),
    ),
  }),
  VendorContracts: (body) => ({ ...body, status: 'pending_approval' }),
}

async function copyArtifacts(tx: Tx, ctx: Ctx, copy: Copy, open: ReadonlySet<string>): Promise<void> {
  const { from, to, until } = copy
  const renamed = renamer(copy)
  const versions = await tx.query(
    `select artifact_type, artifact_id, version, body, created_at, created_by, change_log_id from planning.artifact_versions
      where event_brief_id = $1 and created_at < $2 order by artifact_type, artifact_id, version`,
    [from, until],
  )
  const byType = new Map<string, Map<string, Row[]>>()
  for (const row of versions.rows) {
    const ids = byType.get(row['artifact_type']) ?? new Map<string, Row[]>()
    ids.set(row['artifact_id'], [...(ids.get(row['artifact_id']) ?? []), row])
    byType.set(row['artifact_type'], ids)
  }
  const kept: { definition: ArtifactDefinition; rows: Row[] }[] = []
  for (const definition of COPIED) {
    const isEvent = definition.type === 'EventBrief'
    for (const [artifactId, rows] of byType.get(definition.type) ?? []) {
      const last = rows.at(-1)!
      const live = await tx.query(`select *, version = $2 as same from ${tableOf(definition)} where id = $1`, [
        artifactId,
        last['version'],
      ])
      // An artifact that was deleted since has its versions still.
      const found = live.rows[0]
      const id = artifactId.replaceAll(from, to)
      const stored = openBody(artifactId, found?.['same'] ? found['body'] : last['body'])
      const body = renamed(open.has(artifactId) ? (UNDECIDED[definition.type]?.(stored, until) ?? stored) : stored)
      const parentKey = definition.parentKey
      const parent = parentKey && parentKey !== 'event_brief_id' ? (body[parentKey] as string) : to
      await tx.query(
        `insert into ${tableOf(definition)} (id, ${isEvent ? '' : 'event_brief_id, parent_id,'} body, version, schema_version, validation_status, correlation_id, created_at, updated_at, created_by)
         values ($1, ${isEvent ? '' : '$9, $10,'} $2, $3, $4, 'valid', $5, $6, $7, $8)`,
        [
          id,
          JSON.stringify(sealBody(ctx, id, definition.sealed, body)),
          last['version'],
          definition.schemaVersion,
          ctx.correlationId,
          rows[0]!['created_at'],
          last['created_at'],
          rows[0]!['created_by'],
          ...(isEvent ? [] : [to, parent]),
        ],
      )
      kept.push({ definition, rows })
    }
  }
  for (const { definition, rows } of kept)
    for (const row of rows) {
      const id = (row['artifact_id'] as string).replaceAll(from, to)
      const body = renamed(openBody(row['artifact_id'], row['body']))
      await tx.query(
        `insert into planning.artifact_versions (artifact_type, artifact_id, version, event_brief_id, body, created_at, created_by, change_log_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          definition.type,
          id,
          row['version'],
          to,
          JSON.stringify(sealBody(ctx, id, definition.sealed, body)),
          row['created_at'],
          row['created_by'],
          row['change_log_id']?.replaceAll(from, to) ?? null,
        ],
      )
    }
}

async function copyLogs(tx: Tx, { from, to, until }: Copy): Promise<void> {
  for (const table of LOGS)
    await tx.query(
      `insert into planning.${table} (id, event_brief_id, parent_id, body, version, schema_version, validation_status, validation_errors, correlation_id,
                                      created_at, updated_at, created_by)
       select replace(id, $1, $2), $2, replace(parent_id, $1, $2), replace(body::text, $1, $2)::jsonb, version, schema_version, validation_status,
              validation_errors, correlation_id, created_at, updated_at, created_by
         from planning.${table} where event_brief_id = $1 and created_at < $3`,
      [from, to, until],
    )
  await tx.query(
    `insert into planning.sequences (scope, last) select replace(scope, $1, $2), last from planning.sequences
      where position($1 in scope) > 0 and position('-session-' in scope) = 0 on conflict do nothing`,
    [from, to],
  )
  await tx.query(
    `update planning.event_briefs n set baseline_timeline_version = o.baseline_timeline_version
       from planning.event_briefs o where n.id = $2 and o.id = $1
        and o.baseline_timeline_version <= (select max(version) from planning.artifact_versions where event_brief_id = $2 and artifact_type = 'Timeline')`,
    [from, to],
  )
}

/** Writes the copy; approvals that were open at that moment are asked again, of the new event. Returns its settled board. */
export async function copyEvent(tx: Tx, ctx: Ctx, copy: Copy): Promise<Board> {
  const { from, to, until } = copy
  const renamed = renamer(copy)
  const { rows } = await tx.query(
    'select id, body from planning.approvals where event_brief_id = $1 and requested_at < $2 order by requested_at, id',
    [from, until],
  )
  const approvals = rows.map(toApproval)
  const pending = approvals.filter((approval) => wasPending(approval, until))
  const refs = ({ artifact_id, covers }: Approval) => [
    artifact_id,
    ...covers.map((ref: ArtifactRef) => ref.artifact_id),
  ]
  await copyArtifacts(tx, ctx, copy, new Set(pending.flatMap(refs)))
  await copyLogs(tx, copy)
  for (const approval of approvals) if (!pending.includes(approval)) await insertApproval(tx, ctx, renamed(approval))
  let board = await settleEvent(tx, ctx, to)
  for (const approval of pending) {
    const { approval_type, artifact_type, artifact_id, artifact_version, covers, details } = renamed(approval)
    const asked = await raiseApproval(tx, ctx, board, {
      type: approval_type,
      artifact: { artifact_type, artifact_id, version: artifact_version },
      covers,
      details,
      title: titleOf(approval),
    })
    board = await settleEvent(tx, ctx, to)
    if (artifact_type === 'VendorContracts')
      await tx.query(`update ${tableOf(definitionOf('VendorContracts'))} set body = body || $2::jsonb where id = $1`, [
        artifact_id,
        JSON.stringify({ approval_id: asked.approval_id }),
      ])
  }
  return board
}

const titleOf = ({ details }: Approval): string =>
  String(
    details['vendor_name'] ?? details['venue_name'] ?? details['description'] ?? details['approved_total'] ?? 'again',
  )
