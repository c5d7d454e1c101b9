import type { Column } from '../../tables/table.ts'

/** Finds the columns of a table in what a person wrote: any case, `_` as space, singular and plural alike. */

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The last word in singular and plural. */
function lastWordForms(word: string): string[] {
  const singular = /ies$/.test(word)
    ? `${word.slice(0, -3)}y`
    : /(?:ses|xes|ches|shes)$/.test(word)
      ? word.slice(0, -2)
      : /[^s]s$/.test(word)
        ? word.slice(0, -1)
        : word
  const plural = /[^aeiou]y$/.test(singular)
    ? `${singular.slice(0, -1)}ies`
    : /(?:s|x|ch|sh)$/.test(singular)
      ? `${singular}es`
      : `${singular}s`
  return [...new Set([word, singular, plural])]
}

/** A pattern for one column name; captures nothing. */
export function columnPattern(name: string): string {
  const words = name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
  if (words.length === 0) return literal(name.toLowerCase())
  const last = lastWordForms(words.at(-1)!).map(literal)
  return [...words.slice(0, -1).map(literal), `(?:${last.join('|')})`].join('[\\s_.-]+')
}

/** A pattern for any of the columns, longer names first. */
export const anyColumnPattern = (columns: readonly Column[]): string =>
  `(?:${
    [...columns]
      .sort((a, b) => b.name.length - a.name.length)
      .map(({ name }) => columnPattern(name))
      .join('|') || '(?!)'
  })`

export function findColumn(columns: readonly Column[], text: string | undefined): Column | undefined {
  const wanted = (text ?? '')
    .trim()
    .toLowerCase()
    .replace(/^["'`]|["'`]$/g, '')
  if (!wanted) return undefined
  return (
    columns.find(({ name }) => name.toLowerCase() === wanted) ??
    columns.find(({ name }) => new RegExp(`^${columnPattern(name)}$`, 'iu').test(wanted))
  )
}

/** Columns named in a text, in the order they are named; each once. */
export function columnsIn(columns: readonly Column[], text: string): Column[] {
  const found: { column: Column; at: number; length: number }[] = []
  for (const column of columns) {
    const match = new RegExp(`(?<![\\p{L}\\p{N}_])${columnPattern(column.name)}(?![\\p{L}\\p{N}_])`, 'iu').exec(text)
    if (match) found.push({ column, at: match.index, length: match[0].length })
  }
  return found
    .filter(
      (a) => !found.some((b) => b !== a && b.at <= a.at && b.at + b.length >= a.at + a.length && b.length > a.length),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ column }) => column)
}
