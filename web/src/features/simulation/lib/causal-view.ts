import type { CausalEdge, CausalNode } from '../../../viewers/causality-layout.ts'
import type { CausalityReply, SimEvent, SimType } from '../types.ts'

const nodeOf = (event: SimEvent): CausalNode => ({
  id: event.event_id,
  title: event.description ?? event.event_type.toLowerCase(),
  sub: `turn ${event.turn_number}${event.agent_id ? ` · ${event.agent_id}` : ''} · ${event.event_type.toLowerCase()}`,
  kind: event.event_type,
})

/**
 * A causal chain at a level: events of finer levels are left out, and what they connected is joined by a link marked hidden.
 * The event asked for is always kept.
 */
export function causalView(
  reply: CausalityReply,
  admits: (type: SimType) => boolean,
): { nodes: CausalNode[]; edges: CausalEdge[] } {
  const events = new Map([reply.event, ...reply.upstream, ...reply.downstream].map((event) => [event.event_id, event]))
  const kept = new Set(
    [...events.values()]
      .filter((event) => event.event_id === reply.event_id || admits(event.event_type))
      .map((event) => event.event_id),
  )
  const effects = new Map<string, string[]>()
  for (const [cause, effect] of reply.edges) effects.set(cause, [...(effects.get(cause) ?? []), effect])
  const edges: CausalEdge[] = []
  for (const from of kept) {
    const seen = new Set<string>([from])
    const queue: [string, boolean][] = (effects.get(from) ?? []).map((to) => [to, false])
    for (let i = 0; i < queue.length; i++) {
      const [to, hidden] = queue[i]!
      if (seen.has(to)) continue
      seen.add(to)
      if (kept.has(to)) edges.push({ from, to, ...(hidden ? { hidden } : {}) })
      else for (const next of effects.get(to) ?? []) queue.push([next, true])
    }
  }
  return { nodes: [...kept].flatMap((id) => (events.has(id) ? [nodeOf(events.get(id)!)] : [])), edges }
}
