import type { Craft } from './craft.ts'
import { isOutside } from './locations.ts'
import { capital, sentence } from './prose.ts'
import { factsOf } from './story-facts.ts'

/** The world as the scenes need it: its rules, its places, how people live there and what happened before. */
export const worldGuide: Craft = (input) => {
  const f = factsOf(input)
  return {
    rules: [
      f.motif.rule,
      `Whoever holds ${f.motif.object} is listened to, and whoever lost it is blamed.`,
      `Nothing in ${f.title} happens without somebody at ${f.places[0]!.name} noticing.`,
    ],
    places: f.places.map((place, i) => ({
      name: place.name,
      description: place.description
        ? sentence(place.description)
        : `${place.name} is ${isOutside(place.name) ? 'open to the weather' : 'closed in on all sides'}: ${f.motif.texture}, and ${f.motif.light}.`,
      used_for:
        i === 0
          ? 'where the story begins and what it returns to'
          : `where ${f.people[i % f.people.length]} is least at home`,
    })),
    culture: f.motif.custom,
    history: `${f.motif.past} ${capital(f.lead)} grew up with the consequences; ${f.rival} has profited from them.`,
    glossary: [
      {
        term: f.motif.object.replace(/^the /, ''),
        meaning: `The thing ${f.lead} and ${f.rival} both need, for opposite reasons.`,
      },
      ...f.people.slice(0, 8).map((name, i) => ({
        term: name,
        meaning:
          i === 0
            ? `Carries the story of ${f.title}.`
            : i === 1
              ? `Stands against ${f.lead}.`
              : `Moves between ${f.lead} and ${f.rival}.`,
      })),
    ],
  }
}
