import type { Craft } from './craft.ts'
import { pick } from './prose.ts'
import { factsOf } from './story-facts.ts'

const TIES = [
  ['trusts', 'and would deny it if asked'],
  ['owes', 'more than can be paid back in kind'],
  ['watches', 'because both want the same thing'],
  ['protects', 'without having been asked to'],
  ['envies', 'the ease of the other one'],
  ['depends on', 'and resents it on bad days'],
] as const

/** How the people stand to each other, seen from both sides; the first two oppose each other. */
export const relationshipMap: Craft = (input) => {
  const f = factsOf(input)
  const pairs = f.people.flatMap((from, i) =>
    f.people.slice(i + 1).flatMap((to) => [[from, to] as const, [to, from] as const]),
  )
  return {
    items: pairs.slice(0, 60).map(([from, to]) => {
      if (from === f.lead && to === f.rival)
        return { from, to, relation: 'opposes', note: `${from} needs ${f.motif.object} and ${to} will not give it up.` }
      if (from === f.rival && to === f.lead)
        return { from, to, relation: 'underestimates', note: `${from} takes the patience of ${to} for weakness.` }
      const [relation, why] = pick(TIES, f.title, from, to)
      return { from, to, relation, note: `${from} ${relation} ${to} ${why}.` }
    }),
  }
}
