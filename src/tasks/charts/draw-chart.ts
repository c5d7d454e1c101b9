import { type Chart, type ChartOf, HEIGHT, WIDTH } from './chart.ts'
import { type Box, categoryLabels, categoryRoom, legend, paper, valueAxis } from './frame.ts'
import { labelNumber, linear, niceTicks, shortNumber } from './scale.ts'
import { AXIS, colour, element, INK, label, line, shorten, widthOf } from './svg.ts'

const RIGHT = WIDTH - 36
const numbers = (values: readonly (number | null)[]) => values.filter((value): value is number => value !== null)

/** Names of several series go above the plot. */
const topOf = (series: number) => (series > 1 ? 126 : 106)
const seriesLegend = (names: readonly string[]) =>
  names.length > 1
    ? legend(
        names,
        names.map((_, at) => colour(at)),
        92,
      )
    : ''

const FLAT_BARS_FROM = 9
const LONG_NAME = 16

function drawBar(chart: ChartOf<'bar'>): string {
  const longest = Math.max(...chart.categories.map((name) => name.length))
  const isFlat = chart.series.length === 1 && (chart.categories.length >= FLAT_BARS_FROM || longest > LONG_NAME)
  return isFlat ? drawFlatBars(chart) : drawUprightBars(chart)
}

function drawUprightBars({ title, subtitle, categories, series, valueLabel, categoryLabel }: ChartOf<'bar'>): string {
  const top = topOf(series.length)
  const rough = (RIGHT - 100) / categories.length
  const bottom = HEIGHT - 34 - categoryRoom(categories, rough)
  const axis = valueAxis(
    series.flatMap(({ values }) => numbers(values)),
    { top, bottom, right: RIGHT },
    { fromZero: true, title: valueLabel },
  )
  const box: Box = { left: axis.left, right: RIGHT, top, bottom }
  const step = (box.right - box.left) / categories.length
  const group = Math.min(step * 0.72, 110 * series.length)
  const width = group / series.length
  const zero = axis.toY(0)
  const bars = categories.flatMap((_, at) =>
    series.map(({ values }, n) => {
      const value = values[at]
      if (value === null || value === undefined) return ''
      const x = box.left + step * at + (step - group) / 2 + width * n
      const y = axis.toY(value)
      const text = labelNumber(value)
      const fits =
        widthOf(text, 12) <= Math.max(width, step / series.length) - 2 && categories.length * series.length <= 24
      return (
        element('rect', {
          x: x + 1,
          y: Math.min(y, zero),
          width: Math.max(1, width - 2),
          height: Math.max(1, Math.abs(zero - y)),
          fill: colour(n),
          rx: Math.min(3, width / 4),
        }) +
        (fits ? label(text, x + width / 2, value < 0 ? y + 15 : y - 6, { size: 12, anchor: 'middle', fill: INK }) : '')
      )
    }),
  )
  return paper(
    title,
    subtitle,
    seriesLegend(series.map(({ name }) => name)),
    axis.labels,
    bars.join(''),
    line(box.left, zero, box.right, zero, AXIS),
    categoryLabels(categories, (at) => box.left + step * (at + 0.5), box, step),
    label(categoryLabel, (box.left + box.right) / 2, HEIGHT - 14, { anchor: 'middle' }),
  )
}

