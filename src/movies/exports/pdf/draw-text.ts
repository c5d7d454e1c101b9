import { type Family, fontRuns } from '../../../kernel/fonts/fonts.ts'
import type { LossList } from '../export-file.ts'

/** Characters beyond Latin-1 that the built-in PDF fonts can show (Windows code page 1252). */
const CP1252 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'
const isBuiltIn = (char: string) => {
  const code = char.codePointAt(0)!
  return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff) || CP1252.includes(char)
}

type Segment = { text: string; font: string | null; ttf: (() => Uint8Array) | null; missing: number }

/** Parts of a text by the font that draws them: the built-in one where it can, else one of ours. */
function segments(text: string, family: Family): Segment[] {
  const out: { text: string; builtIn: boolean }[] = []
  for (const char of text) {
    const builtIn = isBuiltIn(char)
    const last = out.at(-1)
    if (last && (last.builtIn === builtIn || char === ' ')) last.text += char
    else out.push({ text: char, builtIn })
  }
  return out.flatMap((part): Segment[] =>
    part.builtIn
      ? [{ text: part.text, font: null, ttf: null, missing: 0 }]
      : fontRuns(family, part.text).map((run) => ({
          text: run.text,
          font: run.file.id,
          ttf: () => run.file.ttf(),
          missing: run.missing,
        })),
  )
}

export type Pdf = PDFKit.PDFDocument

/** Writes one line at a place, changing fonts where the built-in one lacks a character. Answers the width in points. */
export function drawText(
  pdf: Pdf,
  text: string,
  at: { x: number; y: number },
  style: { font: string; family: Family; size: number; color?: string },
  loss: LossList,
): number {
  let x = at.x
  for (const part of segments(text, style.family)) {
    if (part.font) {
      pdf.registerFont(part.font, Buffer.from(part.ttf!()))
      pdf.font(part.font)
    } else pdf.font(style.font)
    if (part.missing > 0) loss.add('a character that none of the fonts has is written as "?"', part.missing)
    pdf.fontSize(style.size).fillColor(style.color ?? 'black')
    // Features off: a ligature would shift a typewriter's columns.
    const options = { lineBreak: false, features: [] }
    pdf.text(part.text, x, at.y, options)
    x += pdf.widthOfString(part.text, options)
  }
  return x - at.x
}

/** Width in points of a text in a font, by the same choice of fonts. */
export function textWidth(pdf: Pdf, text: string, style: { font: string; family: Family; size: number }): number {
  let width = 0
  for (const part of segments(text, style.family)) {
    if (part.font) {
      pdf.registerFont(part.font, Buffer.from(part.ttf!()))
      pdf.font(part.font)
    } else pdf.font(style.font)
    width += pdf.fontSize(style.size).widthOfString(part.text, { features: [] })
  }
  return width
}

/** A PNG or JPEG picture ready for drawing; pdfkit's types leave this out. */
export function openPicture(pdf: Pdf, bytes: Uint8Array): PDFKit.Mixins.ImageSrc & { width: number; height: number } {
  type Opener = { openImage(bytes: Buffer): PDFKit.Mixins.ImageSrc & { width: number; height: number } }
  return (pdf as unknown as Opener).openImage(Buffer.from(bytes))
}
