/** A number out of words, the same on every machine (FNV-1a, 32 bit). */
export function hash(...parts: (string | number | null | undefined)[]): number {
  let h = 0x811c9dc5
  for (const char of parts.join('\u001f')) {
    h ^= char.codePointAt(0)!
    h = Math.imul(h, 0x01000193) >>> 0
  }
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b) >>> 0
  return (h ^ (h >>> 13)) >>> 0
}

/** A sequence of numbers in [0, 1) that depends on nothing but its seed (mulberry32). */
export class Random {
  #state: number
  constructor(...seed: (string | number | null | undefined)[]) {
    this.#state = hash(...seed)
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  between = (low: number, high: number): number => low + (high - low) * this.next()
  around = (centre: number, spread: number): number => centre + spread * (this.next() * 2 - 1)
  int = (low: number, high: number): number => Math.floor(this.between(low, high + 1))
  pick = <T>(list: readonly T[]): T => list[Math.floor(this.next() * list.length)]!
}
