import { createHash } from 'node:crypto'

/** A number from 0 to `size - 1` that depends on nothing but the parts. */
export const hashIndex = (size: number, ...parts: unknown[]): number =>
  createHash('sha256').update(JSON.stringify(parts)).digest().readUInt32BE(0) % size

export const pick = <T>(bank: readonly T[], ...parts: unknown[]): T => bank[hashIndex(bank.length, ...parts)]!

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
export const uncapital = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
export const stripEnd = (text: string) => text.trim().replace(/[.!?…\s]+$/u, '')
export const sentence = (text: string) => (/[.!?…]["”’)]?$/u.test(text.trim()) ? text.trim() : `${text.trim()}.`)

/** `a`, `a and b`, `a, b and c`. */
export const joinNames = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** The first sentence, with its end mark. */
export function firstSentence(text: string): string {
  const clean = text.replace(/\s+/g, ' ').trim()
  const end = clean.search(/[.!?…](\s|$)/u)
  return end < 0 ? clean : clean.slice(0, end + 1)
}

/** At most `max` words; a cut text ends with an ellipsis. */
export function clipWords(text: string, max: number): string {
  const words = text.trim().split(/\s+/)
  return words.length <= max ? text.trim() : `${stripEnd(words.slice(0, max).join(' '))}…`
}

/** A name inside a sentence: a leading article is written small. */
export const inSentence = (name: string) => name.replace(/^(The|An?) (?=\S)/, (article) => article.toLowerCase())

/** Fills `{name}` from the record; every placeholder must be known. Each sentence starts with a capital letter. */
export const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template
    .replace(/\{(\w+)\}/g, (_, key: string) => {
      const value = values[key]
      if (value === undefined) throw new Error(`no value for {${key}} in "${template}"`)
      return value
    })
    .replace(/(^|[.!?] )(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())

const TITLES = new Set([
  'the',
  'a',
  'an',
  'dr',
  'mr',
  'mrs',
  'ms',
  'sir',
  'captain',
  'doctor',
  'professor',
  'king',
  'queen',
  'support',
  'agent',
])

/** What people call somebody to their face: the first of two plain names, otherwise the whole. */
export function spokenName(name: string): string {
  const parts = name.split(/\s+/)
  const plain = parts.length === 2 && parts.every((part) => /^\p{Lu}[\p{L}'’-]+$/u.test(part))
  return plain && !TITLES.has(parts[0]!.toLowerCase()) ? parts[0]! : name
}

export const slug = (text: string) =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
