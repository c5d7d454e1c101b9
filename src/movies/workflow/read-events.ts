import type { Ctx } from '../../kernel/context.ts'
import type { Reader } from '../../kernel/db/database.ts'
import type { MovieEvent } from '../schema.ts'
import { workflowStream } from '../store/save-state.ts'

type Row = { type: string; seq: number; at: Date; correlation_id: string; data: Record<string, unknown> }

const READ = {
  name: 'movies.events.after',
  text: `select type, seq, at, correlation_id, data from kernel.events where stream = $1 and seq > $2 order by seq limit $3`,
}

/** Milliseconds with a Z, whatever the driver gave. */
const millis = (at: Date | string) => new Date(at).toISOString()

/** Events of a stream in order, sequence greater than `since`. */
export async function readStream(
  reader: Reader,
  stream: string,
  since: number,
  limit: number,
  id: { workflow_id: string } | null,
): Promise<MovieEvent[]> {
  const { rows } = await reader.query<Row>(READ, [stream, since, limit])
  return rows.map((row) => ({
    type: row.type as MovieEvent['type'],
    sequence: Number(row.seq),
    timestamp: millis(row.at),
    ...(id ?? (typeof row.data['agent_id'] === 'string' ? { agent_id: row.data['agent_id'] } : {})),
    correlation_id: row.correlation_id,
    data: row.data,
  }))
}

export const lastSequence = async (reader: Reader, stream: string): Promise<number> => {
  const { rows } = await reader.query('select seq from kernel.event_streams where stream = $1', [stream])
  return Number(rows[0]?.['seq'] ?? 0)
}

export async function eventsAfter(ctx: Ctx, id: string, since: number, limit: number) {
  const stream = workflowStream(id)
  const events = await readStream(ctx.kernel.db, stream, since, limit, { workflow_id: id })
  return { events, last_sequence: await lastSequence(ctx.kernel.db, stream) }
}
