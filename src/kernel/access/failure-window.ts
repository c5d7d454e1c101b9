/** Wrong credentials that one address may bring in a minute. */
export const MAX_FAILURES = 20
export const FAILURE_WINDOW_MS = 60_000
const MAX_ADDRESSES = 10_000

export type FailureWindow = {
  /** Whether this address has to wait, whatever it brings. */
  isShut(address: string): boolean
  failed(address: string): void
}

/** Slows guessing: after 20 wrong credentials in a minute an address is refused for the rest of it. Each process counts for itself. */
export function createFailureWindow(now: () => number = Date.now): FailureWindow {
  const failures = new Map<string, { count: number; since: number }>()
  return {
    isShut(address) {
      const seen = failures.get(address)
      return seen !== undefined && now() - seen.since < FAILURE_WINDOW_MS && seen.count >= MAX_FAILURES
    },
    failed(address) {
      const seen = failures.get(address)
      if (!seen && failures.size >= MAX_ADDRESSES)
        for (const [key, { since }] of failures) if (now() - since >= FAILURE_WINDOW_MS) failures.delete(key)
      if (!seen && failures.size >= MAX_ADDRESSES) failures.clear()
      if (!seen || now() - seen.since >= FAILURE_WINDOW_MS) failures.set(address, { count: 1, since: now() })
      else seen.count++
    },
  }
}
