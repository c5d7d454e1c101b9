/** Text -> number, date, boolean. Pure; the rules of contract 4.4 S2 that S3, S5 and S6 share. */

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i
const GROUPED = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/
const DECIMAL_COMMA = /^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+$/
const MAX_SIGNIFICANT = 15

export type NumberStyle = 'point' | 'comma'

const significant = (text: string) => text.replace(/e.*$/i, '').replace(/[^\d]/g, '').replace(/^0+/, '').length

/** Looks like a number but must stay text: leading zeros, or more digits than a double holds. */
export function isCode(text: string): boolean {
  const plain = text.trim()
  if (!PLAIN.test(plain)) return false
  return /^[+-]?0\d/.test(plain) || significant(plain) > MAX_SIGNIFICANT
}

/** The number a text means; undefined without one, with leading zeros, or with more than 15 significant digits. */
export function parseNumberCell(text: string, style: NumberStyle = 'point'): number | undefined {
  const trimmed = text.trim()
  if (style === 'comma' && DECIMAL_COMMA.test(trimmed))
    return parseNumberCell(trimmed.replaceAll('.', '').replace(',', '.'))
  const plain = GROUPED.test(trimmed) ? trimmed.replaceAll(',', '') : trimmed
  if (!PLAIN.test(plain) || isCode(plain)) return undefined
  const value = Number(plain)
  return Number.isFinite(value) ? value : undefined
}

export const hasDecimalComma = (text: string): boolean => DECIMAL_COMMA.test(text.trim())

export const parseBooleanCell = (text: string): boolean | undefined => {
  const lower = text.trim().toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : undefined
}

const ISO =
  /^(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?$/i
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const NAMED =
  /^(?:(\d{1,2})\.?\s+([a-z]{3,9})\.?,?\s+(\d{4})|([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})|([a-z]{3,9})\.?\s+(\d{4}))$/i

export type DateOrder = 'month-first' | 'day-first'
/** A calendar day, and its place on one line for comparing. */
export type DateCell = { year: number; month: number; day: number; time: number }

function dateOf(year: number, month: number, day: number, hours = 0, minutes = 0, seconds = 0): DateCell | undefined {
  if (month < 1 || month > 12 || day < 1 || hours > 23 || minutes > 59 || seconds > 60) return undefined
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined
  return { year, month, day, time: Date.UTC(year, month - 1, day, hours, minutes, seconds) }
}

const n = (text: string | undefined) => Number(text ?? 0)

/** A date as people and programs write it; undefined for anything else. `order` settles 03/04/2025. */
export function parseDateCell(text: string, order: DateOrder = 'month-first'): DateCell | undefined {
  const trimmed = text.trim()
  if (trimmed.length < 6 || trimmed.length > 40) return undefined
  const iso = ISO.exec(trimmed)
  if (iso) return dateOf(n(iso[1]), n(iso[2]), iso[3] ? n(iso[3]) : 1, n(iso[4]), n(iso[5]), n(iso[6]))
  const dotted = DOTTED.exec(trimmed)
  if (dotted) return dateOf(n(dotted[3]), n(dotted[2]), n(dotted[1]), n(dotted[4]), n(dotted[5]), n(dotted[6]))
  const slashed = SLASHED.exec(trimmed)
  if (slashed) {
    const [first, second] = [n(slashed[1]), n(slashed[2])]
    const [month, day] = order === 'day-first' ? [second, first] : [first, second]
    return dateOf(n(slashed[3]), month, day, n(slashed[4]), n(slashed[5]), n(slashed[6]))
  }
  const named = NAMED.exec(trimmed)
  if (!named) return undefined
  const month = MONTHS.indexOf((named[2] ?? named[4] ?? named[7] ?? '').slice(0, 3).toLowerCase()) + 1
  return dateOf(n(named[3] ?? named[6] ?? named[8]), month, n(named[1] ?? named[5] ?? '1'))
}

/** `day-first` when some value cannot be anything else. */
export function dateOrderOf(values: readonly string[]): DateOrder {
  return values.some((value) => n(SLASHED.exec(value.trim())?.[1]) > 12) ? 'day-first' : 'month-first'
}
