import type { SimEvent } from '../loop/events/event.ts'

export type EventTurn = { turn: number; events: SimEvent[] }

/** Stored lines gathered turn by turn: turn numbers never decrease in a stream. */
export async function* eventTurns(lines: AsyncIterable<string>): AsyncGenerator<EventTurn> {
  let current: EventTurn | undefined
  for await (const line of lines) {
    const event = JSON.parse(line) as SimEvent
    if (current && event.turn_number === current.turn) {
      current.events.push(event)
      continue
    }
    if (current) yield current
    current = { turn: event.turn_number, events: [event] }
  }
  if (current) yield current
}
