export type TurnRange = { min: number; max: number }
export const ZOOMS = ['all', '200', '50', '20'] as const

/** The turns on show around one: a number of turns, kept inside the run, or all of them. */
export function turnWindow(turn: number, turns: TurnRange, zoom: string | undefined): [number, number] {
  const size = Number(zoom ?? (turns.max - turns.min > 60 ? '50' : Number.NaN))
  if (!Number.isFinite(size) || turns.max - turns.min + 1 <= size) return [turns.min, turns.max]
  const from = Math.max(turns.min, Math.min(turn - Math.floor(size / 2), turns.max - size + 1))
  return [from, from + size - 1]
}
