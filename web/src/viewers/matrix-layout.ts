export type MatrixPoint = { id: string; label: string; x: number; y: number }
export type PlacedPoint = MatrixPoint & { column: number; row: number; cx: number; cy: number }

/**
 * Puts points into a grid of `columns` × `rows` cells, x and y from 1 up, y upwards. Points of one cell are spread over it in a small
 * square so that none covers another. cx, cy are shares of the whole, 0 to 1 from the upper left.
 */
export function matrixLayout(points: readonly MatrixPoint[], columns: number, rows: number): PlacedPoint[] {
  const clamp = (n: number, max: number) => Math.max(1, Math.min(max, Math.round(n)))
  const cells = new Map<string, MatrixPoint[]>()
  const keyOf = (point: MatrixPoint) => `${clamp(point.x, columns)}:${clamp(point.y, rows)}`
  for (const point of points) cells.set(keyOf(point), [...(cells.get(keyOf(point)) ?? []), point])
  return points.map((point) => {
    const own = cells.get(keyOf(point))!
    const side = Math.ceil(Math.sqrt(own.length))
    const i = own.indexOf(point)
    const [column, row] = [clamp(point.x, columns), clamp(point.y, rows)]
    const inX = ((i % side) + 1) / (side + 1)
    const inY = (Math.floor(i / side) + 1) / (Math.ceil(own.length / side) + 1)
    return { ...point, column, row, cx: (column - 1 + inX) / columns, cy: (rows - row + inY) / rows }
  })
}

/** How severe a cell is: 0 (least) to 1 (most), by the product of its place on both axes. */
export function severity(column: number, row: number, columns: number, rows: number): number {
  return (column * row) / (columns * rows)
}
