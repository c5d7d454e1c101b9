import { isMap } from '../core/json.ts'
import { type Findings, type Path, show } from './problem.ts'

/** How a value is checked: the value to use, or what was expected. */
export type FieldType = { expected: string; remedy?: string; read(value: unknown): { value: unknown } | undefined }

export type Field = {
  type: FieldType
  required?: boolean
  /** Value when the key is absent. */
  fallback?: unknown
}
export type FieldTable = Readonly<Record<string, Field>>

const ok = (value: unknown) => ({ value })

export const text = (min: number, max: number): FieldType => ({
  expected: `text of ${min} to ${max} characters`,
  read: (v) => (typeof v === 'string' && [...v].length >= min && [...v].length <= max ? ok(v) : undefined),
})

export const integer = (min: number, max = Number.MAX_SAFE_INTEGER): FieldType => ({
  expected:
    max === Number.MAX_SAFE_INTEGER
      ? min === Number.MIN_SAFE_INTEGER
        ? 'a whole number'
        : `a whole number of at least ${min}`
      : `a whole number from ${min} to ${max}`,
  read: (v) => (Number.isSafeInteger(v) && (v as number) >= min && (v as number) <= max ? ok(v) : undefined),
})

export const number = (min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): FieldType => ({
  expected: min === Number.NEGATIVE_INFINITY ? 'a number' : `a number from ${min} to ${max}`,
  read: (v) => (typeof v === 'number' && Number.isFinite(v) && v >= min && v <= max ? ok(v) : undefined),
})

export const above = (limit: number): FieldType => ({
  expected: `a number above ${limit}`,
  read: (v) => (typeof v === 'number' && Number.isFinite(v) && v > limit ? ok(v) : undefined),
})

export const flag: FieldType = {
  expected: 'true or false',
  read: (v) => (typeof v === 'boolean' ? ok(v) : undefined),
}

export const choice = (values: readonly string[], anyCase = false): FieldType => ({
  expected: `one of ${values.join(', ')}`,
  read: (v) => {
    if (typeof v !== 'string') return undefined
    const found = values.find((known) => known === v || (anyCase && known.toLowerCase() === v.trim().toLowerCase()))
    return found === undefined ? undefined : ok(found)
  },
})

export const map: FieldType = { expected: 'a map', read: (v) => (isMap(v) ? ok(v) : v === null ? ok({}) : undefined) }
export const list: FieldType = { expected: 'a list', read: (v) => (Array.isArray(v) ? ok(v) : undefined) }

export const strings: FieldType = {
  expected: 'a list of names',
  read: (v) => (Array.isArray(v) && v.every((item) => typeof item === 'string') ? ok(v) : undefined),
}

export const httpUrl: FieldType = {
  expected: 'an http or https address',
  read: (v) => (typeof v === 'string' && URL.canParse(v) && /^https?:$/.test(new URL(v).protocol) ? ok(v) : undefined),
}

export const nullable = (type: FieldType): FieldType => ({
  ...type,
  expected: `${type.expected}, or null`,
  read: (v) => (v === null ? ok(null) : type.read(v)),
})

const UNITS: Record<string, number> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }

/** Bytes as a number or as text with a unit: 524288000, "500MB". */
export const byteSize: FieldType = {
  expected: 'a number of bytes above 0, or text such as "500MB"',
  read: (v) => {
    const match = typeof v === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?\s*$/i.exec(v) : null
    const bytes = match ? Math.floor(Number(match[1]) * UNITS[(match[2] ?? 'b').toLowerCase()]!) : v
    return Number.isSafeInteger(bytes) && (bytes as number) > 0 ? ok(bytes) : undefined
  },
}

/**
 * Reads one section by its table: every value checked, absent ones filled with their fallback, all problems gathered. Unknown
 * keys give one warning each; with `extras` they are returned there instead.
 */
export function readSection(
  raw: unknown,
  path: Path,
  table: FieldTable,
  findings: Findings,
  extras?: Record<string, unknown>,
): Record<string, any> {
  const result: Record<string, any> = {}
  if (!isMap(raw) && raw !== undefined && raw !== null) {
    findings.add(path, 'a map of keys', show(raw), 'Write keys below it.')
    for (const [key, field] of Object.entries(table)) result[key] = field.fallback
    return result
  }
  const given = (raw ?? {}) as Record<string, unknown>
  for (const [key, field] of Object.entries(table)) {
    const value = Object.hasOwn(given, key) ? given[key] : undefined
    result[key] = field.fallback
    if (value === undefined) {
      if (field.required) addMissing(findings, [...path, key], field)
      continue
    }
    const read = field.type.read(value)
    if (read) result[key] = read.value
    else findings.add([...path, key], field.type.expected, show(value), field.type.remedy ?? 'Correct the value.')
  }
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(table, key)) continue
    if (extras) extras[key] = given[key]
    else
      findings.warn(
        'config_unknown_key',
        [...path, key],
        `Unknown key ${key}: known here are ${Object.keys(table).join(', ')}`,
      )
  }
  return result
}

function addMissing(findings: Findings, path: Path, field: Field): void {
  findings.add(path, field.type.expected, 'missing', `Add ${path.at(-1)}.`)
}
