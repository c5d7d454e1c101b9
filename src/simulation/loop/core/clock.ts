/** Where time comes from. Tests pass their own. */
export interface TimeSource {
  /** Wall clock, milliseconds since 1970. */
  wallMs(): number
  /** Counter that never steps back, milliseconds with a fraction. */
  monotonicMs(): number
  /** Waits between attempts of a model call; default the real thing. */
  sleep?(ms: number): Promise<unknown>
}

export const systemTime: TimeSource = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }

/**
 * Stamps of one run: the wall clock at its start plus a monotonic counter, in whole microseconds. Each stamp is at least
 * 1 µs later than the one before, whatever the wall clock does meanwhile.
 */
export class EventClock {
  readonly #source: TimeSource
  readonly #originMicros: number
  #last: number

  constructor(source: TimeSource = systemTime) {
    this.#source = source
    this.#originMicros = Math.floor((source.wallMs() - source.monotonicMs()) * 1000)
    this.#last = 0
  }

  /** The next stamp. */
  nextMicros(): number {
    const now = this.#originMicros + Math.floor(this.#source.monotonicMs() * 1000)
    this.#last = now > this.#last ? now : this.#last + 1
    return this.#last
  }

  /** Makes every later stamp greater than `micros`. */
  advancePast(micros: number): void {
    if (micros > this.#last) this.#last = micros
  }
}
