export type CircuitState = 'closed' | 'open' | 'half_open'

export type CircuitRules = {
  /** Failures one after another that open it. */
  consecutive: number
  /** Latest results that are looked at, and the share of failures among them that opens it. */
  window: number
  share: number
  /** Milliseconds it stays open before one trial call is let through. */
  openMs: number
}

export const CIRCUIT_RULES: CircuitRules = { consecutive: 5, window: 20, share: 0.5, openMs: 30_000 }

/**
 * Keeps calls from a service that does not answer (contract 2.6): opens after 5 failures in a row or when half of the last
 * 20 calls failed, stays open 30 s, then lets one trial through; its success closes it, its failure opens it again.
 */
export class CircuitBreaker {
  readonly #rules: CircuitRules
  #results: boolean[] = []
  #inARow = 0
  #openedAt: number | null = null
  #trial = false

  constructor(rules: CircuitRules = CIRCUIT_RULES) {
    this.#rules = rules
  }

  state(now: number): CircuitState {
    if (this.#openedAt === null) return 'closed'
    return this.#trial || now - this.#openedAt >= this.#rules.openMs ? 'half_open' : 'open'
  }

  /** May a call be made now? While half open only one at a time may. */
  admit(now: number): boolean {
    const state = this.state(now)
    if (state === 'closed') return true
    if (state === 'open' || this.#trial) return false
    this.#trial = true
    return true
  }

  /** Milliseconds until the next trial; 0 when a call may be made. */
  opensIn(now: number): number {
    return this.#openedAt === null ? 0 : Math.max(0, this.#openedAt + this.#rules.openMs - now)
  }

  /** True when this closed it. */
  success(): boolean {
    const closed = this.#openedAt !== null
    if (closed) this.#results = []
    this.#openedAt = null
    this.#trial = false
    this.#inARow = 0
    this.#note(true)
    return closed
  }

  /** True when this opened it (again). */
  failure(now: number): boolean {
    this.#inARow++
    this.#note(false)
    const failed = this.#results.filter((ok) => !ok).length
    const full = this.#results.length >= this.#rules.window
    const opens =
      this.#trial ||
      this.#inARow >= this.#rules.consecutive ||
      (full && failed >= this.#rules.window * this.#rules.share)
    this.#trial = false
    if (!opens) return false
    this.#openedAt = now
    return true
  }

  /** The call ended without saying anything about the service: it was given up here. */
  forget(): void {
    this.#trial = false
  }

  #note(ok: boolean) {
    this.#results.push(ok)
    if (this.#results.length > this.#rules.window) this.#results.shift()
  }
}
