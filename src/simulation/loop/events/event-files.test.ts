import { describe, expect, it } from 'vitest'
import { isEventFile, sequenceFiles } from './event-files.ts'

describe('event files', () => {
  it('come in the order of the stream: rotated by moment and suffix, others by first event, the active one last', () => {
    const names = [
      'events.jsonl',
      'events_2025-01-01_10-00-00-000002.jsonl',
      'events_2025-01-01_10-00-00-000001-1.jsonl',
      'events_2025-01-01_10-00-00-000001.jsonl',
      'events_2025-01-01_10-00-00-000001-10.jsonl',
      'events_2025-01-01_10-00-00-000001-2.jsonl',
      'events_2025-01-01_09-59.jsonl',
      'events_2025-01-01_10-00-00.jsonl',
      'events-old.jsonl',
      'events_archive.jsonl',
      'notes.jsonl',
    ]
    expect(sequenceFiles(names, (name) => (name === 'events-old.jsonl' ? 2 : 1))).toEqual([
      'events_2025-01-01_09-59.jsonl',
      'events_2025-01-01_10-00-00.jsonl',
      'events_2025-01-01_10-00-00-000001.jsonl',
      'events_2025-01-01_10-00-00-000001-1.jsonl',
      'events_2025-01-01_10-00-00-000001-2.jsonl',
      'events_2025-01-01_10-00-00-000001-10.jsonl',
      'events_2025-01-01_10-00-00-000002.jsonl',
      'events_archive.jsonl',
      'events-old.jsonl',
      'events.jsonl',
    ])
  })

  it('are known by their name', () => {
    expect(
      ['events.jsonl', 'events_x.jsonl', 'myevents.jsonl', 'events.json', 'events.jsonl.bak'].map(isEventFile),
    ).toEqual([true, true, false, false, false])
  })
})
