export const SPEEDS = [0.5, 1, 2, 4, 8] as const

/** Where playing goes from a position: on by one, and it stops at the end. */
export function playStep(position: number, max: number): { position: number; playing: boolean } {
  const next = Math.min(max, position + 1)
  return { position: next, playing: next < max }
}

/** Pressing play at the end starts from the beginning. */
export function startFrom(position: number, min: number, max: number): number {
  return position >= max ? min : position
}

/** How long one position is shown, in milliseconds, at a speed of so many positions a second. */
export function stepMs(perSecond: number, speed: number): number {
  return 1000 / Math.max(0.01, perSecond * speed)
}
