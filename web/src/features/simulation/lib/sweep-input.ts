import { typedValue } from './changes.ts'

export type ParameterRow = { path: string; values: string }

const RANGE = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)(?:\/(\d+(?:\.\d+)?))?$/
const MOST = 1000

/** `1, 2, 5`, `low, high`, `1..5` or `0..1/0.25` as values; undefined when a range goes nowhere. */
export function listedValues(text: string): unknown[] | undefined {
  if (/^\s*\[/.test(text)) {
    const list = typedValue(text)
    return Array.isArray(list) ? list : undefined
  }
  const values: unknown[] = []
  for (const part of text
    .split(',')
    .map((piece) => piece.trim())
    .filter(Boolean)) {
    const range = RANGE.exec(part)
    if (!range) {
      values.push(typedValue(part))
      continue
    }
    const [from, to, step] = [Number(range[1]), Number(range[2]), Number(range[3] ?? 1)]
    const count = Math.floor((to - from) / step + 1e-9) + 1
    if (!(step > 0) || count < 1 || count > MOST) return undefined
    for (let i = 0; i < count; i++) values.push(Number((from + i * step).toPrecision(12)))
  }
  return values.length > 0 ? values : undefined
}

/** How many runs rows and seeds make; undefined while something is not readable. */
export function runsOf(rows: readonly ParameterRow[], seeds: string): number | undefined {
  const lists = rows.map(({ values }) => listedValues(values))
  const chance = seeds.trim() === '' ? [0] : listedValues(seeds)
  if (lists.includes(undefined) || !chance?.every((seed) => Number.isSafeInteger(seed))) return undefined
  return lists.reduce((product, list) => product * (list?.length ?? 0), chance.length)
}
