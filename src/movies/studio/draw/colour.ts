/** Colours are `#rrggbb`. */
const parse = (hex: string): [number, number, number] => {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}
const byte = (value: number) =>
  Math.max(0, Math.min(255, Math.round(value)))
    .toString(16)
    .padStart(2, '0')

export const isHex = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text)
/** Part `t` (0 … 1) of the way from one colour to the other. */
export function mix(from: string, to: string, t: number): string {
  const [a, b] = [parse(from), parse(to)]
  return `#${a.map((v, i) => byte(v + (b[i]! - v) * t)).join('')}`
}
export const darker = (hex: string, t: number) => mix(hex, '#0b0d12', t)
export const lighter = (hex: string, t: number) => mix(hex, '#ffffff', t)
/** How light a colour looks: 0 black, 1 white. */
export function lightness(hex: string): number {
  const [r, g, b] = parse(hex)
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255
}
/** A colour seen under coloured light. */
export function lit(hex: string, light: string): string {
  const [a, b] = [parse(hex), parse(light)]
  return `#${a.map((v, i) => byte((v * b[i]!) / 255)).join('')}`
}

/** Colour words of ordinary language. */
const WORDS: Record<string, string> = {
  black: '#26262b',
  white: '#eceae4',
  grey: '#7f8489',
  gray: '#7f8489',
  silver: '#b9bec4',
  charcoal: '#3c4046',
  red: '#b3372f',
  crimson: '#8f1f2f',
  scarlet: '#c2392b',
  maroon: '#6b2530',
  burgundy: '#6b2530',
  pink: '#d98ba0',
  orange: '#d9762b',
  amber: '#d99a2b',
  yellow: '#e0b336',
  mustard: '#c39a2e',
  gold: '#c9a040',
  green: '#4d7a4a',
  olive: '#6d7040',
  emerald: '#2f7d5b',
  teal: '#2f7780',
  turquoise: '#3f9a9c',
  blue: '#3a639b',
  navy: '#263a5e',
  indigo: '#3d3f7d',
  purple: '#6b4a86',
  violet: '#765a9c',
  lavender: '#a394c4',
  brown: '#71503a',
  tan: '#b08d63',
  beige: '#cbb795',
  khaki: '#9a8c62',
  cream: '#e6dcc4',
  copper: '#a6623c',
  rust: '#99502e',
  bronze: '#8d6a3b',
}
const COLOUR = new RegExp(`\\b(${Object.keys(WORDS).join('|')})\\b`, 'i')
/** The first colour a text names. */
export const namedColour = (text: string): string | undefined => WORDS[COLOUR.exec(text)?.[1]?.toLowerCase() ?? '']
/** The colour named right before a word: `a yellow raincoat` -> yellow for /raincoat/. */
export function colourOf(text: string, thing: RegExp): string | undefined {
  const match = thing.exec(text)
  if (!match) return undefined
  const before = text.slice(Math.max(0, match.index - 28), match.index)
  const words = before.split(/[,;.]| and | with /).at(-1) ?? ''
  return namedColour(words)
}
