import { randomFillSync } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** All two-digit texts: the last four digits of an id are two look-ups. */
const PAIRS = Array.from({ length: 1024 }, (_, n) => ALPHABET[n >> 5]! + ALPHABET[n & 31]!)
const LOW_LIMIT = 1 << 20
const MAX_MS = 2 ** 48 - 1

export const ULID_PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

function encodeTime(ms: number): string {
  let text = ''
  for (let i = 0, rest = ms; i < 10; i++) {
    const d = rest % 32
    text = ALPHABET[d]! + text
    rest = (rest - d) / 32
  }
  return text
}

export function ulidMs(id: string): number {
  let ms = 0
  for (let i = 0; i < 10; i++) ms = ms * 32 + ALPHABET.indexOf(id[i]!)
  return ms
}

/**
 * Ids that only grow (string order). In the same millisecond, or when the clock steps back, the previous millisecond is kept
 * and the random part grows by one; when the random part overflows, the millisecond grows by one.
 */
export class UlidSource {
  #ms = -1
  #time = ''
  /** The upper 12 of 16 random digits; the lower 4 are `#low`. */
  #high = ''
  #low = 0
  readonly #fill: (bytes: Uint8Array) => void
  readonly #pool = new Uint8Array(4000)
  #used = 4000

  constructor(fill: (bytes: Uint8Array) => void = (bytes) => void randomFillSync(bytes)) {
    this.#fill = fill
  }

  next(ms: number): string {
    if (ms > this.#ms) this.#begin(ms)
    else this.#increment()
    return this.#time + this.#high + PAIRS[this.#low >> 10]! + PAIRS[this.#low & 1023]!
  }

  /** Makes every later id greater than `id`. */
  advancePast(id: string): void {
    const ms = ulidMs(id)
    if (ms < this.#ms) return
    const own = this.#ms === ms ? this.#high + PAIRS[this.#low >> 10]! + PAIRS[this.#low & 1023]! : ''
    if (own >= id.slice(10)) return
    this.#ms = ms
    this.#time = id.slice(0, 10)
    this.#high = id.slice(10, 22)
    this.#low = [...id.slice(22)].reduce((sum, c) => sum * 32 + ALPHABET.indexOf(c), 0)
  }

  #begin(ms: number): void {
    this.#ms = Math.min(ms, MAX_MS)
    this.#time = encodeTime(this.#ms)
    if (this.#used + 16 > this.#pool.length) {
      this.#fill(this.#pool)
      this.#used = 0
    }
    let high = ''
    for (let i = 0; i < 12; i++) high += ALPHABET[this.#pool[this.#used++]! & 31]
    this.#high = high
    this.#low = 0
    for (let i = 0; i < 4; i++) this.#low = this.#low * 32 + (this.#pool[this.#used++]! & 31)
  }

  #increment(): void {
    if (++this.#low < LOW_LIMIT) return
    this.#low = 0
    const digits = [...this.#high]
    let i = digits.length - 1
    while (i >= 0 && digits[i] === 'Z') digits[i--] = '0'
    if (i < 0) {
      this.#begin(this.#ms + 1)
      return
    }
    digits[i] = ALPHABET[ALPHABET.indexOf(digits[i]!) + 1]!
    this.#high = digits.join('')
  }
}

/** The one source of a process: ids of all its runs grow together. */
export const processIds = new UlidSource()
