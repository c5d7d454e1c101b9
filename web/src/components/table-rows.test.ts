import { describe, expect, it } from 'vitest'
import { type Column, nextSort, tableRows } from './table-rows.ts'

type Row = { name: string; n?: number }
const columns: Column<Row>[] = [
  { id: 'name', header: 'Name', width: 100, cell: (r) => r.name, sort: (r) => r.name, text: (r) => r.name },
  { id: 'n', header: 'N', width: 60, cell: (r) => r.n, sort: (r) => r.n },
]
const rows: Row[] = [{ name: 'step 10', n: 2 }, { name: 'step 9' }, { name: 'Plan', n: 7 }]
const names = (list: Row[]) => list.map((r) => r.name)

describe('the rows of a table', () => {
  it('sorts text with numbers in it as a person would', () => {
    expect(names(tableRows(rows, columns, { sort: { id: 'name', desc: false } }))).toEqual([
      'Plan',
      'step 9',
      'step 10',
    ])
  })
  it('keeps empty values last in both directions', () => {
    expect(names(tableRows(rows, columns, { sort: { id: 'n', desc: true } }))).toEqual(['Plan', 'step 10', 'step 9'])
    expect(names(tableRows(rows, columns, { sort: { id: 'n', desc: false } }))).toEqual(['step 10', 'Plan', 'step 9'])
  })
  it('keeps rows that contain every word', () => {
    expect(names(tableRows(rows, columns, { q: 'STEP 9' }))).toEqual(['step 9'])
  })
  it('goes through ascending, descending and unsorted', () => {
    const once = nextSort({}, 'n')
    const twice = nextSort(once, 'n')
    expect([once.sort, twice.sort, nextSort(twice, 'n').sort]).toEqual([
      { id: 'n', desc: false },
      { id: 'n', desc: true },
      undefined,
    ])
  })
  it('sorts 100,000 rows without losing one', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => ({ name: `row ${(i * 7919) % 100_000}`, n: i }))
    const sorted = tableRows(many, columns, { sort: { id: 'name', desc: false } })
    expect(sorted).toHaveLength(100_000)
    expect(sorted[99_999]!.name).toBe('row 99999')
  })
})
