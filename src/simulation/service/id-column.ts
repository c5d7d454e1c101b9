import { Column } from './column.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const DIGIT = new Uint8Array(128)
for (let i = 0; i < 32; i++) DIGIT[ALPHABET.charCodeAt(i)] = i

export type IdWords = readonly [number, number, number, number]

/** 26 base32 digits, the first of them below 8, are 128 bits: four words that compare as the text does. */
export function idWords(id: string): IdWords {
  const words = [0, 0, 0, 0]
  let word = 0
  let bits = 3
  let acc = DIGIT[id.charCodeAt(0)]!
  for (let i = 1; i < 26; i++) {
    const digit = DIGIT[id.charCodeAt(i)]!
    const space = 32 - bits
    if (space > 5) {
      acc = (acc << 5) | digit
      bits += 5
    } else {
      const low = 5 - space
      words[word++] = ((acc << space) | (digit >>> low)) >>> 0
      acc = digit & ((1 << low) - 1)
      bits = low
    }
  }
  return words as unknown as IdWords
}

function wordsId(words: IdWords): string {
  let text = ''
  for (let i = 0; i < 26; i++) {
    const start = i === 0 ? 0 : 3 + (i - 1) * 5
    const length = i === 0 ? 3 : 5
    const word = start >>> 5
    const end = (start & 31) + length
    const high = words[word]!
    const digit = end <= 32 ? high >>> (32 - end) : (high << (end - 32)) | (words[word + 1]! >>> (64 - end))
    text += ALPHABET[digit & ((1 << length) - 1)]
  }
  return text
}

/** Event ids in 16 bytes each. */
export class IdColumn {
  readonly #words = [0, 1, 2, 3].map(() => new Column(Uint32Array))

  get length(): number {
    return this.#words[0]!.length
  }
  get bytes(): number {
    return this.#words.reduce((sum, column) => sum + column.bytes, 0)
  }

  push(words: IdWords): void {
    for (let i = 0; i < 4; i++) this.#words[i]!.push(words[i]!)
  }

  get(i: number): string {
    return wordsId(this.words(i))
  }

  words(i: number): IdWords {
    const [a, b, c, d] = this.#words
    return [a!.get(i), b!.get(i), c!.get(i), d!.get(i)]
  }

  /** < 0, 0 or > 0 as the id at `i` sorts before, at or after the given one. */
  compare(i: number, words: IdWords): number {
    for (let w = 0; w < 4; w++) {
      const own = this.#words[w]!.get(i)
      if (own !== words[w]) return own < words[w]! ? -1 : 1
    }
    return 0
  }

  compareAt(i: number, j: number): number {
    for (const column of this.#words) {
      const [a, b] = [column.get(i), column.get(j)]
      if (a !== b) return a < b ? -1 : 1
    }
    return 0
  }

  /** Bits for a hash: the end of the random part varies most. */
  hash(words: IdWords): number {
    return (Math.imul(words[3], 0x9e3779b1) ^ Math.imul(words[1], 0x85ebca6b)) >>> 0
  }
}
