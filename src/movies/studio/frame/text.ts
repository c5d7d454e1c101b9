import { type FontFile, fontRuns } from '../../../kernel/fonts/fonts.ts'
import { el, num } from '../draw/svg.ts'

/** Text as outlines: no viewer needs the font, and every machine draws the same. */
type Glyph = { d: string; advance: number }
/** Outlines by font file and glyph: as many as the scripts in use have characters, however many texts are drawn. */
const outlines = new Map<string, string>()
const shaped = new Map<string, Glyph[]>()
const MAX_SHAPED = 2_000

function outline(file: FontFile, glyph: { id: number; path: { toSVG(): string } }): string {
  const key = `${file.id}/${glyph.id}`
  let d = outlines.get(key)
  if (d === undefined) outlines.set(key, (d = glyph.path.toSVG()))
  return d
}

/** Outlines of a short text in font units, with the size of the em. */
function shape(text: string): { glyphs: Glyph[]; em: number } {
  const known = shaped.get(text)
  if (known) return { glyphs: known, em: 2048 }
  const out: Glyph[] = []
  for (const run of fontRuns('sans', text)) {
    const scale = 2048 / run.file.font.unitsPerEm
    const laid = run.file.font.layout(run.text)
    laid.glyphs.forEach((glyph, i) => {
      out.push({ d: scale === 1 ? outline(run.file, glyph) : '', advance: laid.positions[i]!.xAdvance * scale })
    })
  }
  if (shaped.size >= MAX_SHAPED) shaped.clear()
  shaped.set(text, out)
  return { glyphs: out, em: 2048 }
}

export function measure(text: string, size: number): number {
  const { glyphs: laid, em } = shape(text)
  return laid.reduce((sum, glyph) => sum + glyph.advance, 0) * (size / em)
}

/** One line of text with its baseline at (x, y). `bold` thickens the outlines. */
export function textPath(text: string, x: number, y: number, size: number, colour: string, bold = false): string {
  const { glyphs: laid, em } = shape(text)
  const scale = size / em
  let at = 0
  const paths: string[] = []
  for (const glyph of laid) {
    if (glyph.d !== '') paths.push(`<path transform="translate(${num(at)} 0)" d="${glyph.d}"/>`)
    at += glyph.advance
  }
  const weight = bold ? { stroke: colour, 'stroke-width': '58', 'stroke-linejoin': 'round' } : {}
  return el(
    'g',
    {
      transform: `translate(${num(x)} ${num(y)}) scale(${scale.toFixed(5)} ${(-scale).toFixed(5)})`,
      fill: colour,
      ...weight,
    },
    ...paths,
  )
}

/** Words in lines not wider than `width`; a word that is wider is broken. */
export function wrapWords(text: string, size: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const joined = line === '' ? word : `${line} ${word}`
    if (measure(joined, size) <= width) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (measure(line, size) > width && [...line].length > 1) {
      const chars = [...line]
      let n = chars.length - 1
      while (n > 1 && measure(chars.slice(0, n).join(''), size) > width) n--
      lines.push(chars.slice(0, n).join(''))
      line = chars.slice(n).join('')
    }
  }
  if (line !== '') lines.push(line)
  return lines
}
