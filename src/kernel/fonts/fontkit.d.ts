/** The part of fontkit (the font engine inside pdfkit) that is used here; it ships no types. */
declare module 'fontkit' {
  export type Glyph = {
    id: number
    advanceWidth: number
    path: { toSVG(): string; commands: { command: string; args: number[] }[] }
  }
  export type GlyphRun = {
    glyphs: Glyph[]
    positions: { xAdvance: number; xOffset: number; yOffset: number }[]
    advanceWidth: number
  }
  export type Font = {
    unitsPerEm: number
    ascent: number
    descent: number
    numGlyphs: number
    characterSet: number[]
    hasGlyphForCodePoint(codePoint: number): boolean
    layout(text: string): GlyphRun
  }
  export function create(bytes: Uint8Array): Font
}
