import { AppError } from '../../kernel/errors/app-error.ts'
import type { TroupeEvent } from '../../kernel/events/schema.ts'
import { type Why, whyOf } from '../../kernel/events/why.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { eventsOf } from '../../simulation/events-of.ts'
import { createRunReader } from '../../simulation/service/run-reader.ts'
import { relate } from './why-relations.ts'

export const WHY_SIMULATION = 'simulation_event'

type Found = Why & { subject: { kind: string; id: string; title: string; href: string | null } }

/**
 * An event of a simulation (`run/event`): its causes and consequences in the run's own stream, then what made the run, and what
 * its end led to. The platform began what no turn caused: such a link is implied. Throws NOT_FOUND.
 */
export async function whySimulationEvent(kernel: Kernel, text: string, depth: number): Promise<Found> {
  const cut = text.lastIndexOf('/')
  const [run, id] = [text.slice(0, Math.max(cut, 0)), text.slice(cut + 1)]
  const reader = createRunReader(eventsOf(kernel), run)
  const self = run ? await reader.one(id) : undefined
  if (!self) throw new AppError('NOT_FOUND', `No simulation event ${text}`, { resource: WHY_SIMULATION, id: text })
  const [up, down] = await Promise.all([reader.causes(id, depth), reader.effects(id, depth)])
  const own = [...up.map(({ event }) => event), self, ...down.map(({ event }) => event)].sort(byTime)
  const ids = new Set(own.map((event) => event.id))
  const edges = own.flatMap(({ id: to, causes }) =>
    causes.filter((from) => ids.has(from)).map((from) => ({ from, to, implied: false })),
  )
  const near = (found: typeof up) => found.map(({ event, depth: hops }) => ({ id: event.id, depth: hops }))
  const why: Why = { anchors: [id], events: own, edges, causes: near(up), effects: near(down), domains: ['simulation'] }
  await addRun(kernel, run, why, [...up.map(({ event }) => event), self], [self, ...down.map(({ event }) => event)])
  return {
    subject: {
      kind: WHY_SIMULATION,
      id: text,
      title: self.summary || self.type,
      href: `/app/simulation/${encodeURIComponent(run)}?turn=${self.data['turn']}&event=${id}`,
    },
    ...why,
    domains: [...new Set(why.events.map((event) => event.domain))],
  }
}

const byTime = (a: TroupeEvent, b: TroupeEvent) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)

/** What the platform recorded of the run, before its first event and after its last one. */
async function addRun(
  kernel: Kernel,
  run: string,
  why: Why,
  before: readonly TroupeEvent[],
  after: readonly TroupeEvent[],
): Promise<void> {
  const { rows } = await kernel.db.query<{ id: string; type: string }>(
    'select id, type from kernel.events where stream = $1 order by n',
    [`simulation:${run}`],
  )
  const first = rows[0]
  const roots = before.filter(({ causes }) => !causes.some((cause) => before.some(({ id }) => id === cause)))
  if (first && roots.length > 0) {
    const made = await whyOf(kernel.db, [first.id], 8, relate)
    const wanted = new Set([first.id, ...made.causes.map(({ id }) => id)])
    const reached = Math.max(0, ...why.causes.map(({ depth }) => depth))
    why.events.unshift(...made.events.filter(({ id }) => wanted.has(id)))
    why.edges.push(...made.edges.filter(({ from, to }) => wanted.has(from) && wanted.has(to)))
    why.edges.push(...roots.map(({ id }) => ({ from: first.id, to: id, implied: true })))
    why.causes.push({ id: first.id, depth: reached + 1 })
    why.causes.push(...made.causes.map(({ id, depth }) => ({ id, depth: reached + 1 + depth })))
  }
  const end = after.find(({ data }) => data['milestone_type'] === 'simulation_end')
  const last = rows.findLast(({ type }) => /^simulation\.(completed|failed|cancelled|stopped)$/.test(type))
  if (end && last) {
    const [event] = (await whyOf(kernel.db, [last.id], 1)).events.filter(({ id }) => id === last.id)
    const reached = why.effects.find(({ id }) => id === end.id)?.depth ?? 0
    if (event) why.events.push(event)
    why.edges.push({ from: end.id, to: last.id, implied: true })
    why.effects.push({ id: last.id, depth: reached + 1 })
  }
}
