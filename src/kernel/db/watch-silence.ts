/** One look a second may come late on a busy machine; a longer gap was an outage or a stop of this process. */
const GAP_MS = 5_000
/** The database's clock against the time that passed: beyond this it was set, and what was written before means another moment. */
const CLOCK_SET_MS = 10_000
/** Within this everybody who is alive has been heard of again, on a busy machine too. */
const SETTLE_MS = 5_000

export type SilenceWatch = {
  /** This process has just reached the store, whose clock says so many ms, if it was asked. */
  heard(clock?: number): void
  /** Whether the silence of others means that they are gone: not while all of them come back from an outage or go by a new clock. */
  readonly counts: boolean
}

/** For those who judge others by what they have not written lately. `steady` in ms. */
export function watchSilence(steady: () => number = () => performance.now()): SilenceWatch {
  let last: number | undefined
  let ahead: number | undefined
  let settledAt = 0
  return {
    heard(clock) {
      const now = steady()
      const wasAway = last !== undefined && now - last > GAP_MS
      const wasSet = clock !== undefined && ahead !== undefined && Math.abs(clock - now - ahead) > CLOCK_SET_MS
      if (wasAway || wasSet) settledAt = now + SETTLE_MS
      last = now
      if (clock !== undefined) ahead = clock - now
    },
    get counts() {
      return steady() >= settledAt
    },
  }
}
