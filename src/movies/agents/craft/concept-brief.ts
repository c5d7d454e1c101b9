import type { AgentInput, Craft } from './craft.ts'
import { clipWords, firstSentence, sentence, stripEnd } from './prose.ts'
import { factsOf, givenPeople } from './story-facts.ts'

type Facts = ReturnType<typeof factsOf>

/** The four directions offered when a person chooses the concept; the first is the plain one. */
const ANGLES: readonly {
  tone: string | null
  logline(line: string, f: Facts): string
  conflict(f: Facts, who: [string, string]): string
  promise(f: Facts): string
}[] = [
  {
    tone: null,
    logline: (line) => line,
    conflict: (f, [a, b]) =>
      `${a} wants to bring ${f.motif.stake} into the open, and ${b} has every reason to keep it closed; only one of them can decide what happens to ${f.motif.object}.`,
    promise: (f) => `A ${f.genre ? `${f.genre} story` : 'story'} about ${f.theme} that stays close to two people.`,
  },
  {
    tone: 'intimate',
    logline: (line, f) => `${stripEnd(line)}, told from the side of ${f.rival}, who has the most to lose.`,
    conflict: (f, [a, b]) =>
      `${b} has kept ${f.motif.object} safe for too long to hand it over, and ${a} is the first person who could take it without asking.`,
    promise: (f) =>
      `The same events seen by the one who would rather not be seen, and an ending that forgives slowly. ${f.theme}.`,
  },
  {
    tone: 'urgent',
    logline: (line, f) => `${stripEnd(line)}, played out in a single night because ${f.motif.pressure}.`,
    conflict: (f, [a, b]) =>
      `${a} and ${b} have until morning to agree on ${f.motif.stake}, and each believes that the other is the delay.`,
    promise: (f) => `One night, few places, and no cut that lets the audience rest. ${f.theme}.`,
  },
  {
    tone: 'quiet',
    logline: (line, f) => `${stripEnd(line)}, years later, when ${f.lead} has to tell somebody what it cost.`,
    conflict: (f, [a, b]) =>
      `${a} wants to tell what really happened to ${f.motif.object}, while ${b} has built a life on the version that is easier to bear.`,
    promise: (f) => `A look back that turns into a decision in the present. ${f.theme}.`,
  },
]

/** The concept of the film: the first sentence of the description, and a conflict that names the first two people. */
export const conceptBrief: Craft = (input) => {
  const option = Number(input.input['option'] ?? 1) - 1
  const f = factsOf(input)
  const angle = ANGLES[option % ANGLES.length]!
  const line = plainLogline(input, f)
  const tone = [angle.tone, f.tone.name].filter((word): word is string => word !== null)
  return {
    title: f.title,
    logline: clipWords(sentence(angle.logline(line, f)), 60),
    genre_tags: input.workflow.genre ? [input.workflow.genre] : [],
    tone_keywords: [...new Set(tone)].slice(0, 3),
    core_conflict: clipWords(angle.conflict(f, [f.lead, f.rival]), 60),
    audience_promise: clipWords(sentence(angle.promise(f)), 35),
    success_criteria: [
      `The audience can say what ${f.lead} wants before the second scene ends.`,
      `The question of ${f.theme} is answered by an action, not by a speech.`,
    ],
    validation_notes: [...guidelineNotes(input), ...noteOnCast(input)],
  }
}

const plainLogline = (input: AgentInput, f: Facts) => {
  const first = firstSentence(input.workflow.description)
  return first === '' ? `A ${f.genre || 'short'} story called ${f.title}.` : sentence(first)
}

/** What the client wants in or out, kept where the next agents read it. */
function guidelineNotes(input: AgentInput): string[] {
  const rules = input.workflow.custom_parameters['creative_guidelines'] as
    | { must_include?: string[]; must_avoid?: string[] }
    | undefined
  return [
    ...(rules?.must_include ?? []).slice(0, 5).map((text) => `To include: ${clipWords(text, 10)}`),
    ...(rules?.must_avoid ?? []).slice(0, 5).map((text) => `To avoid: ${clipWords(text, 10)}`),
  ]
}

const noteOnCast = (input: AgentInput) =>
  givenPeople(input).length === 0 ? ['The project names no characters yet; working names are used.'] : []
