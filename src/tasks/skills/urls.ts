import type { SkillRequest } from './skill.ts'

const URL_IN_TEXT = /https?:\/\/[^\s<>"'`]+/gi

/** Addresses in a text, without the punctuation of the sentence. */
export function urlsIn(text: string): string[] {
  const found = [...text.matchAll(URL_IN_TEXT)].map(([url]) => {
    let trimmed = url.replace(/[.,;:!?]+$/, '')
    // A closing bracket belongs to the address only when it was opened in it.
    while (/[)\]}]$/.test(trimmed) && !trimmed.includes({ ')': '(', ']': '[', '}': '{' }[trimmed.at(-1)!]!))
      trimmed = trimmed.slice(0, -1).replace(/[.,;:!?]+$/, '')
    return trimmed
  })
  return [...new Set(found)]
}

const isUrl = (value: unknown): value is string => typeof value === 'string' && /^https?:\/\/\S+$/i.test(value.trim())

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter(isUrl).map((url) => url.trim())

/** Addresses that a prerequisite found: lists of addresses, or records with one. */
function urlsOfData(data: Record<string, unknown>): string[] {
  for (const key of ['urls', 'extracted', 'links', 'rows', 'json', 'list', 'url']) {
    const value = data[key]
    const items = Array.isArray(value) ? value : value === undefined ? [] : [value]
    const urls = items.flatMap((item) => {
      if (isUrl(item)) return [item]
      if (typeof item !== 'object' || item === null) return []
      return Object.values(item).filter(isUrl).slice(0, 1)
    })
    if (urls.length > 0) return urls
  }
  return []
}

/** The addresses a step works on: of its text, else of input_data, else of a prerequisite. A retry's input_data comes first. */
export function urlsOf({ description, inputData, overrides, previous }: SkillRequest): string[] {
  const given = [...textsOf(inputData['urls']), ...textsOf(inputData['url'])]
  if (given.length > 0 && (overrides.has('urls') || overrides.has('url'))) return [...new Set(given)]
  const written = urlsIn(description)
  if (written.length > 0) return written
  if (given.length > 0) return [...new Set(given)]
  return [...new Set(previous.toReversed().flatMap(({ data }) => urlsOfData(data)))]
}
