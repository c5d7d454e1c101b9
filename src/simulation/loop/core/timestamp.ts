// Times are whole microseconds since 1970 UTC: exact in a double until the year 2255.

let cachedSecond = -1
let cachedPrefix = ''

const SIX_ZEROS = '000000'

/** `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`, always six digits. */
export function formatMicros(micros: number): string {
  const second = Math.floor(micros / 1_000_000)
  if (second !== cachedSecond) {
    cachedSecond = second
    cachedPrefix = new Date(second * 1000).toISOString().slice(0, 20)
  }
  const fraction = String(micros - second * 1_000_000)
  return cachedPrefix + SIX_ZEROS.slice(fraction.length) + fraction + '+00:00'
}

/** `YYYY-MM-DD_HH-MM-SS-ffffff` for names of rotated files. */
export const fileStamp = (micros: number): string =>
  formatMicros(micros).slice(0, 26).replace('T', '_').replaceAll(':', '-').replace('.', '-')

const ISO = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|z|[+-]\d\d(?::?\d\d)?)?$/
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

let cachedDay = ''
let cachedDayMicros = 0

/** Two digits at a place of the text; NaN when they are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Reads the written form without a regular expression; NaN when it is not exactly that form, or another day than last time. */
function parseWritten(text: string): number {
  if (text.length !== 32 || !text.startsWith(cachedDay) || cachedDay === '' || !text.endsWith('+00:00'))
    return Number.NaN
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58 || text.charCodeAt(19) !== 46) return Number.NaN
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN
  const fraction = twoDigits(text, 20) * 10_000 + twoDigits(text, 22) * 100 + twoDigits(text, 24)
  return cachedDayMicros + (hour * 3600 + minute * 60 + second) * 1_000_000 + fraction
}

/**
 * ISO 8601 date-time -> microseconds, or NaN. Digits finer than a microsecond are cut off. Without an offset the text is
 * refused, unless `offsetOptional`, which reads it as UTC.
 */
export function parseMicros(text: unknown, offsetOptional = false): number {
  if (typeof text !== 'string') return Number.NaN
  const quick = parseWritten(text)
  if (!Number.isNaN(quick)) return quick
  const match = ISO.exec(text)
  if (!match) return Number.NaN
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12 || day < 1 || day > DAYS_IN_MONTH[month - 1]!) return Number.NaN
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month - 1, day)
  if (midnight.getUTCDate() !== day) return Number.NaN
  const dayMicros = midnight.getTime() * 1000
  const offset = match[8]
  if (offset === undefined && !offsetOptional) return Number.NaN
  const fraction = Number(`${match[7] ?? ''}000000`.slice(0, 6))
  const local = dayMicros + (hour * 3600 + minute * 60 + second) * 1_000_000 + fraction
  if (text.length === 32) {
    cachedDay = `${text.slice(0, 10)}T`
    cachedDayMicros = dayMicros
  }
  return local - offsetMinutes(offset) * 60_000_000
}

function offsetMinutes(offset: string | undefined): number {
  if (offset === undefined || offset === 'Z' || offset === 'z') return 0
  const digits = offset.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5) || 0)
  return offset.startsWith('-') ? -minutes : minutes
}
