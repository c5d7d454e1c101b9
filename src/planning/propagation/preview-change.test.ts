import { describe, expect, it } from 'vitest'
import { completeBoard } from '../gates/_test-board.ts'
import { previewChange } from './preview-change.ts'
import { reApprovals } from './re-approvals.ts'

describe('what a change moves', () => {
  it('is nothing when nothing changes', () => {
    expect(previewChange(completeBoard(), { audience_size: 20 })).toEqual([])
  })
  it('shows capacity and venues that become too small for more guests', () => {
    const changes = previewChange(completeBoard(), { audience_size: 40 })
    expect(changes).toContainEqual(
      expect.objectContaining({ artifact_type: 'VenueCriteria', field: 'min_capacity', from: 20, to: 40 }),
    )
    expect(changes.filter(({ artifact_type, to }) => artifact_type === 'VenueShortlist' && to === false)).toHaveLength(
      3,
    )
  })
  it('shows the new total and its shares for another budget', () => {
    expect(previewChange(completeBoard(), { constraints: 'Budget $800' })).toContainEqual(
      expect.objectContaining({ field: 'total_budget', from: 500, to: 800 }),
    )
  })
  it('moves milestones with the date and names sessions left outside', () => {
    const changes = previewChange(completeBoard(), {
      date_range_start: '2026-03-03T18:00:00Z',
      date_range_end: '2026-03-03T21:00:00Z',
    })
    expect(changes).toContainEqual(
      expect.objectContaining({ artifact_type: 'Timeline', from: '2026-02-20', to: '2026-02-22' }),
    )
    expect(changes).toContainEqual(expect.objectContaining({ artifact_type: 'Schedule', field: 'Talk' }))
  })
  it('takes a total as it is given, and names what people must approve again', () => {
    const board = completeBoard()
    expect(previewChange(board, {}, 900)).toContainEqual(
      expect.objectContaining({ field: 'total_budget', from: 500, to: 900 }),
    )
    const selected = board.artifacts.VenueScorecard!.selected_venue_id!
    const { capacity } = board.artifacts.VenueShortlist.find(({ id }) => id === selected)!
    expect(reApprovals(board, {}, 1499)).toEqual([])
    expect(reApprovals(board, {}, 1501)).toMatchObject([{ approval_type: 'budget_decision' }])
    expect(reApprovals(board, { audience_size: capacity })).toEqual([])
    expect(reApprovals(board, { audience_size: capacity + 1 })).toMatchObject([{ approval_type: 'venue_selection' }])
    board.artifacts.VendorContracts = [
      {
        id: 'vct-1',
        vendor_name: 'Good Food',
        status: 'approved',
        terms: { start_date: '2026-03-01', end_date: '2026-03-01', total_cost: 1, payment_terms: '' },
      },
    ] as never
    expect(reApprovals(board, { date_range_end: '2026-03-02T20:00:00Z' })).toMatchObject([
      { approval_type: 'vendor_contract', artifact_id: 'vct-1' },
    ])
  })
})
