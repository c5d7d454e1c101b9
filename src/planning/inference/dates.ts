const MONTHS = 'january february march april may june july august september october november december'.split(' ')
const MONTH = `(${MONTHS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')})\\.?`
const DAY = String.raw`(\d{1,2})(?:st|nd|rd|th)?`
const TO = String.raw`\s*(?:-|–|—|&|\+|to|and|until|till|through)\s*`
const YEAR = String.raw`(?:,?\s+(\d{4})(?!\d))?`
const ISO = String.raw`(\d{4})-(\d{2})-(\d{2})`

export type Days = { start: number; end: number }
type Day = { month: number; day: number; year: number | undefined }

const day = (number: string | undefined, month: string | undefined, year: string | undefined): Day => ({
  day: Number(number),
  month: MONTHS.findIndex((one) => one.startsWith(month!.slice(0, 3).toLowerCase())),
  year: year ? Number(year) : undefined,
})
const isoDay = ([, year, month, date]: (string | undefined)[]): Day => ({
  year: Number(year),
  month: Number(month) - 1,
  day: Number(date),
})

/** Ways to write first and last day, most telling first; a single day stands for both. */
const FORMS: readonly [pattern: RegExp, read: (match: (string | undefined)[]) => [Day, Day]][] = [
  [new RegExp(`\\b${ISO}${TO}${ISO}\\b`, 'i'), (m) => [isoDay(m), isoDay(m.slice(3))]],
  [new RegExp(`\\b${ISO}\\b`), (m) => [isoDay(m), isoDay(m)]],
  [
    new RegExp(`\\b${DAY}\\s+(?:of\\s+)?${MONTH}${YEAR}${TO}${DAY}\\s+(?:of\\s+)?${MONTH}\\b${YEAR}`, 'i'),
    (m) => [day(m[1], m[2], m[3] ?? m[6]), day(m[4], m[5], m[6] ?? m[3])],
  ],
  [
    new RegExp(`\\b${MONTH}\\s+${DAY}${YEAR}${TO}${MONTH}\\s+${DAY}\\b${YEAR}`, 'i'),
    (m) => [day(m[2], m[1], m[3] ?? m[6]), day(m[5], m[4], m[6] ?? m[3])],
  ],
  [
    new RegExp(`\\b${DAY}${TO}${DAY}\\s+(?:of\\s+)?${MONTH}(?!\\p{L})${YEAR}`, 'iu'),
    (m) => [day(m[1], m[3], m[4]), day(m[2], m[3], m[4])],
  ],
  [
    new RegExp(`\\b${MONTH}\\s+${DAY}${TO}${DAY}(?![\\d:])(?!\\s*(?:am|pm)\\b)${YEAR}`, 'i'),
    (m) => [day(m[2], m[1], m[4]), day(m[3], m[1], m[4])],
  ],
  [
    new RegExp(`\\b${DAY}\\s+(?:of\\s+)?${MONTH}(?!\\p{L})${YEAR}`, 'iu'),
    (m) => [day(m[1], m[2], m[3]), day(m[1], m[2], m[3])],
  ],
  [new RegExp(`\\b${MONTH}\\s+${DAY}\\b${YEAR}`, 'i'), (m) => [day(m[2], m[1], m[3]), day(m[2], m[1], m[3])]],
]

/**
 * First and last day named in a text, e.g. `14 and 15 November` or `30 Nov – 2 Dec 2026`; the next such days when the year is missing.
 * Midnights UTC, or null.
 */
export function daysIn(text: string, now: Date): Days | null {
  for (const [pattern, read] of FORMS) {
    const match = pattern.exec(text)
    if (!match) continue
    const [first, last] = read(match)
    let year = first.year ?? now.getUTCFullYear()
    let start = Date.UTC(year, first.month, first.day)
    if (!first.year && start < now.getTime()) {
      year += 1
      start = Date.UTC(year, first.month, first.day)
    }
    let end = Date.UTC(last.year ?? year, last.month, last.day)
    if (end < start && last.month < first.month) {
      if (last.year) start = Date.UTC(last.year - 1, first.month, first.day)
      else end = Date.UTC(year + 1, last.month, last.day)
    }
    if (end >= start) return { start, end }
  }
  return null
}
