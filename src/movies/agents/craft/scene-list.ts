import { sceneLimits } from '../../engine/run-settings.ts'
import type { Scene } from '../../schema.ts'
import { AGAIN, type Beat, PHASE_NAMES, PHASES } from './beats.ts'
import type { AgentInput, Craft } from './craft.ts'
import { lightMood, slugline } from './locations.ts'
import { clipWords, fill, hashIndex, inSentence, pick, stripEnd, uncapital } from './prose.ts'
import { episodeNumber, factsOf } from './story-facts.ts'

/** Place of a scene in the story: its beat, and, when that beat has been played before, which repetition it is. */
export function beatOf(
  input: AgentInput,
  scene: number,
  scenes: number,
): { beat: Beat; phase: number; repeat: number | null } {
  const phaseAt = (i: number) => (scenes === 1 ? 0 : Math.round(((i - 1) * (PHASES.length - 1)) / (scenes - 1)))
  const phase = phaseAt(scene)
  const bank = PHASES[phase]!
  const seen = PHASES.map(() => 0)
  let repeats = 0
  for (let i = 1; i < scene; i++) if (++seen[phaseAt(i)]! > bank.length) repeats++
  const nth = seen[phase]!
  const offset = hashIndex(bank.length, input.workflow.title, input.workflow.description, episodeNumber(input), phase)
  return { beat: bank[(nth + offset) % bank.length]!, phase, repeat: nth < bank.length ? null : repeats }
}

/** Who plays a scene: everybody gets turns, the first two more often than the rest. */
export function pairOf(people: readonly string[], scene: number): [string, string] {
  if (people.length <= 2) return [people[0]!, people[1] ?? people[0]!]
  const [lead, rival] = [people[0]!, people[1]!]
  const rest = people.slice(2)
  const other = rest[Math.floor((scene - 1) / 3) % rest.length]!
  return (
    [
      [lead, rival],
      [lead, other],
      [rival, other],
    ] as [string, string][]
  )[(scene - 1) % 3]!
}

/** The scenes from setup to resolution: each has a goal, a place out of the project's, and two people. */
export const sceneList: Craft = (input) => ({ scenes: draftScenes(input), continuity_flags: flags(input) })

export function draftScenes(input: AgentInput): Scene[] {
  const f = factsOf(input)
  const count = sceneLimits(input.settings.duration).target
  return Array.from({ length: count }, (_, i) => {
    const n = i + 1
    const { beat, phase, repeat } = beatOf(input, n, count)
    const place = f.places[i % f.places.length]!
    const pair = pairOf(f.people, n)
    const values = beatValues(input, pair, place.name)
    const again = repeat === null ? '' : `${AGAIN[repeat % AGAIN.length]} `
    const goal = fill(beat.goal, values)
    return {
      scene_number: n,
      heading: slugline(place.name, n, f.title, place.description),
      goal: clipWords(again ? again + keepName(goal, pair) : goal, 40),
      location: place.name,
      primary_characters: [...new Set(pair)],
      visual_hook: fill(beat.hook, values),
      beat_notes: [
        `${PHASE_NAMES[phase]} of ${f.title}, ${lightMood(n, f.title, `${place.name}. ${place.description}`)}`,
        fill(pick(UNDERTONES, f.title, n, pair), values),
      ],
      high_action: input.workflow.genre !== null && /action|war/.test(input.workflow.genre) && phase >= 3,
    }
  })
}

const UNDERTONES = [
  'What {a} does not say here is what {b} hears.',
  '{b} has been thinking about {theme} longer than {a} knows.',
  '{a} looks for {object} without looking at it.',
  'Both would rather be anywhere than {place}, and neither leaves.',
  '{a} is afraid of being thanked; {b} is afraid of having to.',
  'The silence after it says more than the words before.',
  'For one moment {b} is on the side of {a}.',
  'It sounds like small talk and is a negotiation.',
  '{a} lies once, badly, and {b} lets it pass.',
  'What is decided here is only noticed two scenes later.',
  '{b} leaves something behind at {place} on purpose.',
  'Nobody raises a voice, which makes it worse.',
] as const

/** A sentence put behind another clause starts small, unless a name stands there. */
const keepName = (goal: string, names: readonly string[]) =>
  names.some((name) => goal.startsWith(name)) ? goal : uncapital(goal)

export function beatValues(input: AgentInput, [a, b]: readonly [string, string], place: string) {
  const f = factsOf(input)
  return { a, b, place: inSentence(place), object: f.motif.object, stake: f.motif.stake, theme: stripEnd(f.theme) }
}

function flags(input: AgentInput): string[] {
  const { issues, feedback } = factsOf(input)
  return [...issues, ...(feedback ? [feedback] : [])].map((text) => `Considered: ${clipWords(text, 30)}`)
}
