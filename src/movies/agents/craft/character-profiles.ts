import type { CharacterProfile } from '../../schema.ts'
import type { Craft } from './craft.ts'
import { capital, clipWords, hashIndex, stripEnd } from './prose.ts'
import { castOf, factsOf, givenPeople, scenesIn } from './story-facts.ts'

const WANTS: Record<CharacterProfile['role'], readonly string[]> = {
  protagonist: [
    'wants the truth about {stake} and is afraid of being the only one who does',
    'wants to finish what was started, even if nobody asks for it any more',
  ],
  antagonist: [
    'wants {object} kept out of reach, and has paid for that once already',
    'wants the matter closed, because its answer names somebody who is loved',
  ],
  support: [
    'wants to get everyone home, and keeps track of what that costs',
    'wants to be useful to somebody who notices',
    'wants to leave, and stays for reasons that change with every scene',
    'wants to be proved right about a warning nobody took seriously',
    'wants to belong to the side that is honest, whichever it turns out to be',
    'wants to pay back a favour before it is mentioned',
    'wants to learn how the first two do it, and not make their mistake',
  ],
}
const SIGNATURES = [
  'a collar always turned up and a pencil behind one ear',
  'hands wrapped in thin cloth and a very upright back',
  'a bright scarf that is the only colour in any room',
  'round glasses pushed up into cropped hair',
  'a heavy coat worn open and boots with different laces',
  'a silver streak in dark hair and a slow, exact walk',
  'rolled sleeves, ink on the wrist and a quick half smile',
  'a long braid tied with wire and a watch worn inside out',
  'a shaved head, a soft voice and a scar through one eyebrow',
  'a worn uniform jacket without its badge',
  'freckled hands, a green hat and a habit of standing in doorways',
  'a limp that disappears in a hurry',
  'broad shoulders in a knitted vest and a key on a string',
  'pale eyes, a grey suit and shoes made for running',
  'a child’s bracelet on a grown wrist and a wind-burned face',
  'a cane that is never leaned on and a silk lining nobody is shown',
  'paint under the nails and a yellow raincoat two sizes too large',
  'very still posture, black gloves and one missing button',
  'a tangle of curls, a patched satchel and a torch',
  'white hair cut like a soldier’s and a fisherman’s jumper',
] as const

/** The people: those of the project first, then working names, with a motive, a look and a place in the story. */
export const characterProfiles: Craft = (input) => {
  const f = factsOf(input)
  const cast = castOf(input)
  const traits = (input.workflow.custom_parameters['character_traits'] ?? []) as string[]
  const start = hashIndex(SIGNATURES.length, f.title)
  const characters: CharacterProfile[] = cast.map((person, i) => {
    const role = i === 0 ? 'protagonist' : i === 1 ? 'antagonist' : 'support'
    const wants = WANTS[role]
    const want = wants[(i + hashIndex(wants.length, f.title)) % wants.length]!.replace(
      '{stake}',
      f.motif.stake,
    ).replace('{object}', f.motif.object)
    const [looks = ''] = person.description.split(/[;.]\s+/).map((part) => stripEnd(part.trim()))
    const described = person.description ? `${capital(clipWords(looks, 18))}. ` : ''
    const trait = traits.length > 0 ? ` Known for being ${traits[i % traits.length]}.` : ''
    return {
      name: person.name,
      role,
      motivation: clipWords(`${described}${person.name} ${want}.${trait}`, 50),
      visual_signature: clipWords(`${looks || SIGNATURES[(start + i * 7) % SIGNATURES.length]}; ${f.motif.look}`, 40),
      relationships: relations(
        cast.map((c) => c.name),
        i,
        f,
      ),
      continuity_notes: [
        `${person.name} is seen at ${f.places[i % f.places.length]!.name} first.`,
        ...(f.feedback ? [`Revised by the note: ${clipWords(f.feedback, 25)}`] : []),
      ],
    }
  })
  return { characters, unresolved_references: unresolved(input, characters) }
}

function relations(names: string[], i: number, f: ReturnType<typeof factsOf>): string[] {
  if (i === 0) return names[1] ? [`${names[1]}: opponent in the matter of ${f.motif.object}`] : []
  if (i === 1) return [`${names[0]}: the one person who could change this mind`]
  return [`${names[0]}: follows, with reservations`, `${names[1]}: knows from before`]
}

/** Project characters beyond the limit, and people of the scenes without a profile. */
function unresolved(input: Parameters<Craft>[0], characters: CharacterProfile[]): string[] {
  const known = new Set(characters.map((c) => c.name.toLowerCase()))
  const named = [...givenPeople(input).map((c) => c.name), ...scenesIn(input).flatMap((s) => s.primary_characters)]
  return [...new Set(named.filter((name) => !known.has(name.toLowerCase())))]
}
