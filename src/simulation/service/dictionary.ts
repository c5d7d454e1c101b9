/** Texts by number, in order of appearance, with how often each came. */
export class Dictionary {
  readonly names: string[] = []
  readonly counts: number[] = []
  readonly #numbers = new Map<string, number>()
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  /** Number of a text, given on its first appearance. */
  add(name: string): number {
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.names.length
      this.names.push(name)
      this.counts.push(0)
      this.#numbers.set(name, number)
      this.#bytes += name.length * 2 + 64
    }
    this.counts[number]!++
    return number
  }

  find(name: string): number | undefined {
    return this.#numbers.get(name)
  }

  /** Text → count, most frequent first. */
  tally(): Record<string, number> {
    const entries = this.names.map((name, i) => [name, this.counts[i]!] as const)
    return Object.fromEntries(entries.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)))
  }
}
