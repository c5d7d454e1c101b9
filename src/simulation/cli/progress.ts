type Terminal = { write(text: string): unknown; columns?: number }

const BAR = 20

const bar = (done: number): string => {
  const filled = Math.round(Math.min(1, done) * BAR)
  return '█'.repeat(filled) + '░'.repeat(BAR - filled)
}

/** One line on a terminal, redrawn at most ten times a second. */
export class Progress {
  readonly #terminal: Terminal
  readonly #now: () => number
  #lastMs = Number.NEGATIVE_INFINITY
  #shown = false
  /** Turns done before this run began: a resumed run has some. */
  #before: number | undefined

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal
    this.#now = now
  }

  show(state: { turn: number; maxTurns: number; agents: number; events: number; startedMs: number }): void {
    const now = this.#now()
    this.#before ??= state.turn - 1
    if (now - this.#lastMs < 100 && state.turn < state.maxTurns) return
    this.#lastMs = now
    const seconds = (now - state.startedMs) / 1000
    const rate = seconds > 0 ? (state.turn - this.#before) / seconds : 0
    const left = rate > 0 ? Math.round((state.maxTurns - state.turn) / rate) : 0
    const text = `${bar(state.turn / state.maxTurns)} turn ${state.turn}/${state.maxTurns} · ${state.agents} agent${state.agents === 1 ? '' : 's'} · ${state.events} events · ${seconds.toFixed(1)} s${left > 0 ? ` · ${left} s left` : ''}`
    this.#terminal.write(`\r\u001b[2K${text.slice(0, (this.#terminal.columns ?? 120) - 1)}`)
    this.#shown = true
  }

  /** Makes room for a log line. */
  clear(): void {
    if (this.#shown) this.#terminal.write('\r\u001b[2K')
  }

  end(): void {
    if (this.#shown) this.#terminal.write('\n')
    this.#shown = false
  }
}
