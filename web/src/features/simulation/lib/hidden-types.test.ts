import { describe, expect, it } from 'vitest'
import { hiddenTypes, typesShown } from './hidden-types.ts'

describe('types on show', () => {
  it('are all at the finest level, and what the level admits above it', () => {
    expect(typesShown('DETAIL', undefined)).toBeUndefined()
    expect(typesShown('DECISION', '')).toEqual(['MILESTONE', 'DECISION', 'SYSTEM'])
  })

  it('leave out what the address hides, whatever else stands there', () => {
    expect(typesShown('DETAIL', 'STATE,nonsense')).toEqual(['MILESTONE', 'DECISION', 'ACTION', 'DETAIL', 'SYSTEM'])
    expect([...hiddenTypes('STATE,,x')]).toEqual(['STATE'])
    expect(typesShown('MILESTONE', 'MILESTONE,SYSTEM')).toEqual([])
  })
})
