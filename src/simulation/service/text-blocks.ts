import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

const BLOCK = 2048
const SEPARATOR = '\n'
/** A description holding the separator itself is searched, and found, with this in its place. */
const STAND_IN = '\u2028'

const fold = (text: string): string => text.toLowerCase().replaceAll(SEPARATOR, STAND_IN)

/** Descriptions of all events, lower-cased, compressed in blocks of 2,048: about 6 bytes an event instead of 30. */
export class TextBlocks {
  readonly #blocks: Buffer[] = []
  #open: string[] = []

  get bytes(): number {
    return this.#blocks.reduce((sum, block) => sum + block.byteLength, 0) + this.#open.length * 64
  }

  push(description: string | null | undefined): void {
    this.#open.push(description ? fold(description) : '')
    if (this.#open.length < BLOCK) return
    this.#blocks.push(zstdCompressSync(this.#open.join(SEPARATOR)))
    this.#open = []
  }

  /**
   * One byte an event: 1 where the description contains the text. `wanted` tells which blocks are of interest at all.
   */
  search(text: string, length: number, wanted: (from: number, to: number) => boolean): Uint8Array {
    const found = new Uint8Array(length)
    const needle = fold(text)
    for (let b = 0; b * BLOCK < length; b++) {
      const from = b * BLOCK
      if (!wanted(from, Math.min(length, from + BLOCK))) continue
      const packed = this.#blocks[b]
      if (!packed) {
        this.#open.forEach((line, i) => {
          if (from + i < length && line.includes(needle)) found[from + i] = 1
        })
        continue
      }
      const block = zstdDecompressSync(packed).toString()
      markLines(block, needle, found, from)
    }
    return found
  }
}

/** Finds the needle in the whole block, so that lines without it cost nothing. */
function markLines(block: string, needle: string, found: Uint8Array, from: number): void {
  let line = 0
  let counted = 0
  for (let at = block.indexOf(needle); at >= 0; ) {
    for (
      let next = block.indexOf(SEPARATOR, counted);
      next >= 0 && next < at;
      next = block.indexOf(SEPARATOR, counted)
    ) {
      line++
      counted = next + 1
    }
    if (from + line < found.length) found[from + line] = 1
    const end = block.indexOf(SEPARATOR, at)
    if (end < 0) return
    line++
    counted = end + 1
    at = block.indexOf(needle, counted)
  }
}
