import { graphlib, layout } from '@dagrejs/dagre'
import type { Tone } from '../lib/states.ts'

export type GraphNode = {
  id: string
  title: string
  sub?: string
  status: string
  tone: Tone
  agent?: string
  attempts?: number
  /** Drawn faintly: a path not taken. */
  faint?: boolean
}
/** `main` edges are kept straight where possible. */
export type GraphEdge = { from: string; to: string; faint?: boolean; main?: boolean }
export type PlacedNode = GraphNode & { x: number; y: number; width: number; height: number }

export const NODE = { width: 200, height: 74 }

/** Places a graph in ranks from left to right (or top to bottom); x and y are the upper left corners. Edges to unknown nodes are left out. */
export function graphLayout(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  direction: 'LR' | 'TB' = 'LR',
): { nodes: PlacedNode[]; edges: GraphEdge[]; width: number; height: number } {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: direction, nodesep: 22, ranksep: 44, marginx: 12, marginy: 12 })
  graph.setDefaultEdgeLabel(() => ({}))
  const known = new Set(nodes.map((node) => node.id))
  for (const node of nodes) graph.setNode(node.id, { ...NODE })
  const kept = edges.filter((edge) => known.has(edge.from) && known.has(edge.to))
  for (const edge of kept) graph.setEdge(edge.from, edge.to, { weight: edge.main ? 12 : 1 })
  if (nodes.length > 0) layout(graph)
  const placed = nodes.map((node) => {
    const at = graph.node(node.id) as { x: number; y: number }
    return { ...node, ...NODE, x: at.x - NODE.width / 2, y: at.y - NODE.height / 2 }
  })
  const width = Math.max(0, ...placed.map((node) => node.x + NODE.width)) + 12
  const height = Math.max(0, ...placed.map((node) => node.y + NODE.height)) + 12
  return { nodes: placed, edges: kept, width, height }
}
