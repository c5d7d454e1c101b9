import { inWords } from './readable.ts'
import { words } from './states.ts'

export type ConceptOption = { choice: string; title: string; logline: string; conflict: string; tags: string[] }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown) => (typeof value === 'string' ? value : '')
const texts = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])

/** The concepts of a concept_selection, each beside the choice that takes it. */
export function conceptOptions(context: Record<string, unknown>, options: readonly string[]): ConceptOption[] {
  const artifacts = isObject(context.artifacts) ? context.artifacts : {}
  const given = Array.isArray(artifacts.concept_options) ? artifacts.concept_options.filter(isObject) : []
  return given.flatMap((concept, i) => {
    const choice = `option_${i + 1}`
    if (!options.includes(choice)) return []
    const tags = [...texts(concept.genre_tags), ...texts(concept.tone_keywords)]
    return [
      {
        choice,
        title: text(concept.title),
        logline: text(concept.logline),
        conflict: text(concept.core_conflict),
        tags,
      },
    ]
  })
}

/** Artifacts a decision is to be judged by: their names, or their contents by name. */
export function artifactNames(artifacts: unknown): string[] {
  if (Array.isArray(artifacts)) return artifacts.filter((name) => typeof name === 'string')
  return isObject(artifacts) ? Object.keys(artifacts).filter((name) => name !== 'concept_options') : []
}

/** Short facts of a decision's context, as label and value; what says nothing is left out. */
export function shortFacts(context: Record<string, unknown>): [label: string, value: string][] {
  return Object.entries(context)
    .filter(([key, value]) => !/_id$/.test(key) && value !== 0 && value !== '' && value !== false)
    .filter(
      ([, value]) => ['number', 'boolean'].includes(typeof value) || (typeof value === 'string' && value.length < 80),
    )
    .map(([key, value]) => [words(key), inWords(value)])
}

/** What a person has to know before choosing: issues, failed work, overrun limits; a line each. */
export function longFacts(context: Record<string, unknown>): { title: string; lines: string[] }[] {
  return Object.entries(context).flatMap(([key, value]) => {
    if (key === 'artifacts' || !Array.isArray(value) || value.length === 0) return []
    const lines = value.map((one) =>
      isObject(one) ? [text(one.name), text(one.error)].filter(Boolean).join(': ') || inWords(one) : inWords(one),
    )
    return [{ title: words(key), lines: [...new Set(lines)] }]
  })
}
