import type { Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import type { EventLevel } from './schema.ts'
import { storableJson } from './storable-json.ts'
import { ulid } from './ulid.ts'

export type NewEvent = {
  type: string
  /** Default ACTION. */
  level?: EventLevel
  domain: string
  /** What it is about, e.g. `task:task_…` or `brief:evt-…`: events of one stream have a gapless seq. */
  stream: string
  summary: string
  data?: Record<string, unknown>
  /** Default: the causes of ctx. */
  causes?: readonly string[]
  runId?: string
  agentId?: string
}

export type EventRef = { id: string; stream: string; seq: number }

const INSERT = {
  name: 'kernel.events.insert',
  text: `
  with given as (
    select * from jsonb_to_recordset($1::jsonb) as g (ord int, id text, at timestamptz, domain text, type text, level text,
      stream text, run_id text, agent_id text, actor text, correlation_id text, causes text[], summary text, data jsonb)
  ), counted as (select stream, count(*) as c from given group by stream order by stream),
  bumped as (
    insert into kernel.event_streams (stream, seq) select stream, c from counted order by stream
    on conflict (stream) do update set seq = event_streams.seq + excluded.seq
    returning stream, seq
  )
  insert into kernel.events (id, at, domain, type, level, stream, seq, run_id, agent_id, actor, correlation_id, causes, summary, data)
  select g.id, g.at, g.domain, g.type, g.level, g.stream,
         b.seq - c.c + row_number() over (partition by g.stream order by g.ord),
         g.run_id, g.agent_id, g.actor, g.correlation_id, g.causes, g.summary, g.data
    from given g join bumped b using (stream) join counted c using (stream)
   order by g.ord
  returning id, stream, seq`,
}

let lastMicros = 0
/** Strictly increasing UTC microseconds of this process, as ISO 8601. */
export function microTime(): string {
  const micros = Math.max(lastMicros + 1, Math.round((performance.timeOrigin + performance.now()) * 1000))
  lastMicros = micros
  const millis = Math.floor(micros / 1000)
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros % 1000).padStart(3, '0')}Z`
}

/** Writes events with the change they tell of: both or neither. One statement for all of them, in the order given. */
export async function emitAll(tx: Tx, ctx: Ctx, events: readonly NewEvent[]): Promise<EventRef[]> {
  if (events.length === 0) return []
  const rows = events.map((event, ord) => ({
    ord,
    id: ulid(),
    at: microTime(),
    domain: event.domain,
    type: event.type,
    level: event.level ?? 'ACTION',
    stream: event.stream,
    run_id: event.runId ?? ctx.runId ?? null,
    agent_id: event.agentId ?? ctx.agentId ?? null,
    actor: ctx.actor.id,
    correlation_id: ctx.correlationId,
    causes: event.causes ?? ctx.causes,
    summary: ctx.kernel.mask(event.summary).slice(0, 500),
    data: event.data ?? {},
  }))
  const { rows: refs } = await tx.query<EventRef>(INSERT, [ctx.kernel.mask(storableJson(rows))])
  tx.afterCommit(() => ctx.kernel.notifier.touch('events'))
  const byId = new Map(refs.map((ref) => [ref.id, ref]))
  return rows.map((row) => byId.get(row.id)!)
}

export async function emit(tx: Tx, ctx: Ctx, event: NewEvent): Promise<EventRef> {
  return (await emitAll(tx, ctx, [event]))[0]!
}
