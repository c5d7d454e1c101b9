import { byText } from '../core/json.ts'

export const ACTIVE_FILE = 'events.jsonl'

export const isEventFile = (name: string): boolean => /^events.*\.jsonl$/s.test(name)

const ROTATED = /^events_(\d{4}-\d\d-\d\d_\d\d-\d\d)(?:-(\d\d)(?:-(\d{6}))?)?(?:-(\d{1,5}))?\.jsonl$/

/** Text that sorts rotated files by the moment in their name; undefined for names of another form. */
function rotationMoment(name: string): { moment: string; collision: number } | undefined {
  const match = ROTATED.exec(name)
  if (!match) return undefined
  const [, minute, second = '00', micros = '000000', collision = '0'] = match
  return { moment: `${minute}-${second}-${micros}`, collision: Number(collision) }
}

/**
 * Event files in the order of the stream: rotated ones by the moment in their name (minute, second or microsecond), then
 * collision suffix; names of any other form by their first valid event; the active file last.
 */
export function sequenceFiles(names: readonly string[], firstMicros: (name: string) => number): string[] {
  const keyed = names.filter(isEventFile).map((name) => {
    if (name === ACTIVE_FILE) return { name, rank: 2, moment: '', collision: 0, first: 0 }
    const rotated = rotationMoment(name)
    return rotated
      ? { name, rank: 0, ...rotated, first: 0 }
      : { name, rank: 1, moment: '', collision: 0, first: firstMicros(name) }
  })
  keyed.sort(
    (a, b) =>
      a.rank - b.rank ||
      byText(a.moment, b.moment) ||
      a.collision - b.collision ||
      (a.first === b.first ? 0 : a.first < b.first ? -1 : 1) ||
      byText(a.name, b.name),
  )
  return keyed.map(({ name }) => name)
}
