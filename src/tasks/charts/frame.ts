import { HEIGHT, WIDTH } from './chart.ts'
import { linear, niceTicks, shortNumber } from './scale.ts'
import { AXIS, element, FONT, INK, label, line, MUTED, shorten, widthOf } from './svg.ts'

export type Box = { left: number; right: number; top: number; bottom: number }

/** The paper: white ground, title and subtitle, and what is drawn on it. */
export function paper(title: string, subtitle: string | undefined, ...content: string[]): string {
  const described = escapeTitle(title)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${described}" font-family="${FONT}">${element('rect', { width: WIDTH, height: HEIGHT, fill: '#ffffff', rx: 8 })}${label(shorten(title, 21, WIDTH - 64), 32, 42, { size: 21, fill: INK, weight: 600 })}${subtitle ? label(shorten(subtitle, 13.5, WIDTH - 64), 32, 65, { size: 13.5 }) : ''}${content.join('')}</svg>`
}

const escapeTitle = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

export type ValueAxis = { ticks: number[]; toY(value: number): number; labels: string; left: number }

/** Vertical value axis with grid lines; gives the plot's left edge so that its labels fit. */
export function valueAxis(
  values: readonly number[],
  box: Omit<Box, 'left'>,
  options: { fromZero: boolean; title: string },
): ValueAxis {
  const low = values.reduce((a, b) => Math.min(a, b), options.fromZero ? 0 : Infinity)
  const high = values.reduce((a, b) => Math.max(a, b), options.fromZero ? 0 : -Infinity)
  const ticks = niceTicks(low, high)
  const texts = ticks.map(shortNumber)
  const left = 52 + Math.max(...texts.map((text) => widthOf(text, 12.5)))
  const toY = linear([ticks[0]!, ticks.at(-1)!], [box.bottom, box.top])
  const marks = ticks.map(
    (tick, at) =>
      line(left, toY(tick), box.right, toY(tick), tick === 0 && low < 0 ? AXIS : undefined) +
      label(texts[at]!, left - 10, toY(tick) + 4.5, { size: 12.5, anchor: 'end' }),
  )
  const title = label(shorten(options.title, 13, box.bottom - box.top), 24, (box.top + box.bottom) / 2, {
    anchor: 'middle',
    rotate: -90,
  })
  return { ticks, toY, left, labels: marks.join('') + title }
}

/** Category names below the plot: level where they shorten, tilted where they do not, thinned out when there are many. */
export function categoryLabels(
  categories: readonly string[],
  centre: (at: number) => number,
  box: Box,
  step: number,
): string {
  const widest = Math.max(...categories.map((text) => widthOf(text, 12.5)))
  const level = widest <= step - 8
  const every = Math.max(1, Math.ceil((level ? 14 : 17) / step))
  const texts = categories.map((text, at) => {
    if (at % every !== 0) return ''
    if (level) return label(text, centre(at), box.bottom + 21, { size: 12.5, anchor: 'middle' })
    return label(shorten(text, 12.5, 110), centre(at) + 4, box.bottom + 17, { size: 12.5, anchor: 'end', rotate: -35 })
  })
  return texts.join('')
}

/** Space below the plot that the category names need. */
export function categoryRoom(categories: readonly string[], step: number): number {
  const widest = Math.max(...categories.map((text) => widthOf(text, 12.5)))
  return widest <= step - 8 ? 34 : 24 + Math.min(110, widest) * 0.62
}

export function legend(names: readonly string[], fills: readonly string[], y: number): string {
  let x = 32
  const parts = names.map((name, at) => {
    const text = shorten(name, 13, 180)
    const part =
      element('rect', { x, y: y - 10, width: 12, height: 12, rx: 3, fill: fills[at]! }) +
      label(text, x + 18, y, { fill: MUTED })
    x += 18 + widthOf(text, 13) + 22
    return part
  })
  return parts.join('')
}
