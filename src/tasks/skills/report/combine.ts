import type { JsonObject } from '../../schema.ts'
import type { PreviousOutput } from '../skill.ts'

const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

function mergeInto(target: JsonObject, source: JsonObject, conflicts: Record<string, unknown[]>, path: string): void {
  for (const [key, value] of Object.entries(source)) {
    const place = path ? `${path}.${key}` : key
    const known = target[key]
    if (known === undefined || known === null || isSame(known, value)) target[key] = structuredClone(value)
    else if (Array.isArray(known) && Array.isArray(value)) target[key] = [...known, ...structuredClone(value)]
    else if (isRecord(known) && isRecord(value)) mergeInto(known, value, conflicts, place)
    else {
      conflicts[place] = [...(conflicts[place] ?? [known]), value]
      target[key] = structuredClone(value)
    }
  }
}

/** Working files of steps say nothing to a reader. */
const INTERNAL = new Set(['rows_file'])

/**
 * Everything that prerequisites found as one object: lists joined, objects merged, of different plain values the last one, with all of them in
 * `conflicts`.
 */
export function combineData(previous: readonly PreviousOutput[]): {
  combined: JsonObject
  conflicts: Record<string, unknown[]>
} {
  const combined: JsonObject = {}
  const conflicts: Record<string, unknown[]> = {}
  for (const { data } of previous) {
    const visible = Object.fromEntries(Object.entries(data).filter(([key]) => !INTERNAL.has(key)))
    // What was combined before is merged flat: combining twice does not nest.
    const { combined: inner, ...rest } = visible
    mergeInto(combined, isRecord(inner) ? { ...inner, ...withoutReport(rest) } : visible, conflicts, '')
  }
  return { combined, conflicts }
}

const withoutReport = ({
  report_file: _file,
  report_markdown: _markdown,
  conflicts: _conflicts,
  ...rest
}: JsonObject): JsonObject => rest
