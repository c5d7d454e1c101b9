import type { Ctx } from '../../kernel/context.ts'
import type { Reader, Tx } from '../../kernel/db/database.ts'
import { openBody, SEALED_RECORDS, sealBody } from './sealed.ts'

export type RecordTable =
  | 'incidents'
  | 'executions'
  | 'feedback'
  | 'runbooks'
  | 'postmortems'
  | 'guest_lists'
  | 'imports'

/** Inserts or replaces a supporting record. */
export async function putRecord(
  tx: Tx,
  ctx: Ctx,
  table: RecordTable,
  id: string,
  eventId: string,
  body: object,
): Promise<void> {
  await tx.query(
    `insert into planning.${table} as r (id, event_brief_id, body) values ($1, $2, $3)
     on conflict (id) do update set body = excluded.body, updated_at = now()`,
    [id, eventId, JSON.stringify(sealBody(ctx, id, SEALED_RECORDS[table], body))],
  )
}

/** Records of an event, oldest first. */
export async function listRecords<T>(reader: Reader, table: RecordTable, eventId: string): Promise<T[]> {
  const { rows } = await reader.query(
    `select id, body from planning.${table} where event_brief_id = $1 order by created_at, id`,
    [eventId],
  )
  return rows.map(({ id, body }) => openBody(id, body) as T)
}