/** Many or long names read better beside their bars. */
function drawFlatBars({ title, subtitle, categories, series, valueLabel }: ChartOf<'bar'>): string {
  const values = categories.map((_, at) => series[0]!.values[at] ?? 0)
  const left = 56 + Math.min(230, 1.08 * Math.max(...categories.map((name) => widthOf(name, 13))))
  const [top, bottom] = [90, HEIGHT - 58]
  const ticks = niceTicks(Math.min(0, ...values), Math.max(0, ...values))
  const toX = linear([ticks[0]!, ticks.at(-1)!], [left, RIGHT - 56])
  const step = (bottom - top) / categories.length
  const thick = Math.min(30, step * 0.74)
  const size = Math.max(8, Math.min(13, step - 3))
  const rows = categories.map((name, at) => {
    const [value, y] = [values[at]!, top + step * (at + 0.5)]
    const [from, to] = [Math.min(toX(0), toX(value)), Math.max(toX(0), toX(value))]
    return (
      label(shorten(name, size, left - 48), left - 10, y + size / 3, { size, anchor: 'end', fill: INK }) +
      element('rect', {
        x: from,
        y: y - thick / 2,
        width: Math.max(1, to - from),
        height: thick,
        fill: colour(0),
        rx: Math.min(3, thick / 4),
      }) +
      label(labelNumber(value), to + 7, y + size / 3, { size: Math.min(12, size), fill: INK })
    )
  })
  const grid = ticks.map(
    (tick) =>
      line(toX(tick), top, toX(tick), bottom, tick === 0 ? AXIS : undefined) +
      label(shortNumber(tick), toX(tick), bottom + 20, { size: 12.5, anchor: 'middle' }),
  )
  return paper(
    title,
    subtitle,
    grid.join(''),
    rows.join(''),
    label(valueLabel, (left + RIGHT) / 2, HEIGHT - 14, { anchor: 'middle' }),
  )
}

function drawLine({ title, subtitle, categories, series, valueLabel, categoryLabel }: ChartOf<'line'>): string {
  const top = topOf(series.length)
  const rough = (RIGHT - 100) / categories.length
  const bottom = HEIGHT - 34 - categoryRoom(categories, rough)
  const all = series.flatMap(({ values }) => numbers(values))
  const [low, high] = [Math.min(...all), Math.max(...all)]
  // Close to each other and far from zero: the change is what matters.
  const fromZero = low <= 0 || (high - low) / high > 0.1
  const axis = valueAxis(all, { top, bottom, right: RIGHT }, { fromZero, title: valueLabel })
  const box: Box = { left: axis.left, right: RIGHT, top, bottom }
  const step = (box.right - box.left) / categories.length
  const x = (at: number) => box.left + step * (at + 0.5)
  const lines = series.map(({ values }, n) => {
    let path = ''
    let pen = 'M'
    const marks: string[] = []
    for (const [at, value] of values.entries()) {
      if (value === null) {
        pen = 'M'
        continue
      }
      const y = axis.toY(value)
      path += `${pen}${Math.round(x(at) * 100) / 100} ${Math.round(y * 100) / 100}`
      pen = 'L'
      if (values.length <= 60)
        marks.push(
          element('circle', { cx: x(at), cy: y, r: 4, fill: '#ffffff', stroke: colour(n), 'stroke-width': 2.2 }),
        )
      if (series.length === 1 && values.length <= 16)
        marks.push(label(labelNumber(value), x(at), y - 12, { size: 12, anchor: 'middle', fill: INK }))
    }
    const stroke = element('path', {
      d: path,
      fill: 'none',
      stroke: colour(n),
      'stroke-width': 2.6,
      'stroke-linejoin': 'round',
      'stroke-linecap': 'round',
    })
    return stroke + marks.join('')
  })
  return paper(
    title,
    subtitle,
    seriesLegend(series.map(({ name }) => name)),
    axis.labels,
    line(box.left, box.bottom, box.right, box.bottom, AXIS),
    lines.join(''),
    categoryLabels(categories, x, box, step),
    label(categoryLabel, (box.left + box.right) / 2, HEIGHT - 14, { anchor: 'middle' }),
  )
}

const MAX_BINS = 30

/** Bins of round width; as many as the square root of the values suggests. */
export function binsOf(values: readonly number[]): { from: number; to: number; count: number }[] {
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
  const wanted = Math.max(4, Math.min(MAX_BINS, Math.ceil(Math.sqrt(values.length)) + 1))
  const ticks = niceTicks(low, high, wanted)
  const bins = ticks.slice(0, -1).map((from, at) => ({ from, to: ticks[at + 1]!, count: 0 }))
  for (const value of values) {
    const found = bins.find(({ to }) => value < to) ?? bins.at(-1)!
    found.count++
  }
  return bins
}

