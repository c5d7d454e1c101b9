import { readXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { completeBoard } from '../gates/_test-board.ts'
import { exportBudgetXlsx } from './export-budget.ts'
import { exportRunOfShow } from './export-run-of-show.ts'

describe('plan files', () => {
  it('write totals of the budget as live formulas', async () => {
    const bytes = await exportBudgetXlsx(completeBoard())
    const book = await readXlsx(bytes)
    const lines = book.sheets.find(({ name }) => name === 'Lines')!
    expect(lines.cells?.get('1,4')?.formula).toBe('C2*D2')
    expect(lines.cells?.get('2,4')?.formula).toBe('SUM(E2:E2)')
    expect(lines.rows[1]).toEqual(['Venue', 'Room', 1, 500, 500, null, 'no'])
    expect(Buffer.from(await exportBudgetXlsx(completeBoard())).equals(Buffer.from(bytes))).toBe(true)
  })
  it('print the run of show as a PDF', async () => {
    const pdf = await exportRunOfShow(completeBoard())
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.length).toBeGreaterThan(1000)
  })
})
