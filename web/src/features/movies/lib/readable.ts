import { words } from './states.ts'

export type ReadablePart =
  | { kind: 'text'; title: string; text: string }
  | { kind: 'list'; title: string; items: string[] }
  | { kind: 'media'; title: string; url: string }
  | { kind: 'table'; title: string; columns: string[]; rows: Record<string, string>[] }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const empty = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/** A value in words: "yes", "a, b", "name: x; age: 3". */
export function inWords(value: unknown): string {
  if (empty(value)) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map(inWords).join(', ')
  if (isObject(value))
    return Object.entries(value)
      .filter(([, one]) => !empty(one))
      .map(([key, one]) => `${words(key).toLowerCase()}: ${inWords(one)}`)
      .join('; ')
  return String(value)
}

/** A JSON content as parts a person can read; empty fields are left out, internal metadata too. */
export function readable(content: Record<string, unknown>): ReadablePart[] {
  const parts: ReadablePart[] = []
  for (const [key, value] of Object.entries(content)) {
    if (empty(value) || key === 'provider_metadata') continue
    const title = key === 'items' ? 'Entries' : words(key.replace(/_url$/, ''))
    if (typeof value === 'string' && /_url$|^url$/.test(key)) parts.push({ kind: 'media', title, url: value })
    else if (Array.isArray(value) && value.every(isObject)) parts.push(tableOf(title, value))
    else if (Array.isArray(value)) parts.push({ kind: 'list', title, items: value.map(inWords) })
    else if (isObject(value))
      parts.push({
        kind: 'list',
        title,
        items: Object.entries(value)
          .filter(([, one]) => !empty(one))
          .map(([name, one]) => `${words(name)}: ${inWords(one)}`),
      })
    else parts.push({ kind: 'text', title, text: inWords(value) })
  }
  return parts
}

function tableOf(title: string, rows: Record<string, unknown>[]): ReadablePart {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (column) => column !== 'provider_metadata' && rows.some((row) => !empty(row[column])),
  )
  return {
    kind: 'table',
    title,
    columns,
    rows: rows.map((row) => Object.fromEntries(columns.map((column) => [column, inWords(row[column])]))),
  }
}
