import { isCode } from './parse-cell.ts'
import type { Row } from './table.ts'

const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON text -> value. Whole numbers that a double cannot hold stay text, so that long ids keep their digits. */
export function parseJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  const reviver = (_: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && isCode(context.source) ? context.source : value
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown)
}

/** Several JSON values, one a line. Undefined when a line is none. */
function parseLines(text: string): unknown[] | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  if (lines.length < 2 || !lines.every((line) => /^\s*[{[]/.test(line))) return undefined
  try {
    return lines.map(parseJson)
  } catch {
    return undefined
  }
}

/** JSON or JSON lines. Throws SyntaxError with the place. */
export function parseJsonText(text: string): unknown {
  const clean = text.replace(/^\uFEFF/, '')
  try {
    return parseJson(clean)
  } catch (error) {
    const lines = parseLines(clean)
    if (lines) return lines
    throw error
  }
}

const PREFERRED = ['rows', 'data', 'records', 'items', 'results', 'result', 'values']

/** Equally long arrays of plain values beside each other, as weather services answer. */
function parallelArrays(value: Row): Row[] | undefined {
  const lists = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))
  const length = lists[0]?.[1].length ?? 0
  if (lists.length < 2 || length === 0) return undefined
  const fits = ([, list]: [string, unknown[]]) =>
    list.length === length && !list.some((item) => typeof item === 'object' && item !== null)
  if (!lists.every(fits)) return undefined
  return Array.from({ length }, (_, at) => Object.fromEntries(lists.map(([name, list]) => [name, list[at]])))
}

/**
 * The rows inside a JSON value: an array of objects, of values, of arrays under a first row of names; the first such array inside an
 * object; equally long arrays side by side. Undefined when there are none.
 */
export function rowsOfJson(value: unknown, depth = 3): Row[] | undefined {
  if (Array.isArray(value)) return rowsOfArray(value)
  if (!isRecord(value) || depth === 0) return undefined
  const keys = [
    ...PREFERRED.filter((key) => key in value),
    ...Object.keys(value).filter((key) => !PREFERRED.includes(key)),
  ]
  for (const key of keys) {
    const inner = value[key]
    if (Array.isArray(inner) && inner.length > 0 && inner.every(isRecord)) return inner
  }
  const parallel = parallelArrays(value)
  if (parallel) return parallel
  for (const key of keys) {
    const found = rowsOfJson(value[key], depth - 1)
    if (found && found.length > 0) return found
  }
  return undefined
}

function rowsOfArray(list: readonly unknown[]): Row[] | undefined {
  if (list.length === 0) return []
  if (list.every(isRecord)) return [...list]
  const [head, ...body] = list
  if (body.length > 0 && list.every(Array.isArray) && (head as unknown[]).every((cell) => typeof cell === 'string')) {
    const names = head as string[]
    return (body as unknown[][]).map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? null])))
  }
  if (list.every((item) => typeof item !== 'object' || item === null)) return list.map((item) => ({ value: item }))
  return list.map((item) => (isRecord(item) ? item : { value: item }))
}

/** Nested objects as columns `a.b`; lists as JSON text. For formats that know only plain cells. */
export function flattenRow(row: Row): Row {
  const flat: Row = {}
  const visit = (value: unknown, path: string, depth: number) => {
    if (isRecord(value) && depth < 4 && Object.keys(value).length > 0)
      for (const [key, inner] of Object.entries(value)) visit(inner, path ? `${path}.${key}` : key, depth + 1)
    else flat[path] = typeof value === 'object' && value !== null ? JSON.stringify(value) : value
  }
  for (const [key, value] of Object.entries(row)) visit(value, key, 0)
  return flat
}
