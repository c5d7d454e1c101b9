// A line chart as SVG text: the same numbers give the same bytes, so a page's picture can be checked by making it again.

export type PlotLine = { label: string; points: readonly (readonly [x: number, y: number])[]; dashed?: boolean }
export type PlotPanel = { title: string; yLabel?: string; lines: readonly PlotLine[] }
export type Plot = { title: string; xLabel: string; panels: readonly PlotPanel[] }

const COLOURS = ['#0f766e', '#b45309', '#4f5fc4', '#a83279', '#4d7c0f', '#0369a1', '#7c2d12', '#525b6b']
const WIDTH = 760
const PANEL = 240
const LEFT = 66
const RIGHT = 158
const TOP = 46
const GAP = 52
const BOTTOM = 44

const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const at = (value: number): string => String(Math.round(value * 10) / 10)

function stepFor(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const part = rough / power
  return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power
}

/** Round values covering a range, and the range they span. */
function axis(min: number, max: number, count: number): { ticks: number[]; from: number; to: number } {
  if (min === max) return axis(min - (Math.abs(min) || 1) / 2, max + (Math.abs(max) || 1) / 2, count)
  const step = stepFor((max - min) / count)
  const [first, last] = [Math.floor(min / step + 1e-9), Math.ceil(max / step - 1e-9)]
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
  return { ticks, from: first * step, to: last * step }
}

/** Digits in groups of three; millions and thousandths stay short. */
function word(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e7 || Math.abs(value) < 1e-3)) return value.toExponential(1)
  const [whole, part] = String(value).split('.')
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? grouped : `${grouped}.${part}`
}

/** Ends of lines as labels beside the panel, moved apart where they would cover each other. */
function placeLabels(wanted: readonly number[], top: number, bottom: number): number[] {
  const room = 14
  const order = wanted.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y)
  for (let k = 1; k < order.length; k++) order[k]!.y = Math.max(order[k]!.y, order[k - 1]!.y + room)
  const over = (order.at(-1)?.y ?? 0) - bottom
  if (over > 0)
    for (let k = order.length - 1, limit = bottom; k >= 0; k--, limit -= room)
      order[k]!.y = Math.max(top, Math.min(order[k]!.y, limit))
  const placed: number[] = []
  for (const { y, i } of order) placed[i] = y
  return placed
}

/** Up to eight lines a panel, panels below each other on one x axis. */
export function plotSvg({ title, xLabel, panels }: Plot): string {
  const height = TOP + panels.length * PANEL + (panels.length - 1) * GAP + BOTTOM
  const xs = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([x]) => x)))
  const [minX, maxX] = [xs.reduce((a, b) => Math.min(a, b), Infinity), xs.reduce((a, b) => Math.max(a, b), -Infinity)]
  const known = Number.isFinite(minX) && maxX > minX
  const [fromX, toX] = known ? [minX, maxX] : [0, 1]
  const px = (x: number) => LEFT + ((x - fromX) / (toX - fromX)) * (WIDTH - LEFT - RIGHT)
  const out: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${xml(title)}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="20" font-size="15" font-weight="600" fill="#1c2430">${xml(title)}</text>`,
  ]
  panels.forEach(({ title: panelTitle, lines }, p) => {
    const top = TOP + p * (PANEL + GAP)
    const bottom = top + PANEL
    const ys = lines.flatMap(({ points }) => points.map(([, y]) => y))
    const low = ys.reduce((a, b) => Math.min(a, b), Infinity)
    const high = ys.reduce((a, b) => Math.max(a, b), -Infinity)
    const { ticks, from, to } = Number.isFinite(low)
      ? axis(low > 0 && low < high * 0.6 ? 0 : low, high, 5)
      : { ticks: [], from: 0, to: 1 }
    const py = (y: number) => bottom - ((y - from) / (to - from)) * PANEL
    out.push(`<text x="${LEFT}" y="${top - 8}" fill="#525b6b">${xml(panelTitle)}</text>`)
    for (const tick of ticks)
      out.push(
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(py(tick))}" y2="${at(py(tick))}" stroke="#e3e6eb"/>`,
        `<text x="${LEFT - 8}" y="${at(py(tick) + 4)}" text-anchor="end" fill="#525b6b">${word(tick)}</text>`,
      )
    const shown = lines.slice(0, COLOURS.length)
    const labels = placeLabels(
      shown.map(({ points }) => py(points.at(-1)?.[1] ?? from)),
      top,
      bottom,
    )
    shown.forEach(({ label, points, dashed }, i) => {
      const path = points.map(([x, y], k) => `${k === 0 ? 'M' : 'L'}${at(px(x))} ${at(py(y))}`).join('')
      const dash = dashed ? ' stroke-dasharray="6 4"' : ''
      out.push(
        `<path d="${path}" fill="none" stroke="${COLOURS[i]}" stroke-width="2" stroke-linejoin="round"${dash}/>`,
        `<text x="${WIDTH - RIGHT + 10}" y="${at(labels[i]! + 4)}" fill="${COLOURS[i]}">${xml(label)}</text>`,
      )
    })
    if (lines.length > shown.length)
      out.push(
        `<text x="${WIDTH - RIGHT + 10}" y="${bottom + 16}" fill="#525b6b">${shown.length} of ${lines.length} lines</text>`,
      )
  })
  const base = height - BOTTOM
  if (known)
    for (const tick of axis(fromX, toX, 8).ticks)
      if (tick >= fromX && tick <= toX)
        out.push(`<text x="${at(px(tick))}" y="${base + 18}" text-anchor="middle" fill="#525b6b">${word(tick)}</text>`)
  out.push(
    `<text x="${at((LEFT + WIDTH - RIGHT) / 2)}" y="${height - 8}" text-anchor="middle" fill="#525b6b">${xml(xLabel)}</text>`,
    '</svg>',
  )
  return `${out.join('\n')}\n`
}
