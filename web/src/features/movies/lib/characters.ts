import type * as M from '../../../../../src/movies/schema.ts'
import { inWords } from './readable.ts'

export type Sheet = {
  name: string
  role: string
  image: string | undefined
  palette: string[]
  facts: [label: string, text: string][]
}
export type SheetSources = {
  profiles?: M.CharacterProfiles | undefined
  designs?: { items: M.CharacterDesign[] } | undefined
  voices?: { items: M.VoiceProfile[] } | undefined
  arcs?: { items: M.CharacterArc[] } | undefined
}

/** One sheet per character out of everything the crew wrote about them. */
export function characterSheets({ profiles, designs, voices, arcs }: SheetSources): Sheet[] {
  return (profiles?.characters ?? []).map((person) => {
    const design = designs?.items.find((one) => one.character === person.name)
    const voice = voices?.items.find((one) => one.character === person.name)
    const arc = arcs?.items.find((one) => one.character === person.name)
    const facts: [string, unknown][] = [
      ['Wants', person.motivation],
      ['Looks', person.visual_signature],
      ['Appearance', design?.appearance],
      ['Wears', design?.clothing],
      ['Features', design?.features],
      ['Voice', voice ? [voice.age, voice.timbre, voice.accent, voice.pace] : undefined],
      ['Says', voice?.sample_text],
      ['Begins', arc?.start],
      ['Turns', arc?.turning_points],
      ['Ends', arc?.end],
      ['Relations', person.relationships],
    ]
    return {
      name: person.name,
      role: person.role,
      image: design?.image_url,
      palette: (design?.palette ?? []).map(String),
      facts: facts.map(([label, value]): [string, string] => [label, inWords(value)]).filter(([, text]) => text !== ''),
    }
  })
}
