import type { CharacterProfile, DialogueScript, StoryBible } from '../../schema.ts'
import type { AgentInput, Craft } from './craft.ts'
import { clipWords } from './prose.ts'
import { factsOf, profilesOf, scenesIn } from './story-facts.ts'

type Fact = StoryBible['facts'][number]

/**
 * What is true in this story: facts with their source, the people, the order of events, and contradictions. An existing
 * bible is continued; what the new material says otherwise is listed as a conflict.
 */
export const storyBible: Craft = (input) => {
  const before = input.artifacts.story_bible as StoryBible | undefined
  const facts = [...(before?.facts ?? []), ...newFacts(input)]
  const events = scenesIn(input).map((scene) => ({ at: `scene ${scene.scene_number}`, event: scene.goal }))
  const episode = input.artifacts.episode_outline
  return {
    facts: unique(facts, (fact) => fact.text),
    characters: people(input, before),
    timeline: unique(
      [
        ...(before?.timeline ?? []),
        ...events.map((e) => (episode ? { ...e, at: `episode ${episode['episode_number']}, ${e.at}` } : e)),
      ],
      (e) => `${e.at} ${e.event}`,
    ),
    conflicts: conflicts(input, before),
  }
}

function newFacts(input: AgentInput): Fact[] {
  const f = factsOf(input)
  const world = input.artifacts.world_guide as { rules?: unknown[]; history?: unknown } | undefined
  const fact = (id: string, text: string, source: string): Fact => ({ id, text: clipWords(text, 60), source })
  return [
    fact('F-theme', `${f.title} is about ${f.themeList}.`, 'concept_brief'),
    ...(world?.rules ?? []).map((rule, i) => fact(`F-rule-${i + 1}`, String(rule), 'world_guide')),
    ...(typeof world?.history === 'string' ? [fact('F-history', world.history, 'world_guide')] : []),
    ...f.places.map((place, i) => fact(`F-place-${i + 1}`, `The story uses ${place.name}.`, 'project')),
    ...profilesOf(input).map((c) =>
      fact(`F-${c.name}`, `${c.name} is the ${c.role}: ${c.motivation}`, 'character_profiles'),
    ),
    ...scriptFacts(input.artifacts.dialogue_script as DialogueScript | undefined, fact),
  ]
}

const scriptFacts = (script: DialogueScript | undefined, fact: (id: string, text: string, source: string) => Fact) =>
  (script?.scenes ?? []).flatMap((scene) => {
    const last = scene.lines.at(-1)
    return last ? [fact(`F-said-${last.line_id}`, `${last.character} has said: “${last.text}”`, 'dialogue_script')] : []
  })

const people = (input: AgentInput, before: StoryBible | undefined) => {
  const now = profilesOf(input).map((c: CharacterProfile) => ({
    name: c.name,
    role: c.role,
    signature: c.visual_signature,
  }))
  const known = now.length > 0 ? now : factsOf(input).people.map((name) => ({ name }))
  const names = new Set(known.map((c) => c.name.toLowerCase()))
  const kept = ((before?.characters ?? []) as { name?: unknown }[]).filter(
    (c) => typeof c.name === 'string' && !names.has(c.name.toLowerCase()),
  )
  return [...known, ...kept]
}

/** A person whose role the bible has otherwise. */
function conflicts(input: AgentInput, before: StoryBible | undefined): { text: string }[] {
  const roles = new Map(
    ((before?.characters ?? []) as { name?: string; role?: string }[]).map((c) => [c.name?.toLowerCase(), c.role]),
  )
  return profilesOf(input).flatMap((c) => {
    const role = roles.get(c.name.toLowerCase())
    return role && role !== c.role ? [{ text: `${c.name} is ${c.role} here and ${role} in the story bible` }] : []
  })
}

function unique<T>(list: T[], key: (item: T) => string): T[] {
  const seen = new Set<string>()
  return list.filter((item) => {
    const k = key(item)
    if (seen.has(k)) return false
    seen.add(k)
    return true
  })
}
