import { useQuery } from '@tanstack/react-query'
import type { TroupeEvent } from '../../../../src/kernel/events/schema.ts'
import type { Why as Found } from '../../../../src/kernel/events/why.ts'
import { api } from '../../api/client.ts'
import type { CausalEdge, CausalNode } from '../../viewers/causality-layout.ts'

export type Why = Found & { subject: { kind: string; id: string; title: string; href: string | null } }
export type { TroupeEvent }

/** Causes and consequences of any row. */
export const useWhy = (kind: string, id: string) =>
  useQuery({
    queryKey: ['why', kind, id],
    queryFn: () => api<Why>('/v1/why', { query: { kind, id, depth: 100 } }),
    enabled: kind !== '' && id !== '',
    retry: false,
  })

/** Whether an event is of a simulated world, kept with its run and not in the platform's stream. */
export const insideWorld = ({ type }: Pick<TroupeEvent, 'type'>) =>
  /^simulation\.(milestone|decision|action|state|detail|system)$/.test(type)

/** As nodes and links; links that were told from order and not from a recorded cause are dashed. */
export function whyGraph(why: Why): { nodes: CausalNode[]; edges: CausalEdge[] } {
  return {
    nodes: why.events.map((event) => ({
      id: event.id,
      title: event.summary,
      sub: `${event.domain} · ${event.type}`,
      kind: event.level,
    })),
    edges: why.edges.map(({ from, to, implied }) => ({ from, to, ...(implied ? { hidden: true } : {}) })),
  }
}

/** The story in the order of time, each event with its distance to the row: negative before, positive after, 0 the row itself. */
export function storyOf(why: Why): { event: TroupeEvent; distance: number }[] {
  const distance = new Map<string, number>(why.anchors.map((id) => [id, 0]))
  for (const { id, depth } of why.causes) distance.set(id, -depth)
  for (const { id, depth } of why.effects) distance.set(id, depth)
  // Between its beginning and its end a row's own steps are causes of the end: they read as what followed the beginning.
  const began = why.events.find((event) => why.anchors.includes(event.id))
  const since = began ? stepsFrom(began.id, why.edges) : new Map<string, number>()
  return why.events.map((event) => {
    const steps = distance.get(event.id) ?? 0
    const isOwnStep = steps < 0 && event.at > (began?.at ?? '')
    return { event, distance: isOwnStep ? (since.get(event.id) ?? -steps) : steps }
  })
}

/** How many links each event is away from one, forward. */
function stepsFrom(id: string, edges: Why['edges']): Map<string, number> {
  const next = Map.groupBy(edges, ({ from }) => from)
  const found = new Map([[id, 0]])
  const queue = [id]
  for (let from = queue.shift(); from !== undefined; from = queue.shift())
    for (const { to } of next.get(from) ?? []) {
      if (found.has(to)) continue
      found.set(to, found.get(from)! + 1)
      queue.push(to)
    }
  return found
}
