import { eventDays, isoAt } from './calendar-days.ts'
import { type Draft, isAtLeast, type TurnInput } from './turn.ts'

const MINUTE = 60_000

/** People and equipment of all days, each assigned for the same share of its hours, so that nobody carries more than another. */
export function roster(input: TurnInput, tracks: readonly string[]): Draft {
  const { brief } = input.board
  const days = eventDays(brief)
  const availability = days.map(({ start, end }) => ({ start: isoAt(start), end: isoAt(end) }))
  const assignments = days.map(({ start, end }) => ({
    start: isoAt(start),
    end: isoAt(start + Math.floor(((end - start) * 0.75) / MINUTE) * MINUTE),
  }))
  const resource = (type: 'Person' | 'Equipment', name: string, quantity = 1) => ({
    type,
    name,
    quantity,
    availability,
    assignments: quantity === 1 ? assignments : assignments.map((one) => ({ ...one, units: quantity })),
  })
  const audience = brief.audience_size
  const rows = [
    ...tracks.map((track) => resource('Equipment', `AV set ${track}`)),
    resource('Equipment', 'Tables', Math.ceil(audience / 8)),
    resource('Equipment', 'Chairs', Math.ceil(audience * 1.05)),
    resource('Person', 'Host'),
    ...(isAtLeast(input.level, 'Intermediate')
      ? [resource('Person', 'Stage manager'), resource('Person', 'Registration team', Math.ceil(audience / 50))]
      : []),
    ...(input.level === 'Advanced'
      ? [
          resource('Person', 'Streaming operator'),
          resource('Equipment', 'Streaming encoder', 2),
          resource('Person', 'Transfer coordinator'),
        ]
      : []),
  ]
  return {
    type: 'ResourceRoster',
    body: { resources: rows.map((row, index) => ({ id: `res-${String(index + 1).padStart(3, '0')}`, ...row })) },
  }
}
