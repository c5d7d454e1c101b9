type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array
type NumbersClass<A extends Numbers> = new (length: number) => A

const SHIFT = 16
export const CHUNK = 1 << SHIFT
const MASK = CHUNK - 1

/** A growing list of numbers in chunks of 65,536: appending never copies what is there, little is kept in reserve. */
export class Column<A extends Numbers> {
  readonly chunks: A[] = []
  readonly #make: NumbersClass<A>
  #length = 0

  constructor(make: NumbersClass<A>) {
    this.#make = make
  }

  get length(): number {
    return this.#length
  }

  get bytes(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
  }

  push(value: number): void {
    const slot = this.#length & MASK
    let chunk = this.chunks[this.#length >>> SHIFT]
    if (chunk === undefined || slot >= chunk.length) chunk = this.#grow(slot)
    chunk[slot] = value
    this.#length++
  }

  /** The last chunk grows by an eighth of all there is: little is ever held in reserve, and each number moves a few times. */
  #grow(slot: number): A {
    const index = this.#length >>> SHIFT
    const old = this.chunks[index]
    const chunk = new this.#make(Math.min(CHUNK, slot + Math.max(64, this.#length >>> 3)))
    if (old) chunk.set(old)
    this.chunks[index] = chunk
    return chunk
  }

  get(i: number): number {
    return this.chunks[i >>> SHIFT]![i & MASK]!
  }

  set(i: number, value: number): void {
    this.chunks[i >>> SHIFT]![i & MASK] = value
  }
}
