import type { Reader } from '../db/database.ts'
import type { Notifier } from '../db/notifier.ts'
import { followEvents } from './follow.ts'
import { type EventReader, MAX_TRAVERSED, type Traversal } from './reader.ts'
import { EVENT_LEVELS, type EventFilter, type TroupeEvent } from './schema.ts'

export const EVENT_COLUMNS = `id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, domain, type, level, stream, seq,
  run_id, agent_id, actor, correlation_id, causes, summary, data`

/** SQL conditions of a filter; values are appended to `values`. */
function conditions(filter: EventFilter, values: unknown[]): string[] {
  const parts: string[] = []
  const add = (sql: string, value: unknown) => {
    values.push(value)
    parts.push(sql.replaceAll('?', `$${values.length}`))
  }
  if (filter.domain) add('domain = ?', filter.domain)
  if (filter.stream) add('stream = ?', filter.stream)
  if (filter.run_id) add('run_id = ?', filter.run_id)
  if (filter.agent_id) add('agent_id = ?', filter.agent_id)
  if (filter.type?.length) add('type = any (?)', filter.type)
  if (filter.level) add('level = any (?)', EVENT_LEVELS.slice(0, EVENT_LEVELS.indexOf(filter.level) + 1))
  if (filter.correlation_id) add('correlation_id = ?', filter.correlation_id)
  if (filter.from) add('at >= ?::timestamptz', filter.from)
  if (filter.to) add('at <= ?::timestamptz', filter.to)
  if (filter.q)
    add("(summary ilike '%' || ? || '%' or type ilike '%' || ? || '%')", filter.q.replace(/[\\%_]/g, '\\$&'))
  return parts
}

/** The events of PostgreSQL as an EventReader. */
export function createPgEventReader(db: Reader, notifier: Notifier): EventReader {
  const traverse = async (id: string, depth: number, direction: 'causes' | 'effects'): Promise<Traversal[]> => {
    // One level a round trip: a recursive CTE can't cut cycles across levels before it has expanded them.
    const seen = new Set([id])
    const found: Traversal[] = []
    let frontier = [id]
    for (let level = 1; level <= depth && frontier.length > 0 && found.length < MAX_TRAVERSED; level++) {
      const { rows } = await db.query<TroupeEvent>(
        direction === 'causes'
          ? `select ${EVENT_COLUMNS} from kernel.events where id in (select unnest(causes) from kernel.events where id = any ($1)) order by n`
          : `select ${EVENT_COLUMNS} from kernel.events where causes && $1 order by n limit ${MAX_TRAVERSED}`,
        [frontier],
      )
      const fresh = rows.filter((event) => !seen.has(event.id))
      for (const event of fresh) {
        seen.add(event.id)
        found.push({ event, depth: level })
      }
      frontier = fresh.map((event) => event.id)
    }
    return found.slice(0, MAX_TRAVERSED)
  }

  return {
    async page(filter, { limit, after, ascending = false }) {
      const values: unknown[] = []
      const where = conditions(filter, values)
      if (after) {
        values.push(after)
        where.push(`n ${ascending ? '>' : '<'} (select n from kernel.events where id = $${values.length})`)
      }
      const { rows } = await db.query<TroupeEvent>(
        `select ${EVENT_COLUMNS} from kernel.events ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
          order by n ${ascending ? 'asc' : 'desc'} limit ${Math.trunc(limit) + 1}`,
        values,
      )
      const events = rows.slice(0, limit)
      return { events, next_cursor: rows.length > limit ? (events.at(-1)?.id ?? null) : null }
    },
    async one(id) {
      const { rows } = await db.query<TroupeEvent>(`select ${EVENT_COLUMNS} from kernel.events where id = $1`, [id])
      return rows[0]
    },
    causes: (id, depth) => traverse(id, depth, 'causes'),
    effects: (id, depth) => traverse(id, depth, 'effects'),
    follow: (cursor, signal) => followEvents(db, notifier, cursor, signal),
  }
}
