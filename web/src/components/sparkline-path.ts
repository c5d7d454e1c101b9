export type SparklineShape = { line: string; area: string; last: { x: number; y: number } | undefined }

/** The path of a line of values in a box, two pixels kept free at each edge. Values that are no numbers break nothing: they are left out. */
export function sparklinePath(values: number[], width: number, height: number): SparklineShape {
  const good = values.filter(Number.isFinite)
  if (good.length === 0) return { line: '', area: '', last: undefined }
  const [min, max] = [Math.min(...good), Math.max(...good)]
  const inner = height - 4
  const y = (v: number) => (max === min ? height / 2 : 2 + inner - ((v - min) / (max - min)) * inner)
  const x = (i: number) => (good.length === 1 ? width / 2 : 2 + (i * (width - 4)) / (good.length - 1))
  const points = good.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`)
  const line = `M${points.join('L')}`
  const last = { x: x(good.length - 1), y: y(good.at(-1)!) }
  return { line, area: `${line}L${last.x.toFixed(1)},${height}L${x(0).toFixed(1)},${height}Z`, last }
}
