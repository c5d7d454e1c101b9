import { describe, expect, it } from 'vitest'
import { isFinal, stateLook } from './states.ts'

describe('how a status looks', () => {
  it("gives every domain's words one of the seven tones", () => {
    expect(stateLook('in_progress')).toEqual({ tone: 'running', word: 'In progress' })
    expect(stateLook('COMPLETED').tone).toBe('done')
    expect(stateLook('pending-approval').tone).toBe('waiting')
    expect(stateLook('no_capable_agent').tone).toBe('blocked')
  })
  it('shows an unknown word as it is, quietly', () => {
    expect(stateLook('percolating')).toEqual({ tone: 'paused', word: 'Percolating' })
  })
  it('knows which states end by themselves', () => {
    expect(['completed', 'failed', 'cancelled', 'aborted'].every(isFinal)).toBe(true)
    expect(isFinal('in_progress')).toBe(false)
  })
})
