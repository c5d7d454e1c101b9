import type { CausalEdge, CausalNode } from '../../viewers/causality-layout.ts'
import type { Traversal, TroupeEvent } from './events-api.ts'

/** The neighbourhood of an event as nodes and links; only links between events that were read are drawn, `missing` counts the others. */
export function causalGraph(
  center: TroupeEvent,
  causes: readonly Traversal[],
  effects: readonly Traversal[],
): { nodes: CausalNode[]; edges: CausalEdge[]; missing: number } {
  const events = new Map(
    [center, ...causes.map((one) => one.event), ...effects.map((one) => one.event)].map((event) => [event.id, event]),
  )
  const nodes = [...events.values()].map(
    (event): CausalNode => ({ id: event.id, title: event.summary, sub: event.type, kind: event.level }),
  )
  const edges = [...events.values()].flatMap((event) =>
    event.causes.filter((id) => events.has(id)).map((from) => ({ from, to: event.id })),
  )
  const missing = center.causes.filter((id) => causes.length > 0 && !events.has(id)).length
  return { nodes, edges, missing }
}
