import type { EventBrief } from '../schema.ts'
import { budgetAmount } from './budget.ts'

type Brief = Pick<EventBrief, 'constraints' | 'objectives' | 'audience_size' | 'date_range_start' | 'date_range_end'>
export type Contradiction = {
  what: string
  /** The first is what holds unless a person says otherwise. */
  options: readonly [string, string]
  why: string
  /** The fact of the event that an answer changes. */
  fact: 'head count' | 'budget' | null
}

const amounts = (text: string): number[] => {
  const found: number[] = []
  let rest = text
  for (;;) {
    const at = rest.search(/\bbudget\b/i)
    if (at < 0) return found
    rest = rest.slice(at)
    const sentence = /^[^.;\n]*/.exec(rest)![0]
    const amount = budgetAmount(sentence)?.amount
    if (amount !== undefined) found.push(amount)
    rest = rest.slice(6)
  }
}
const heads = (text: string): number[] =>
  [...text.matchAll(/\b(\d{1,3}(?:,\d{3})+|\d+)\s*(?:guests|people|attendees|participants|visitors)\b/gi)].map(
    ([, digits]) => Number(digits!.replaceAll(',', '')),
  )

type Pair = { one: RegExp; other: RegExp; what: string; options: readonly [string, string]; why: string }
/** Wishes that exclude each other; what holds follows the order of precedence of contract 5.6. */
const PAIRS: readonly Pair[] = [
  {
    one: /\b(no alcohol|alcohol[- ]free|dry event)\b/i,
    other: /\b(open bar|cocktails?|wine|beer)\b/i,
    what: 'Drinks: without alcohol, and with it',
    options: ['No alcohol is served', 'Alcohol is served beside other drinks'],
    why: 'what nobody may be harmed by goes before what is nice to have',
  },
  {
    one: /\b(indoors?( only)?|inside)\b/i,
    other: /\b(outdoors?( only)?|open[- ]air)\b/i,
    what: 'Place: indoors, and outdoors',
    options: ['Indoors, with an outdoor area when the weather allows', 'Outdoors'],
    why: 'safety and weather go before wishes',
  },
  {
    one: /\b(no (?:live ?)?stream(?:ing)?|not streamed|on[- ]site only|no recording)\b/i,
    other: /\b((?:live[- ])?streamed|live ?stream\b|remote guests|hybrid)\b/i,
    what: 'Reach: on site only, and streamed',
    options: ['On site only', 'Streamed too'],
    why: 'consent of those on the picture goes before reach',
  },
  {
    one: /\b(one|single) venue( only)?\b/i,
    other: /\b(several|multiple|many) venues\b/i,
    what: 'Venues: one, and several',
    options: ['Several venues close to each other', 'One venue'],
    why: 'the scale of the programme is a must-have',
  },
]

/** What a brief says twice and differently, each with what holds and why; empty for a brief that agrees with itself. */
export function contradictions(brief: Brief): Contradiction[] {
  const text = `${brief.constraints}\n${brief.objectives}`
  const budgets = [...new Set(amounts(text))]
  const counts = [
    ...new Set(heads(text).filter((count) => count !== brief.audience_size && count >= brief.audience_size / 10)),
  ]
  const days =
    Math.round(
      (Date.parse(brief.date_range_end.slice(0, 10)) - Date.parse(brief.date_range_start.slice(0, 10))) / 86_400_000,
    ) + 1
  return [
    ...(budgets.length > 1
      ? [
          {
            what: `Budget: ${budgets.join(' and ')}`,
            options: [`Budget ${budgets[0]}`, `Budget ${budgets[1]}`] as const,
            why: 'the constraints are read first, and the first amount in them holds',
            fact: 'budget' as const,
          },
        ]
      : []),
    ...(counts.length > 0
      ? [
          {
            what: `Guests: ${brief.audience_size} and ${counts[0]}`,
            options: [`${brief.audience_size} guests`, `${counts[0]} guests`] as const,
            why: 'the field of the brief goes before its texts',
            fact: 'head count' as const,
          },
        ]
      : []),
    ...(/\b(one[- ]day|single day)\b/i.test(text) && days > 1
      ? [
          {
            what: `Length: one day, and ${days} days by the dates`,
            options: [`${days} days, as the dates say`, 'One day'] as const,
            why: 'fixed dates go before texts',
            fact: null,
          },
        ]
      : []),
    ...PAIRS.filter(({ one, other }) => one.test(text) && other.test(text.replace(one, ''))).map(
      ({ what, options, why }) => ({
        what,
        options,
        why,
        fact: null,
      }),
    ),
  ]
}
