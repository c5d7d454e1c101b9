import type { Craft } from './craft.ts'
import { clipWords, pick } from './prose.ts'
import { draftScenes } from './scene-list.ts'
import { episodeNumber, factsOf } from './story-facts.ts'

const TITLES = [
  'What {lead} kept',
  'The distance to {rival}',
  'Nobody at {place}',
  'One answer too many',
  'The night before',
  '{rival} remembers',
  'A door at {place}',
  'The smaller half',
] as const

/** Outline of one episode: its own title, beats and scenes, carried by the arc of the series. */
export const episodeOutline: Craft = (input) => {
  const f = factsOf(input)
  const number = episodeNumber(input) ?? 1
  const scenes = draftScenes(input)
  const title = pick(TITLES, f.title, number)
    .replace('{lead}', f.lead)
    .replace('{rival}', f.rival)
    .replace('{place}', f.places[(number - 1) % f.places.length]!.name)
  return {
    episode_number: number,
    title,
    beats: [
      `Episode ${number}, ${title}: ${f.lead} takes up what the last decision left open.`,
      `In the middle ${f.rival} brings ${f.motif.object} back into play, and ${f.motif.pressure}.`,
      `It ends with one question about ${f.theme} answered and another one asked.`,
      ...(f.feedback ? [`Revised by the note: ${clipWords(f.feedback, 30)}`] : []),
    ],
    scene_list: { scenes, continuity_flags: f.issues.map((issue) => `Considered: ${clipWords(issue, 30)}`) },
  }
}
