import type { IdColumn, IdWords } from './id-column.ts'
import { idWords } from './id-column.ts'

const EMPTY = 0xffffffff

/**
 * Id → position. Ids of one writer only grow, so a binary search over the column is enough and costs no memory; from the first
 * id out of order on, a hash table is kept.
 */
export class IdLookup {
  readonly #ids: IdColumn
  #table: Uint32Array | undefined
  #used = 0

  constructor(ids: IdColumn) {
    this.#ids = ids
  }

  get bytes(): number {
    return this.#table?.byteLength ?? 0
  }

  /** Position of an id; −1 when it is not there. */
  find(words: IdWords): number {
    return this.#table ? this.#findHashed(words) : this.#findSorted(words)
  }

  findId(id: string): number {
    return this.find(idWords(id))
  }

  /** To be called before the id is pushed to the column. */
  willPush(words: IdWords): void {
    const { length } = this.#ids
    if (!this.#table && length > 0 && this.#ids.compare(length - 1, words) > 0) this.#hashAll()
    if (this.#table) this.#insert(words, length)
  }

  #findSorted(words: IdWords): number {
    let low = 0
    let high = this.#ids.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const order = this.#ids.compare(middle, words)
      if (order === 0) return middle
      if (order < 0) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  #findHashed(words: IdWords): number {
    const table = this.#table!
    const mask = table.length - 1
    for (let slot = this.#ids.hash(words) & mask; table[slot] !== EMPTY; slot = (slot + 1) & mask)
      if (this.#ids.compare(table[slot]!, words) === 0) return table[slot]!
    return -1
  }

  #hashAll(): void {
    const { length } = this.#ids
    let size = 1024
    while (size < length * 2) size *= 2
    this.#table = new Uint32Array(size).fill(EMPTY)
    this.#used = 0
    for (let i = 0; i < length; i++) this.#place(this.#ids.words(i), i)
  }

  #insert(words: IdWords, position: number): void {
    if (this.#used * 4 > this.#table!.length * 3) this.#hashAll()
    this.#place(words, position)
  }

  #place(words: IdWords, position: number): void {
    const table = this.#table!
    const mask = table.length - 1
    let slot = this.#ids.hash(words) & mask
    while (table[slot] !== EMPTY) slot = (slot + 1) & mask
    table[slot] = position
    this.#used++
  }
}