function drawHistogram({ title, subtitle, values, valueLabel }: ChartOf<'histogram'>): string {
  const bins = binsOf(values)
  const [top, bottom] = [106, HEIGHT - 70]
  const axis = valueAxis(
    bins.map(({ count }) => count),
    { top, bottom, right: RIGHT },
    { fromZero: true, title: 'Number of values' },
  )
  const toX = linear([bins[0]!.from, bins.at(-1)!.to], [axis.left, RIGHT])
  const bars = bins.map(({ from, to, count }) => {
    const [left, width] = [toX(from), toX(to) - toX(from)]
    const y = axis.toY(count)
    const text =
      count > 0 && width > 24
        ? label(String(count), left + width / 2, y - 6, { size: 12, anchor: 'middle', fill: INK })
        : ''
    return (
      element('rect', { x: left + 1, y, width: Math.max(1, width - 2), height: bottom - y, fill: colour(0), rx: 2 }) +
      text
    )
  })
  const edges = [...bins.map(({ from }) => from), bins.at(-1)!.to]
  const every = Math.ceil(edges.length / 14)
  const marks = edges.map((edge, at) =>
    at % every === 0 ? label(shortNumber(edge), toX(edge), bottom + 21, { size: 12.5, anchor: 'middle' }) : '',
  )
  return paper(
    title,
    subtitle,
    axis.labels,
    bars.join(''),
    line(axis.left, bottom, RIGHT, bottom, AXIS),
    marks.join(''),
    label(valueLabel, (axis.left + RIGHT) / 2, HEIGHT - 18, { anchor: 'middle' }),
  )
}

const MAX_SLICES = 8

function drawPie({ title, subtitle, slices, valueLabel }: ChartOf<'pie'>): string {
  const sorted = slices.filter(({ value }) => value > 0).toSorted((a, b) => b.value - a.value)
  const shown = sorted.length > MAX_SLICES ? sorted.slice(0, MAX_SLICES - 1) : sorted
  const rest = sorted.slice(shown.length)
  const parts =
    rest.length > 0
      ? [...shown, { label: `${rest.length} others`, value: rest.reduce((sum, { value }) => sum + value, 0) }]
      : shown
  const total = parts.reduce((sum, { value }) => sum + value, 0)
  const [cx, cy, outer, inner] = [290, 318, 198, 112]
  let angle = -Math.PI / 2
  const point = (radius: number, at: number) =>
    `${Math.round((cx + radius * Math.cos(at)) * 100) / 100} ${Math.round((cy + radius * Math.sin(at)) * 100) / 100}`
  const rings = parts.map(({ value }, at) => {
    const turn = (value / total) * Math.PI * 2
    const end = angle + Math.min(turn, Math.PI * 2 - 1e-4)
    const large = end - angle > Math.PI ? 1 : 0
    const d = `M${point(outer, angle)}A${outer} ${outer} 0 ${large} 1 ${point(outer, end)}L${point(inner, end)}A${inner} ${inner} 0 ${large} 0 ${point(inner, angle)}Z`
    angle += turn
    return element('path', { d, fill: colour(at), stroke: '#ffffff', 'stroke-width': 2 })
  })
  const step = Math.min(44, 380 / Math.max(1, parts.length))
  const start = cy - (step * (parts.length - 1)) / 2
  const names = parts.map(({ label: name, value }, at) => {
    const y = start + step * at
    return (
      element('rect', { x: 560, y: y - 9, width: 14, height: 14, rx: 3, fill: colour(at) }) +
      label(shorten(name, 14, 190), 584, y + 3, { size: 14, fill: INK }) +
      label(labelNumber(value), 850, y + 3, { size: 14, anchor: 'end', fill: INK }) +
      label(`${((value / total) * 100).toFixed(1)} %`, RIGHT, y + 3, { size: 13, anchor: 'end' })
    )
  })
  const middle =
    label(labelNumber(total), cx, cy + 4, { size: 26, anchor: 'middle', fill: INK, weight: 600 }) +
    label(shorten(valueLabel, 13, inner * 1.7), cx, cy + 28, { anchor: 'middle' })
  return paper(title, subtitle, rings.join(''), middle, names.join(''))
}

const MAX_POINTS = 2000

