// What a measurement says, in one form for all of them: a line `{"row": …}` of JSON on standard output.
export type Row = {
  what: string
  unit: string
  /** Middle of the rounds, or the only figure. */
  value: number
  /** Worst round, or the highest percentile worth telling. */
  worst?: number
  bar?: { at: 'most' | 'least'; value: number }
  /** The same on something else in the same run: another product, or the bare floor nobody can be under. */
  peer?: { name: string; value: number }
  note?: string
}
export type PartResult = {
  id: string
  rows: Row[]
  seconds: number
  load: { before: number; after: number }
  quick: boolean
  /** Set when the part did not end by itself or broke; what it had said until then stands in `rows`. */
  trouble?: string
}

export const say = (row: Row): void => console.log(JSON.stringify({ row }))

export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** undefined: there is no bar. */
export function meetsBar({ bar, value }: Row): boolean | undefined {
  if (!bar) return undefined
  return bar.at === 'most' ? value <= bar.value : value >= bar.value
}
