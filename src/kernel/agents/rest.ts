const PACE_MS = 20

/**
 * How long to rest after work that began at `began` (performance.now): as long as the work took, and no longer than 20 ms after its beginning.
 * What comes in a stream is then done in fewer, larger batches, the more so the busier the machine is.
 */
export function restMs(began: number, now: number = performance.now()): number {
  const took = now - began
  return Math.max(0, Math.min(took, PACE_MS - took))
}