function drawScatter({ title, subtitle, points, xLabel, yLabel }: ChartOf<'scatter'>): string {
  const every = Math.ceil(points.length / MAX_POINTS)
  const shown = points.filter((_, at) => at % every === 0)
  const [top, bottom] = [92, HEIGHT - 72]
  const axis = valueAxis(
    points.map(([, y]) => y),
    { top, bottom, right: RIGHT },
    { fromZero: false, title: yLabel },
  )
  const xs = points.map(([x]) => x)
  const ticks = niceTicks(
    xs.reduce((a, b) => Math.min(a, b)),
    xs.reduce((a, b) => Math.max(a, b)),
    8,
  )
  const toX = linear([ticks[0]!, ticks.at(-1)!], [axis.left, RIGHT])
  const grid = ticks.map(
    (tick) =>
      line(toX(tick), top, toX(tick), bottom) +
      label(shortNumber(tick), toX(tick), bottom + 21, { size: 12.5, anchor: 'middle' }),
  )
  const radius = shown.length > 400 ? 2.6 : 4.5
  const dots = shown.map(([x, y]) =>
    element('circle', { cx: toX(x), cy: axis.toY(y), r: radius, fill: colour(0), 'fill-opacity': 0.65 }),
  )
  return paper(
    title,
    subtitle,
    grid.join(''),
    axis.labels,
    line(axis.left, bottom, RIGHT, bottom, AXIS),
    line(axis.left, top, axis.left, bottom, AXIS),
    dots.join(''),
    label(xLabel, (axis.left + RIGHT) / 2, HEIGHT - 18, { anchor: 'middle' }),
  )
}

/** From blue through white to orange. */
function heat(value: number, [low, high]: readonly [number, number]): string {
  const share = high === low ? 0 : Math.max(-1, Math.min(1, ((value - low) / (high - low)) * 2 - 1))
  const [r, g, b] = share < 0 ? [47, 111, 222] : [226, 120, 40]
  const mix = (channel: number) => Math.round(255 + (channel - 255) * Math.abs(share))
  return `rgb(${mix(r)},${mix(g)},${mix(b)})`
}

function drawHeatmap({ title, subtitle, rows, columns, values, range }: ChartOf<'heatmap'>): string {
  const left = 56 + Math.min(170, 1.1 * Math.max(...rows.map((name) => widthOf(name, 13))))
  const [top, bottom] = [90, HEIGHT - 84]
  const [width, height] = [(RIGHT - left) / columns.length, (bottom - top) / rows.length]
  const size = Math.max(8, Math.min(14, width / 4, height / 1.6))
  const cells = rows.flatMap((_, at) =>
    columns.map((_, n) => {
      const value = values[at]?.[n] ?? null
      const [x, y] = [left + width * n, top + height * at]
      const strong = value !== null && Math.abs(((value - range[0]) / (range[1] - range[0] || 1)) * 2 - 1) > 0.75
      return (
        element('rect', {
          x: x + 1,
          y: y + 1,
          width: width - 2,
          height: height - 2,
          rx: 3,
          fill: value === null ? '#f1f3f6' : heat(value, range),
        }) +
        label(value === null ? '–' : value.toFixed(2), x + width / 2, y + height / 2 + size / 3, {
          size,
          anchor: 'middle',
          fill: strong ? '#ffffff' : INK,
        })
      )
    }),
  )
  const rowNames = rows.map((name, at) =>
    label(shorten(name, 13, left - 48), left - 10, top + height * (at + 0.5) + 4, { anchor: 'end', fill: INK }),
  )
  const box: Box = { left, right: RIGHT, top, bottom }
  return paper(
    title,
    subtitle,
    cells.join(''),
    rowNames.join(''),
    categoryLabels(columns, (at) => left + width * (at + 0.5), box, width),
  )
}

/** A chart as SVG, 960 x 560, white ground, readable in print. The same chart gives the same text. */
export function drawChart(chart: Chart): string {
  switch (chart.kind) {
    case 'bar':
      return drawBar(chart)
    case 'line':
      return drawLine(chart)
    case 'histogram':
      return drawHistogram(chart)
    case 'pie':
      return drawPie(chart)
    case 'scatter':
      return drawScatter(chart)
    case 'heatmap':
      return drawHeatmap(chart)
  }
}
