import { escapeHtml } from '../pages/html.ts'

/** Small SVG builders and the look all charts share. */

export const FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
export const INK = '#1b2430'
export const MUTED = '#5d6b7c'
export const GRID = '#e6eaf0'
export const AXIS = '#b8c2ce'
/** Distinct also for colour-blind eyes and in grey print. */
export const PALETTE = [
  '#2f6fde',
  '#e8853a',
  '#2a9d7f',
  '#b5479b',
  '#d8b02e',
  '#5b5fc7',
  '#c2443f',
  '#6b8e3a',
  '#3aa6c9',
  '#8a6d5a',
]
export const colour = (at: number): string => PALETTE[at % PALETTE.length]!

type Attributes = Record<string, string | number | undefined>

const round = (value: number) => Math.round(value * 100) / 100

export function element(name: string, attributes: Attributes, ...content: string[]): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeHtml(typeof value === 'number' ? round(value) : value)}"`)
  return content.length > 0 ? `<${name}${list.join('')}>${content.join('')}</${name}>` : `<${name}${list.join('')}/>`
}

export type TextStyle = {
  size?: number
  anchor?: 'start' | 'middle' | 'end'
  fill?: string
  weight?: number
  rotate?: number
}

export function label(text: string, x: number, y: number, style: TextStyle = {}): string {
  const { size = 13, anchor = 'start', fill = MUTED, weight, rotate } = style
  return element(
    'text',
    {
      x,
      y,
      'font-size': size,
      'text-anchor': anchor,
      fill,
      'font-weight': weight,
      transform: rotate === undefined ? undefined : `rotate(${rotate} ${round(x)} ${round(y)})`,
    },
    escapeHtml(text),
  )
}

export const line = (x1: number, y1: number, x2: number, y2: number, stroke = GRID, width = 1): string =>
  element('line', { x1, y1, x2, y2, stroke, 'stroke-width': width })

const NARROW = /[iljtfr.,:;|!'()[\] 1-]/
const WIDE = /[MW@%mw—…]/
/** Rough width of a text in pixels. */
export function widthOf(text: string, size: number): number {
  let units = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    units +=
      code > 0x2e80
        ? 1
        : NARROW.test(character)
          ? 0.34
          : WIDE.test(character)
            ? 0.88
            : /[A-Z]/.test(character)
              ? 0.68
              : 0.56
  }
  return units * size
}

/** The text, shortened with an ellipsis to a width. */
export function shorten(text: string, size: number, room: number): string {
  if (widthOf(text, size) <= room) return text
  const characters = [...text]
  while (characters.length > 1 && widthOf(`${characters.join('')}…`, size) > room) characters.pop()
  return `${characters.join('').trimEnd()}…`
}
