import type { Actor } from '../context.ts'
import type { Reader } from '../db/database.ts'
import { storableJson } from '../events/storable-json.ts'
import { ulid } from '../events/ulid.ts'
import { digestOf } from './audit-row.ts'

export type AuditEntry = {
  actor: Actor
  /** Where it came from: `http`, `mcp`, `cli`. */
  source: string
  /** `POST /v1/runs/:id/cancel`, or a tool's name. */
  action: string
  target?: { kind: string; id: string }
  before?: unknown
  after?: unknown
  /** HTTP status of the answer. */
  outcome: number
  correlationId: string
  at: Date
}

const MAX_SIDE = 64_000

/** A side as it is kept: without what changes nothing for a reader, cut when it is huge. */
function side(value: unknown, mask: (text: string) => string): string | null {
  if (value === undefined || value === null) return null
  const json = mask(storableJson(value))
  return json.length > MAX_SIDE ? JSON.stringify({ omitted: true, bytes: json.length }) : json
}

/** Adds one row. Secrets are masked before the digest is made. */
export async function recordAudit(db: Reader, entry: AuditEntry, mask: (text: string) => string): Promise<string> {
  const before = side(entry.before, mask)
  const after = side(entry.after, mask)
  const row = {
    id: `aud_${ulid().toLowerCase()}`,
    at: entry.at.toISOString(),
    actor_id: entry.actor.id,
    actor_name: entry.actor.name ?? entry.actor.id,
    actor_kind: entry.actor.kind,
    key_id: entry.actor.kind === 'key' ? entry.actor.id : null,
    source: entry.source,
    action: entry.action,
    target_kind: entry.target?.kind ?? null,
    target_id: entry.target?.id ?? null,
    before: before === null ? null : JSON.parse(before),
    after: after === null ? null : JSON.parse(after),
    outcome: entry.outcome,
    correlation_id: entry.correlationId,
  }
  await db.query(
    `insert into kernel.audit_rows (id, at, actor_id, actor_name, actor_kind, key_id, source, action, target_kind, target_id, before, after, outcome, correlation_id, digest)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      row.id,
      row.at,
      row.actor_id,
      row.actor_name,
      row.actor_kind,
      row.key_id,
      row.source,
      row.action,
      row.target_kind,
      row.target_id,
      before,
      after,
      row.outcome,
      row.correlation_id,
      digestOf(row),
    ],
  )
  return row.id
}
