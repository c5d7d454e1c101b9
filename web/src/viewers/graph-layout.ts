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
const GAP = 44
const MARGIN = 12
/** Ranks side by side; a longer graph goes on in the next row, as a text does. */
const PER_ROW = 6
const ROW_GAP = 56

/** Places a graph in ranks from left to right (or top to bottom); x and y are the upper left corners. Edges to unknown nodes are left out. */
export function graphLayout(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  direction: 'LR' | 'TB' = 'LR',
): { nodes: PlacedNode[]; edges: GraphEdge[]; width: number; height: number } {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: direction, nodesep: 22, ranksep: GAP, marginx: MARGIN, marginy: MARGIN })
  graph.setDefaultEdgeLabel(() => ({}))
  const known = new Set(nodes.map((node) => node.id))
  for (const node of nodes) graph.setNode(node.id, { ...NODE })
  const kept = edges.filter((edge) => known.has(edge.from) && known.has(edge.to))
  for (const edge of kept) graph.setEdge(edge.from, edge.to, { weight: edge.main ? 12 : 1 })
  if (nodes.length > 0) layout(graph)
  const inRanks = nodes.map((node) => {
    const at = graph.node(node.id) as { x: number; y: number }
    return { ...node, ...NODE, x: at.x - NODE.width / 2, y: at.y - NODE.height / 2 }
  })
  const placed = direction === 'LR' ? wrapped(inRanks) : inRanks
  const width = Math.max(0, ...placed.map((node) => node.x + NODE.width)) + MARGIN
  const height = Math.max(0, ...placed.map((node) => node.y + NODE.height)) + MARGIN
  return { nodes: placed, edges: kept, width, height }
}

/** Breaks ranks that would not fit beside each other into rows of equal length. Few enough stay as they are. */
function wrapped(nodes: readonly PlacedNode[]): PlacedNode[] {
  const rankOf = (node: PlacedNode) => Math.round((node.x - MARGIN) / (NODE.width + GAP))
  const ranks = Math.max(0, ...nodes.map(rankOf)) + 1
  if (ranks <= PER_ROW + 2) return [...nodes]
  const rows = Array.from({ length: Math.ceil(ranks / PER_ROW) }, (_, row) =>
    nodes.filter((node) => Math.floor(rankOf(node) / PER_ROW) === row),
  )
  let top = MARGIN
  const found = new Map<string, PlacedNode>()
  for (const row of rows) {
    const first = Math.min(...row.map((node) => node.y))
    for (const node of row)
      found.set(node.id, {
        ...node,
        x: MARGIN + (rankOf(node) % PER_ROW) * (NODE.width + GAP),
        y: top + node.y - first,
      })
    top += Math.max(...row.map((node) => node.y + NODE.height)) - first + ROW_GAP
  }
  return nodes.map((node) => found.get(node.id)!)
}
