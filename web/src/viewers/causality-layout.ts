export type CausalNode = { id: string; title: string; sub?: string; kind: string }
/** `hidden`: connected through events that are not shown at this level. */
export type CausalEdge = { from: string; to: string; hidden?: boolean }
export type PlacedCause = CausalNode & { column: number; row: number; x: number; y: number }
export type CausalityLayout = {
  nodes: PlacedCause[]
  edges: CausalEdge[]
  columns: [number, number]
  width: number
  height: number
  more: { up: number; down: number }
}

export const CELL = { width: 190, height: 52, gapX: 44, gapY: 10 }

/**
 * An event in the middle, what caused it to the left, what it caused to the right, a column per hop up to `depth`.
 * A node stands in the column of its shortest way; `more` counts what lies further away.
 */
export function causalityLayout(
  center: string,
  nodes: readonly CausalNode[],
  edges: readonly CausalEdge[],
  depth: number,
): CausalityLayout {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const up = hops(
    center,
    edges.map((edge) => [edge.to, edge.from]),
  )
  const down = hops(
    center,
    edges.map((edge) => [edge.from, edge.to]),
  )
  const columnOf = new Map<string, number>([[center, 0]])
  for (const [id, hop] of up) if (hop > 0) columnOf.set(id, -hop)
  for (const [id, hop] of down) if (hop > 0 && !columnOf.has(id)) columnOf.set(id, hop)
  const shown = [...columnOf].filter(([id, column]) => byId.has(id) && Math.abs(column) <= depth)
  const rowsUsed = new Map<number, number>()
  const raw = shown.map(([id, column]) => {
    const row = rowsUsed.get(column) ?? 0
    rowsUsed.set(column, row + 1)
    return { node: byId.get(id)!, column, row }
  })
  const tallest = Math.max(1, ...rowsUsed.values())
  const least = Math.min(0, ...rowsUsed.keys())
  const most = Math.max(0, ...rowsUsed.keys())
  const height = tallest * (CELL.height + CELL.gapY) - CELL.gapY
  const placed = raw.map(({ node, column, row }): PlacedCause => {
    const own = rowsUsed.get(column)! * (CELL.height + CELL.gapY) - CELL.gapY
    return {
      ...node,
      column,
      row,
      x: (column - least) * (CELL.width + CELL.gapX),
      y: (height - own) / 2 + row * (CELL.height + CELL.gapY),
    }
  })
  const ids = new Set(placed.map((node) => node.id))
  const beyond = (sign: number) => [...columnOf].filter(([id, column]) => byId.has(id) && column * sign > depth).length
  return {
    nodes: placed,
    edges: edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)),
    columns: [least, most],
    width: (most - least + 1) * (CELL.width + CELL.gapX) - CELL.gapX,
    height,
    more: { up: beyond(-1), down: beyond(1) },
  }
}

function hops(start: string, links: [string, string][]): Map<string, number> {
  const next = new Map<string, string[]>()
  for (const [from, to] of links) next.set(from, [...(next.get(from) ?? []), to])
  const seen = new Map([[start, 0]])
  const queue = [start]
  for (let i = 0; i < queue.length; i++)
    for (const to of next.get(queue[i]!) ?? [])
      if (!seen.has(to)) {
        seen.set(to, seen.get(queue[i]!)! + 1)
        queue.push(to)
      }
  return seen
}
