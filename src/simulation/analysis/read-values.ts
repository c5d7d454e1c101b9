import { UsageError } from '../loop/core/errors.ts'
import type { Json } from '../loop/core/json.ts'

/** A value as it is typed: JSON, or text. */
export function readValue(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text // Not JSON: a word needs no quotes.
  }
}

const RANGE = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)(?:\/(\d+(?:\.\d+)?))?$/
const MAX_VALUES = 10_000

/** `1,2,5`, `low,high`, `1..5`, `0..1/0.25`: a list of values, ranges included at both ends. */
export function readValues(text: string): Json[] {
  return splitList(text).flatMap((part): Json[] => {
    const range = RANGE.exec(part)
    if (!range) return [readValue(part)]
    const [from, to, step] = [Number(range[1]), Number(range[2]), Number(range[3] ?? 1)]
    const count = Math.floor((to - from) / step + 1e-9) + 1
    if (!(step > 0) || count < 1 || count > MAX_VALUES)
      throw new UsageError(`${part} is no range: write first..last or first..last/step`)
    // Rounded to the digits a person would write, so that 0.1 + 0.2 is 0.3.
    return Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)))
  })
}

/** Splits at commas outside brackets and quotes. */
function splitList(text: string): string[] {
  const parts: string[] = []
  let [depth, quoted, start] = [0, false, 0]
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!
    if (sign === '"' && text[i - 1] !== '\\') quoted = !quoted
    else if (quoted) continue
    else if ('[{'.includes(sign)) depth++
    else if (']}'.includes(sign)) depth--
    else if (sign === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim())
      start = i + 1
    }
  }
  parts.push(text.slice(start).trim())
  return parts.filter((part) => part !== '')
}

/** `1..5` or `3,8,13` -> seeds. Throws UsageError. */
export function readSeeds(text: string): number[] {
  const seeds = readValues(text)
  for (const seed of seeds)
    if (!Number.isSafeInteger(seed)) throw new UsageError(`Seeds are whole numbers, as 1..5 or 3,8,13, not ${text}`)
  return seeds as number[]
}

/** `path=values` -> both. Throws UsageError. */
export function readAssignment(text: string, option: string): [path: string, value: string] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`${option} needs name=value, not ${text}`)
  return [text.slice(0, at), text.slice(at + 1)]
}
