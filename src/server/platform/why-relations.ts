// What rows know and no event says: which piece of work used which. It makes a story finer than the causes that events record.
import type { Reader } from '../../kernel/db/database.ts'
import type { TroupeEvent } from '../../kernel/events/schema.ts'
import type { WhyEdge } from '../../kernel/events/why.ts'
import { DEFINITIONS } from '../../planning/artifacts/definitions.ts'

/** `kind:id` of what an event is about; two events about one thing follow from each other. */
type Thing = string
type Uses = { user: Thing; used: Thing }

const THINGS: readonly [field: string, kind: string][] = [
  ['assignment_id', 'assignment'],
  ['plan_id', 'plan'],
  ['artifact_id', 'artifact'],
  ['approval_id', 'question'],
  ['decision_id', 'question'],
]

export function thingsOf({ domain, type, stream, data }: TroupeEvent): Thing[] {
  const things = THINGS.flatMap(([field, kind]) => (typeof data[field] === 'string' ? [`${kind}:${data[field]}`] : []))
  if (domain === 'movies' && typeof data['task_id'] === 'string') things.push(`film_task:${data['task_id']}`)
  if (type === 'deliverable.ready') things.push(`deliverable:${stream}/${data['name']}`)
  return things
}

type Source = { kind: string; sql(ids: string[]): { text: string; values: unknown[] } }

/** Pairs of things by the rows of each domain; `ids` are of the kind named. */
const SOURCES: readonly Source[] = [
  {
    kind: 'assignment',
    sql: (ids) => ({
      text: `select 'assignment:' || dependent as "user", 'assignment:' || prerequisite as used from kernel.assignment_edges where dependent = any ($1)
             union all select 'plan:' || plan_id, 'assignment:' || id from kernel.assignments where id = any ($1)`,
      values: [ids],
    }),
  },
  {
    kind: 'film_task',
    sql: (ids) => ({
      text: `select 'film_task:' || t.task_id as "user", 'film_task:' || d as used
               from movies.tasks t, jsonb_array_elements_text(t.data -> 'dependencies') d where t.task_id::text = any ($1)
             union all select 'deliverable:movies.workflow:' || workflow_id || '/' || (data ->> 'produces'), 'film_task:' || task_id
               from movies.tasks where task_id::text = any ($1) and not superseded`,
      values: [ids],
    }),
  },
  {
    kind: 'artifact',
    sql: (ids) => ({
      text: DEFINITIONS.filter(({ parent }) => parent !== null && parent !== 'EventBrief')
        .map(
          ({ table }) =>
            `select 'artifact:' || id as "user", 'artifact:' || parent_id as used from planning.${table} where id = any ($1)`,
        )
        .join(' union all '),
      values: [ids],
    }),
  },
  {
    kind: 'question',
    sql: (ids) => ({
      text: `select 'question:' || id as "user", 'artifact:' || (body ->> 'artifact_id') as used from planning.approvals where id = any ($1)
             union all select 'question:' || id, 'artifact:' || (c ->> 'artifact_id')
               from planning.approvals, jsonb_array_elements(body -> 'covers') c where id = any ($1)`,
      values: [ids],
    }),
  },
]

/** Links between events that follow from what they are about. `events` are in the order of time. */
export async function relate(db: Reader, events: readonly TroupeEvent[]): Promise<WhyEdge[]> {
  const of = new Map<Thing, number[]>()
  events.forEach((event, at) => {
    for (const thing of thingsOf(event)) of.set(thing, [...(of.get(thing) ?? []), at])
  })
  const links = new Map<string, WhyEdge>()
  const link = (from: number, to: number) => {
    const edge = { from: events[from]!.id, to: events[to]!.id, implied: false }
    links.set(`${edge.from} ${edge.to}`, edge)
  }
  for (const places of of.values()) for (let i = 1; i < places.length; i++) link(places[i - 1]!, places[i]!)
  for (const { user, used } of await usesOf(db, [...of.keys()])) {
    const before = of.get(used) ?? []
    const to = of.get(user)?.find((at) => before.some((one) => one < at))
    const from = before.findLast((at) => to !== undefined && at < to)
    if (from !== undefined && to !== undefined) link(from, to)
  }
  return [...links.values()]
}

async function usesOf(db: Reader, things: readonly Thing[]): Promise<Uses[]> {
  const found: Uses[] = []
  for (const { kind, sql } of SOURCES) {
    const ids = things.filter((thing) => thing.startsWith(`${kind}:`)).map((thing) => thing.slice(kind.length + 1))
    if (ids.length === 0) continue
    const { text, values } = sql(ids)
    try {
      found.push(...(await db.query<Uses>(text, values)).rows)
    } catch (error) {
      const { code } = error as { code?: string }
      if (code !== '42P01' && code !== '3F000') throw error // else: its domain is not installed here
    }
  }
  return found
}
