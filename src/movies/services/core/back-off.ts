const LONGEST_SECONDS = 30
const LONGEST_ASKED_SECONDS = 300

/**
 * Seconds to wait after the n-th try, counted from 1: 1, 2, 4 … at most 30 times `base`, with full jitter (`random` 0 … 1).
 * A service that names a time itself is waited for, at most five minutes.
 */
export function backOffSeconds(n: number, random: number, base = 1, asked?: number): number {
  if (asked !== undefined) return Math.min(LONGEST_ASKED_SECONDS, Math.max(0, asked))
  return Math.min(LONGEST_SECONDS, 2 ** (n - 1)) * base * random
}

/** `Retry-After` in seconds: a number, or a date; undefined when it says nothing usable. */
export function retryAfterSeconds(header: string | null | undefined, now: number): number | undefined {
  if (!header) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1000)
}
