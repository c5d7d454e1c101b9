// Why did this happen, and what came of it? Causes that were recorded, and where none was, what came before in the same stream or
// the same conversation: such a link is implied, and says so.
import type { Reader } from '../db/database.ts'
import { EVENT_COLUMNS } from './pg-reader.ts'
import type { TroupeEvent } from './schema.ts'

export type WhyEdge = { from: string; to: string; implied: boolean }
export type Why = {
  /** The events that are the thing itself: made, changed, decided. */
  anchors: string[]
  events: TroupeEvent[]
  edges: WhyEdge[]
  /** Ids with their distance, nearest first. */
  causes: { id: string; depth: number }[]
  effects: { id: string; depth: number }[]
  domains: string[]
}

const MOST = 1_500
const NEAR = 200

/** Finds links between events, which are in the order of time, that follow from what the events are about. */
export type Relate = (db: Reader, events: readonly TroupeEvent[]) => Promise<WhyEdge[]>

/** All that may belong: recorded causes and effects to some depth, and the conversations they are in. */
async function neighbourhood(db: Reader, anchors: readonly TroupeEvent[], depth: number): Promise<TroupeEvent[]> {
  const known = new Map(anchors.map((event) => [event.id, event]))
  const take = async (sql: string, values: unknown[]) => {
    const { rows } = await db.query<TroupeEvent & { n: number }>(
      `select ${EVENT_COLUMNS} from kernel.events where ${sql} order by n limit ${MOST}`,
      values,
    )
    const fresh = rows.filter((event) => !known.has(event.id))
    for (const event of fresh) known.set(event.id, event)
    return fresh
  }
  // What came just before and after in the same stream: it may be about the same thing in another conversation.
  for (const { stream, seq } of anchors)
    await take('stream = $1 and seq between $2 and $3', [stream, seq - NEAR, seq + NEAR])
  let frontier = [...anchors]
  for (let level = 0; level < depth && frontier.length > 0 && known.size < MOST; level++) {
    const ids = frontier.map((event) => event.id)
    const causes = frontier.flatMap((event) => event.causes)
    const [up, down, talk] = [
      await take('id = any ($1)', [causes]),
      await take('causes && $1', [ids]),
      await take('correlation_id = any ($1)', [[...new Set(frontier.map((event) => event.correlation_id))]]),
    ]
    // A decision or run that a conversation began goes on in the conversation of whoever answered it.
    const streams = [...new Set([...frontier, ...talk].map((event) => event.stream))].filter((stream) =>
      /^(decision|run):/.test(stream),
    )
    const later = await take('stream = any ($1)', [streams])
    frontier = [...up, ...down, ...talk, ...later]
  }
  return [...known.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

/**
 * Recorded causes and known relations; for an event without any, the one before it in its stream, else the one before it in its
 * conversation.
 */
export function linksOf(events: readonly TroupeEvent[], related: readonly WhyEdge[] = []): WhyEdge[] {
  const ids = new Set(events.map((event) => event.id))
  const lastOfStream = new Map<string, TroupeEvent>()
  const lastOfTalk = new Map<string, TroupeEvent>()
  const edges: WhyEdge[] = []
  const known = new Set<string>()
  const explained = new Set(related.map(({ to }) => to))
  for (const event of events) {
    const causes = event.causes.filter((id) => ids.has(id))
    for (const from of causes) {
      known.add(`${from} ${event.id}`)
      edges.push({ from, to: event.id, implied: false })
    }
    const before = lastOfStream.get(event.stream) ?? lastOfTalk.get(event.correlation_id)
    if (causes.length === 0 && before && !explained.has(event.id))
      edges.push({ from: before.id, to: event.id, implied: true })
    lastOfStream.set(event.stream, event)
    lastOfTalk.set(event.correlation_id, event)
  }
  edges.push(...related.filter(({ from, to }) => !known.has(`${from} ${to}`)))
  return edges
}

function reach(from: readonly string[], next: Map<string, string[]>, depth: number): { id: string; depth: number }[] {
  const seen = new Set(from)
  const found: { id: string; depth: number }[] = []
  let frontier = [...from]
  for (let level = 1; level <= depth && frontier.length > 0; level++) {
    frontier = frontier.flatMap((id) => next.get(id) ?? []).filter((id) => !seen.has(id) && seen.add(id))
    for (const id of frontier) found.push({ id, depth: level })
  }
  return found
}

/** Causes and consequences of the given events, across domains. */
export async function whyOf(
  db: Reader,
  anchorIds: readonly string[],
  depth: number,
  relate: Relate = async () => [],
): Promise<Why> {
  const { rows } = await db.query<TroupeEvent>(
    `select ${EVENT_COLUMNS} from kernel.events where id = any ($1) order by n`,
    [anchorIds],
  )
  const around = await neighbourhood(db, rows, Math.min(depth, 4))
  const edges = linksOf(around, await relate(db, around))
  const up = new Map<string, string[]>()
  const down = new Map<string, string[]>()
  const push = (map: Map<string, string[]>, key: string, value: string) =>
    void (map.has(key) ? map.get(key)!.push(value) : map.set(key, [value]))
  for (const { from, to } of edges) {
    push(up, to, from)
    push(down, from, to)
  }
  const anchors = rows.map((event) => event.id)
  const causes = reach(anchors, up, depth)
  const effects = reach(anchors, down, depth).filter(({ id }) => !causes.some((cause) => cause.id === id))
  const shown = new Set([...anchors, ...causes.map(({ id }) => id), ...effects.map(({ id }) => id)])
  const events = around.filter((event) => shown.has(event.id))
  return {
    anchors,
    events,
    edges: edges.filter(({ from, to }) => shown.has(from) && shown.has(to)),
    causes,
    effects,
    domains: [...new Set(events.map((event) => event.domain))],
  }
}
