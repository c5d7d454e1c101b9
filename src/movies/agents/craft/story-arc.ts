import type { Craft } from './craft.ts'
import { clipWords, inSentence, pick, sentence, stripEnd, uncapital } from './prose.ts'
import { factsOf } from './story-facts.ts'

const OPENINGS = [
  'begins in a life that has been arranged around one silence',
  'opens on a routine that works only as long as nobody looks at it closely',
  'starts with a small disturbance that everybody else would have ignored',
] as const
const TURNS = [
  'Every step towards it makes the other one look more like an ally and more like a threat',
  'What looked like a single obstacle turns out to be a person with a reason',
  'Each attempt to settle the matter quietly makes more people part of it',
] as const
const ENDINGS = [
  'The price is named aloud and paid by the one who could have walked away',
  'Nobody wins the argument; somebody changes, and that is what settles it',
  'What was hidden stays in the open, and the two of them have to live in its light',
] as const

/** Setup, escalation, resolution around the conflict of the brief; a revision takes up what people and gates said. */
export const storyArc: Craft = (input) => {
  const f = factsOf(input)
  const conflict = stripEnd(
    String(input.artifacts.concept_brief?.['core_conflict'] ?? `${f.lead} and ${f.rival} want opposite things`),
  )
  const key = [f.title, input.task.run]
  const place = inSentence(f.places[0]!.name)
  const last = inSentence(f.places.at(-1)!.name)
  return {
    setup: clipWords(
      `${f.title} ${pick(OPENINGS, ...key, 'o')}: ${f.lead} at ${place}, with ${f.rival} close by. ${sentence(conflict)}`,
      80,
    ),
    escalation: clipWords(
      `${pick(TURNS, ...key, 't')}. ${f.lead} risks ${f.motif.object}, ${f.rival} answers in kind, and ${f.motif.pressure}.${take(f.feedback)} By now it is about ${f.themeList}, whether they say so or not.`,
      80,
    ),
    resolution: clipWords(
      `At ${last}, ${f.lead} and ${f.rival} have to decide together what happens to ${f.motif.stake}. ${pick(ENDINGS, ...key, 'e')}. ${f.title} ends on what ${f.theme} has cost and what it was worth.`,
      80,
    ),
    emotional_beats: [
      `hook: ${f.lead} cannot leave it alone`,
      `struggle: ${f.rival} turns out to be right about half of it`,
      `payoff: ${f.theme}, chosen and not endured`,
    ],
    continuity_flags: [
      ...(f.feedback ? [`Version ${input.task.run} follows the note: ${clipWords(f.feedback, 30)}`] : []),
      ...f.issues.map((issue) => `To mend: ${clipWords(issue, 30)}`),
    ],
  }
}

const take = (feedback: string) =>
  feedback === '' ? '' : ` As the notes ask, ${uncapital(stripEnd(clipWords(feedback, 20)))}.`
