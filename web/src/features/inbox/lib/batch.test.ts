import { describe, expect, it } from 'vitest'
import { commonOptions, fitsTime } from './batch.ts'

const plain = { kind: 'approve' as const, options: [] }
const worded = {
  kind: 'approve' as const,
  options: [
    { id: 'approve', label: 'Approve call' },
    { id: 'later', label: 'Later' },
  ],
}

describe('a batch', () => {
  it('offers only the answers that all of its questions take', () => {
    expect(commonOptions([plain, plain]).map(({ id }) => id)).toEqual(['approve', 'deny'])
    expect(commonOptions([worded, plain])).toEqual([{ id: 'approve', label: 'Approve call', yes: true }])
    expect(commonOptions([plain, { kind: 'answer', options: [] }])).toEqual([])
    expect(commonOptions([])).toEqual([])
  })
})

describe('the filter by time', () => {
  const now = Date.parse('2026-01-02T00:00:00Z')
  const at = (deadline: string | null, escalated_at: string | null = null) => ({ deadline, escalated_at })
  it('finds what is overdue, due within a day, escalated', () => {
    expect(fitsTime(at('2026-01-01T00:00:00Z'), 'overdue', now)).toBe(true)
    expect(fitsTime(at('2026-01-02T10:00:00Z'), 'overdue', now)).toBe(false)
    expect(fitsTime(at('2026-01-02T10:00:00Z'), 'today', now)).toBe(true)
    expect(fitsTime(at(null), 'today', now)).toBe(false)
    expect(fitsTime(at(null, '2026-01-01T00:00:00Z'), 'escalated', now)).toBe(true)
    expect(fitsTime(at(null), undefined, now)).toBe(true)
  })
})
