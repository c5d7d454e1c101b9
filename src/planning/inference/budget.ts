import { money } from '../formulas/round.ts'
import type { EventType } from '../schema.ts'

export type FoundAmount = { amount: number; currency: string }

const CURRENCIES: Readonly<Record<string, string>> = {
  $: 'USD',
  usd: 'USD',
  '€': 'EUR',
  eur: 'EUR',
  '£': 'GBP',
  gbp: 'GBP',
}
const NUMBER = String.raw`(\d+(?:,\d{3})*(?:\.\d+)?)\s?([kKmM](?![A-Za-z]))?`
const SIGN = String.raw`(\$|€|£|USD|EUR|GBP)`
const ANY_AMOUNT = new RegExp(`(?:${SIGN}\\s?)?${NUMBER}(?:\\s?${SIGN})?`, 'i')
const CURRENCY_AMOUNT = new RegExp(`${SIGN}\\s?${NUMBER}|${NUMBER}\\s?${SIGN}`, 'i')

function toAmount(digits: string, scale: string | undefined, sign: string | undefined): FoundAmount {
  const factor = scale ? (scale.toLowerCase() === 'k' ? 1_000 : 1_000_000) : 1
  return {
    amount: money(Number(digits.replaceAll(',', '')) * factor),
    currency: CURRENCIES[sign?.toLowerCase() ?? '$'] ?? 'USD',
  }
}

/** The first amount after the word "budget", e.g. `Budget $50k`; null without one. */
export function budgetAmount(text: string): FoundAmount | null {
  const at = /\bbudget\b/i.exec(text)
  if (!at) return null
  const found = ANY_AMOUNT.exec(text.slice(at.index + at[0].length))
  return found ? toAmount(found[2]!, found[3], found[1] ?? found[4]) : null
}

/** The first amount with a currency, e.g. `$5,000` or `300 EUR`; null without one. */
export function currencyAmount(text: string): FoundAmount | null {
  const found = CURRENCY_AMOUNT.exec(text)
  if (!found) return null
  return found[2] ? toAmount(found[2], found[3], found[1]) : toAmount(found[4]!, found[5], found[6])
}

const PER_HEAD: Readonly<Record<EventType, number>> = {
  meetup: 30,
  festival: 30,
  conference: 75,
  workshop: 75,
  gala: 150,
}

export type InferredBudget = FoundAmount & { assumption: string | null }

/** Contract 4.8: from the texts, after "budget" first; else per head by type, said as an assumption. */
export function inferBudget(event: {
  constraints: string
  objectives: string
  audience_size: number
  event_type: EventType
}): InferredBudget {
  const { constraints, objectives } = event
  const found =
    budgetAmount(constraints) ?? budgetAmount(objectives) ?? currencyAmount(constraints) ?? currencyAmount(objectives)
  if (found && found.amount > 0) return { ...found, assumption: null }
  const head = PER_HEAD[event.event_type]
  const amount = money(head * event.audience_size)
  return {
    amount,
    currency: 'USD',
    assumption: `No budget was given: ${head} USD per head of a ${event.event_type} for ${event.audience_size} people gives ${amount} USD`,
  }
}
