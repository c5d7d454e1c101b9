// sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, small, fast, its state fits in a checkpoint.

/** A seeded generator whose state can be stored and restored: the same seed gives the same numbers everywhere. */
export class SeededRandom {
  readonly #s: Uint32Array

  constructor(seed: number | string) {
    this.#s = new Uint32Array(4)
    if (typeof seed === 'string') this.restore(seed)
    else {
      const low = seed >>> 0
      const high = Math.floor(seed / 2 ** 32) >>> 0
      this.#s.set([low, high, 0x9e3779b9, 1])
      for (let i = 0; i < 15; i++) this.next()
    }
  }

  /** 0 ≤ x < 1, 32 bits of resolution. */
  next(): number {
    const s = this.#s
    const t = (s[0]! + s[1]! + s[3]!) >>> 0
    s[3] = s[3]! + 1
    s[0] = s[1]! ^ (s[1]! >>> 9)
    s[1] = s[2]! + (s[2]! << 3)
    s[2] = ((s[2]! << 21) | (s[2]! >>> 11)) + t
    return t / 2 ** 32
  }

  /** 32 hex digits. */
  get state(): string {
    return [...this.#s].map((word) => word.toString(16).padStart(8, '0')).join('')
  }

  restore(state: string): void {
    if (!/^[0-9a-f]{32}$/.test(state)) throw new Error('The state of a random generator is 32 hex digits')
    for (let i = 0; i < 4; i++) this.#s[i] = Number.parseInt(state.slice(i * 8, i * 8 + 8), 16)
  }
}
