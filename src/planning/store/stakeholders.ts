import type { Reader } from '../../kernel/db/database.ts'
import type { Stakeholder } from '../schema.ts'
import { openBody } from './sealed.ts'

/** The people of a stored stakeholder map. */
export const peopleOf = (id: string, body: Record<string, any>): Stakeholder[] =>
  openBody(id, body)['stakeholders'] ?? []

/** The people of an event; none without a map. */
export async function stakeholdersOf(reader: Reader, eventId: string): Promise<Stakeholder[]> {
  const { rows } = await reader.query('select id, body from planning.stakeholder_maps where event_brief_id = $1', [
    eventId,
  ])
  return rows[0] ? peopleOf(rows[0]['id'], rows[0]['body']) : []
}
