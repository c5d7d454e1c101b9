import { describe, expect, it } from 'vitest'
import type { SimEvent } from './event.ts'
import { FilterError, matches, parseFilter } from './event-filter.ts'

const event: SimEvent = {
  event_id: '01K71NZ5080V8M3N4P5Q6R7S8T',
  timestamp: '2025-10-08T10:30:45.500000+00:00',
  turn_number: 4,
  event_type: 'ACTION',
  simulation_id: 'demo',
  agent_id: 'ada',
  description: 'Ada traded 40 with Bo',
  details: { action_type: 'trade', action_payload: {}, participating_agent_ids: ['ada', 'bo'] },
}

describe('the event filter', () => {
  it.each<[string, Record<string, string | string[]>, boolean]>([
    ['nothing', {}, true],
    ['its type', { event_types: ['STATE', 'ACTION'] }, true],
    ['types in one value', { event_types: 'STATE,ACTION' }, true],
    ['another type', { event_types: 'STATE' }, false],
    ['an empty list', { event_types: '' }, true],
    ['its actor', { agent_ids: 'ada' }, true],
    ['a participant', { agent_ids: 'bo' }, true],
    ['a participant as actor', { agent_ids: 'bo', agent_match: 'actor' }, false],
    ['its actor as actor', { agent_ids: ['cy', 'ada'], agent_match: 'actor' }, true],
    ['someone else', { agent_ids: 'cy' }, false],
    ['its turn', { turn_start: '4', turn_end: '4' }, true],
    ['earlier turns', { turn_end: '3' }, false],
    ['later turns', { turn_start: '5' }, false],
    ['its very time', { start_timestamp: '2025-10-08T10:30:45.5Z', end_timestamp: '2025-10-08T10:30:45.5Z' }, true],
    ['a microsecond later', { start_timestamp: '2025-10-08T10:30:45.500001Z' }, false],
    ['a microsecond earlier', { end_timestamp: '2025-10-08T10:30:45.499999Z' }, false],
    ['a time without offset', { start_timestamp: '2025-10-08T10:30:45' }, true],
    ['a plus that became a space', { start_timestamp: '2025-10-08T12:30:45 02:00' }, true],
    ['part of the description', { text: 'TRADED 40' }, true],
    ['other text', { text: 'gift' }, false],
    ['all criteria at once', { event_types: 'ACTION', agent_ids: 'bo', turn_start: '1', text: 'bo' }, true],
  ])('decides on %s', (_name, query, expected) => {
    expect(matches(parseFilter(query), event)).toBe(expected)
  })

  it('keeps a name with a comma whole beside its parts', () => {
    expect(parseFilter({ agent_ids: 'a,b' }).agentIds).toEqual(['a', 'b', 'a,b'])
  })

  it.each<[string, Record<string, string>]>([
    ['event_types', { event_types: 'FOO' }],
    ['turn_start', { turn_start: '-1' }],
    ['turn_start', { turn_start: '1.5' }],
    ['turn_end', { turn_start: '5', turn_end: '4' }],
    ['start_timestamp', { start_timestamp: 'monday' }],
    ['end_timestamp', { start_timestamp: '2025-10-08T10:30:45Z', end_timestamp: '2025-10-08T10:30:44Z' }],
    ['agent_match', { agent_match: 'both' }],
  ])('refuses %s', (parameter, query) => {
    try {
      parseFilter(query)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(FilterError)
      expect((error as FilterError).parameter).toBe(parameter)
    }
  })
})
