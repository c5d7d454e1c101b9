import { type Family, fontRuns } from './fonts.ts'

/** Units of the em all outlines are given in, whatever font file they come from. */
const EM = 2048
/** Strokes this wide make the regular weight look semi-bold. */
const BOLD_STROKE = 58
const BOLD_FROM = 600

export type OutlineStyle = {
  /** Height of the em in pixels. */
  size: number
  /** From 600 on, outlines are thickened. */
  weight?: number
  fill: string
  anchor?: 'start' | 'middle' | 'end'
  family?: Family
}

type Glyph = { d: string; advance: number }

function shape(text: string, family: Family): { glyphs: Glyph[]; missing: number } {
  const glyphs: Glyph[] = []
  let missing = 0
  for (const run of fontRuns(family, text)) {
    missing += run.missing
    const scale = EM / run.file.font.unitsPerEm
    const laid = run.file.font.layout(run.text)
    for (const [at, glyph] of laid.glyphs.entries())
      glyphs.push({ d: glyph.path.toSVG(), advance: laid.positions[at]!.xAdvance * scale })
  }
  return { glyphs, missing }
}

const round = (value: number) => String(Math.round(value * 1000) / 1000)

/**
 * A line of text as an SVG group of outlines with its baseline at (x, y): the same picture on every machine, whatever fonts it
 * has. Undefined when a character is in none of our fonts.
 */
export function outlineText(text: string, x: number, y: number, style: OutlineStyle): string | undefined {
  const { glyphs, missing } = shape(text, style.family ?? 'sans')
  if (missing > 0) return undefined
  const scale = style.size / EM
  const width = glyphs.reduce((sum, glyph) => sum + glyph.advance, 0) * scale
  const left = x - (style.anchor === 'end' ? width : style.anchor === 'middle' ? width / 2 : 0)
  let at = 0
  const paths = glyphs.map(({ d, advance }) => {
    const path = d === '' ? '' : `<path transform="translate(${round(at)} 0)" d="${d}"/>`
    at += advance
    return path
  })
  const stroke =
    (style.weight ?? 400) >= BOLD_FROM
      ? ` stroke="${style.fill}" stroke-width="${BOLD_STROKE}" stroke-linejoin="round"`
      : ''
  return `<g transform="translate(${round(left)} ${round(y)}) scale(${scale.toFixed(6)} ${(-scale).toFixed(6)})" fill="${style.fill}"${stroke}>${paths.join('')}</g>`
}
