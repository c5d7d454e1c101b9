import type { ModelError } from './errors.ts'
import type { ModelProfile } from './types.ts'

/** A provider that asks for a longer pause than this is treated as away. */
export const LONGEST_WAIT_MS = 60_000

/**
 * Pause before the next attempt, or undefined when there is none: exponential from the profile's first pause, with jitter of ±20 %, never
 * shorter than what the provider asked for (Retry-After). `random` in [0, 1).
 */
export function pauseBefore(
  error: ModelError,
  failures: number,
  profile: Pick<ModelProfile, 'retries' | 'backoff' | 'onInvalid'>,
  random: () => number,
): number | undefined {
  const again = error.transient || (error.errorType === 'invalid_response' && profile.onInvalid === 'retry')
  if (!again || failures > profile.retries) return undefined
  const exponential = Math.min(profile.backoff.maxMs, profile.backoff.firstMs * 2 ** (failures - 1))
  const pause = Math.min(profile.backoff.maxMs, exponential * (0.8 + 0.4 * random()))
  const asked = error.retryAfterMs ?? 0
  return asked > LONGEST_WAIT_MS ? undefined : Math.max(Math.round(pause), asked)
}

/** Milliseconds a provider asked to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfterMs(
  headers: Record<string, string | undefined> | undefined,
  nowMs: number,
): number | undefined {
  const exact = Number(headers?.['retry-after-ms'] ?? Number.NaN)
  if (Number.isFinite(exact) && exact >= 0) return exact
  const value = headers?.['retry-after']
  if (value === undefined || value.trim() === '') return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
