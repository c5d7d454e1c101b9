import type { CharacterProfile, Scene } from '../../schema.ts'
import type { AgentInput } from './craft.ts'
import { genreName, motifOf } from './motifs.ts'
import { firstSentence, joinNames, stripEnd } from './prose.ts'
import { toneOf } from './tones.ts'

export type Person = { name: string; type: string; description: string }

const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '')

/** People given with the request and the project, in order, each name once. */
export function givenPeople(input: AgentInput): Person[] {
  const seeds = (input.workflow.custom_parameters['characters'] ?? []) as { name: string; [key: string]: unknown }[]
  const seen = new Set<string>()
  return [...seeds, ...input.project.characters].flatMap((c) => {
    const name = textOf(c.name)
    if (name === '' || seen.has(name.toLowerCase())) return []
    seen.add(name.toLowerCase())
    return [{ name, type: textOf(c['type']) || textOf(c['role']), description: textOf(c['description']) }]
  })
}

/** How many characters a run has: exactly the number asked for, else those given, within the limits of the profile. */
export function castSize(input: AgentInput): number {
  const { character_count, profile } = input.settings
  if (character_count !== null) return character_count
  return Math.min(profile === 'short' ? 4 : 20, Math.max(2, givenPeople(input).length))
}

/** Everybody who plays: given people first, then the names a draft invents (contract 5.4). */
export function castOf(input: AgentInput): Person[] {
  const given = givenPeople(input)
  return Array.from({ length: castSize(input) }, (_, i) => given[i] ?? invented(i))
}

const invented = (i: number): Person => ({
  name: i === 0 ? 'Lead' : i === 1 ? 'Rival' : `Support ${i - 1}`,
  type: '',
  description: '',
})

/** Names as the profiles have them, once they exist. */
export function peopleOf(input: AgentInput): string[] {
  const profiles = profilesOf(input)
  return profiles.length > 0 ? profiles.map((c) => c.name) : castOf(input).map((c) => c.name)
}

export const profilesOf = (input: AgentInput): CharacterProfile[] =>
  (input.artifacts.character_profiles?.['characters'] ?? []) as CharacterProfile[]

export const scenesIn = (input: AgentInput): Scene[] => {
  const list =
    input.artifacts.scene_list ?? (input.artifacts.episode_outline?.['scene_list'] as Record<string, unknown>)
  return (list?.['scenes'] ?? []) as Scene[]
}

export const itemsOf = <T>(input: AgentInput, name: keyof AgentInput['artifacts'], key = 'items'): T[] =>
  (input.artifacts[name]?.[key] ?? []) as T[]

export function placesOf(input: AgentInput): { name: string; description: string }[] {
  const given = input.project.settings.filter((s) => textOf(s.name) !== '')
  if (given.length === 0) return [{ name: 'Main location', description: '' }]
  return given.map((s) => ({ name: s.name.trim(), description: textOf(s['description']) }))
}

/** What every draft is written from. */
export function factsOf(input: AgentInput) {
  const motif = motifOf(input.workflow.genre)
  const tone = toneOf(input.workflow.style_preferences)
  const people = peopleOf(input)
  const themes = input.project.themes.filter((t) => t.trim() !== '')
  return {
    title: input.workflow.title,
    idea: stripEnd(firstSentence(input.workflow.description)),
    genre: genreName(input.workflow.genre),
    motif,
    tone,
    themes,
    theme: themes[0] ?? motif.theme,
    themeList: joinNames(themes.length > 0 ? themes : [motif.theme]),
    people,
    lead: people[0]!,
    rival: people[1] ?? 'Rival',
    places: placesOf(input),
    visual: textOf(input.workflow.style_preferences['visual_style']) || 'natural',
    feedback: textOf(input.input['feedback']),
    issues: (input.input['issues'] ?? []) as string[],
  }
}

/** The episode, when the run makes one. */
export const episodeNumber = (input: AgentInput): number | null => {
  const number = input.workflow.custom_parameters['episode_number']
  return typeof number === 'number' ? number : null
}
