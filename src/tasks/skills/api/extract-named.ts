import { rowsOfJson } from '../../tables/json-rows.ts'
import type { Row } from '../../tables/table.ts'

/** "extract emails", "extract the names and phone numbers": values by what people call their fields. */

const ASKED =
  /\bextract\s+(?:(?:all|the|every|each|their|its|just|only|unique|distinct|user|users'|customer|list\s+of)\s+)*([^.;:\n]+?)(?=\s+(?:from|of|in|out\s+of|into|to|for|by|as|using|with|that|where|then)\b|[.;:\n]|$)/i
const PATTERNS: readonly [RegExp, RegExp][] = [
  [/^e-?mails?(?:\s+address(?:es)?)?$/i, /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
  [/^(?:urls?|links?|addresses)$/i, /https?:\/\/[^\s"'<>]+/g],
]

const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
const singular = (text: string) => text.replace(/ies$/, 'y').replace(/(ss|us|is)$|s$/, '$1')

/** What the text asks to extract, as field words. */
export function fieldsAsked(text: string): string[] {
  const asked = ASKED.exec(text)?.[1]
  if (!asked || /^(?:data|it|them|everything|information|results?|values?|json)$/i.test(asked.trim())) return []
  return asked
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+/i)
    .map((part) => part.replace(/\b(?:fields?|values?|columns?|data|addresses)\b/gi, ' ').trim())
    .filter((part) => part !== '' && part.split(/\s+/).length <= 4)
}

/** The key of a record that a word means: the same, in singular, or one that contains it. */
function keyFor(keys: readonly string[], word: string): string | undefined {
  const wanted = plain(word)
  const single = singular(wanted)
  return (
    keys.find((key) => plain(key) === wanted || plain(key) === single) ??
    keys.find((key) => singular(plain(key)) === single) ??
    keys.find((key) => plain(key).includes(single) && single.length > 2)
  )
}

function textsIn(value: unknown, found: string[], depth = 0): string[] {
  if (typeof value === 'string') found.push(value)
  else if (typeof value === 'object' && value !== null && depth < 50)
    for (const inner of Object.values(value)) textsIn(inner, found, depth + 1)
  return found
}

/** Values of keys anywhere in the JSON, in order. */
function valuesOf(value: unknown, word: string, found: unknown[] = [], depth = 0): unknown[] {
  if (typeof value !== 'object' || value === null || depth > 50) return found
  if (Array.isArray(value)) for (const item of value) valuesOf(item, word, found, depth + 1)
  else {
    const key = keyFor(Object.keys(value), word)
    if (key !== undefined) {
      const inner = (value as Row)[key]
      if (Array.isArray(inner)) found.push(...inner)
      else found.push(inner)
    } else for (const inner of Object.values(value)) valuesOf(inner, word, found, depth + 1)
  }
  return found
}

/** One field: the list of its values. Several: records with all of them. Undefined when nothing is found. */
export function extractNamed(
  json: unknown,
  fields: readonly string[],
): { extracted: unknown[]; rows: Row[] } | undefined {
  const [only] = fields
  if (only === undefined) return undefined
  if (fields.length === 1) {
    let values = valuesOf(json, only)
    const pattern = PATTERNS.find(([words]) => words.test(only))?.[1]
    if (values.length === 0 && pattern) values = textsIn(json, []).flatMap((text) => text.match(pattern) ?? [])
    if (values.length === 0) return undefined
    const name = singular(only.toLowerCase().replace(/\s+/g, '_'))
    return {
      extracted: values,
      rows: values.map((value) =>
        typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : { [name]: value },
      ),
    }
  }
  const records = rowsOfJson(json)
  const keys = records ? [...new Set(records.flatMap((record) => Object.keys(record)))] : []
  const wanted = fields.map((field) => keyFor(keys, field)).filter((key) => key !== undefined)
  if (!records || wanted.length === 0) return undefined
  const rows = records.map((record) => Object.fromEntries(wanted.map((key) => [key, record[key] ?? null])))
  return { extracted: rows, rows }
}
