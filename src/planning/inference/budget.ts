import { money } from '../formulas/round.ts'
import type { EventType } from '../schema.ts'

export type FoundAmount = { amount: number; currency: string }

const CURRENCIES: Readonly<Record<string, string>> = {
  $: 'USD',
  usd: 'USD',
  dollar: 'USD',
  '€': 'EUR',
  eur: 'EUR',
  euro: 'EUR',
  '£': 'GBP',
  gbp: 'GBP',
  pound: 'GBP',
}
const NUMBER = String.raw`(?<!\d)(\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d|,\d)(?:\.\d+)?|\d+(?:,\d{3})*(?:\.\d+)?)\s?([kKmM](?![A-Za-z]))?`
const SIGN = String.raw`(\$|€|£|(?:USD|EUR|GBP|euros?|dollars?|pounds?)(?![A-Za-z]))`
const ANY_AMOUNT = new RegExp(`(?:${SIGN}\\s?)?${NUMBER}(?:\\s?${SIGN})?`, 'gi')
const CURRENCY_AMOUNT = new RegExp(`${SIGN}\\s?${NUMBER}|${NUMBER}\\s?${SIGN}`, 'i')
/** A bare number that counts people or days, not money. */
const NOT_MONEY =
  /^\s*(?:st|nd|rd|th|%|[-–—:]\s*\d|(?:and|to)\s+\d|(?:guests?|people|persons?|attendees|participants|heads|pax|visitors|developers|employees|days?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))/i

function toAmount(digits: string, scale: string | undefined, sign: string | undefined): FoundAmount {
  const factor = scale ? (scale.toLowerCase() === 'k' ? 1_000 : 1_000_000) : 1
  return {
    amount: money(Number(digits.replaceAll(/[^\d.]/g, '')) * factor),
    currency: CURRENCIES[sign?.toLowerCase().replace(/^(euro|dollar|pound)s$/, '$1') ?? '$'] ?? 'USD',
  }
}

/** The first amount after the word "budget", e.g. `Budget $50k`; null without one. */
export function budgetAmount(text: string): FoundAmount | null {
  const at = /\bbudget\b/i.exec(text)
  if (!at) return null
  const rest = text.slice(at.index + at[0].length)
  for (const found of rest.matchAll(ANY_AMOUNT)) {
    const sign = found[1] ?? found[4]
    const bare = !sign && !found[3]
    const far = /[,;\n]|\.\s/.test(rest.slice(0, found.index))
    if (!bare || !(far || NOT_MONEY.test(rest.slice(found.index + found[0].length))))
      return toAmount(found[2]!, found[3], sign)
  }
  return null
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
