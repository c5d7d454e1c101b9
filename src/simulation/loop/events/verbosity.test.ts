import { describe, expect, it } from 'vitest'
import { EVENT_TYPES, VERBOSITY_LEVELS } from './event.ts'
import { admits, parseVerbosity } from './verbosity.ts'

describe('verbosity', () => {
  it('nests: each level adds one type, the last also SYSTEM', () => {
    const admitted = VERBOSITY_LEVELS.map((level) => EVENT_TYPES.filter((type) => admits(level, type)))
    expect(admitted).toEqual([
      ['MILESTONE'],
      ['MILESTONE', 'DECISION'],
      ['MILESTONE', 'DECISION', 'ACTION'],
      ['MILESTONE', 'DECISION', 'ACTION', 'STATE'],
      ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL', 'SYSTEM'],
    ])
  })

  it('lets SYSTEM through at every level when asked', () => {
    expect(VERBOSITY_LEVELS.every((level) => admits(level, 'SYSTEM', 'always'))).toBe(true)
  })

  it('reads any case and nothing else', () => {
    expect(parseVerbosity('state')).toBe('STATE')
    expect(parseVerbosity('all')).toBeUndefined()
  })
})
