import { describe, expect, it } from 'vitest'
import { resultParts, sortDownloads } from './result-parts.ts'

const ROWS = [{ region: 'North', revenue: 1200 }]
const PROFILE = [{ top: [], name: 'revenue', type: 'number', missing: 0, distinct: 5, q1: 1, sum: 10 }]

describe('resultParts', () => {
  it('puts what was found before the rows it was found in, and leaves out what is for programs', () => {
    const parts = resultParts({
      rows: ROWS,
      charts: ['a.svg'],
      columns: PROFILE,
      by_region: { North: { revenue: { sum: 2700 } } },
      row_count: 5,
      rows_file: 'output/rows.json',
    })
    expect(Object.keys(parts.findings)).toEqual(['by_region', 'row_count'])
    expect(Object.keys(parts.passed)).toEqual(['rows', 'columns'])
    expect(Object.keys((parts.passed['columns'] as object[])[0]!)).toEqual([
      'name',
      'type',
      'missing',
      'distinct',
      'sum',
      'top',
    ])
  })

  it('shows rows as the result when they are the result', () => {
    expect(resultParts({ rows: ROWS, columns: ['region'], row_count: 1 })).toEqual({
      findings: { rows: ROWS, row_count: 1 },
      passed: {},
    })
    expect(resultParts({ combined: { a: 1 } })).toEqual({ findings: { combined: { a: 1 } }, passed: {} })
    expect(Object.keys(resultParts({ rows: ROWS, columns: PROFILE, row_count: 1 }).passed)).toEqual(['rows'])
  })

  it('shows the tables of a page under their captions, and the rest of the page behind them', () => {
    const tables = [{ caption: 'Prices today', columns: ['Fish'], rows: [{ Fish: 'Pike' }] }]
    const parts = resultParts({ tables, rows: tables[0]!.rows, headings: [{ level: 1, text: 'Fish' }], title: 'Shop' })
    expect(parts.findings).toEqual({ title: 'Shop', 'Prices today': [{ Fish: 'Pike' }] })
    expect(Object.keys(parts.passed)).toEqual(['headings', 'rows'])
  })
})

it('lists reports first, then files, then charts, and what the steps keep for each other apart', () => {
  const file = (path: string) => ({ path, size: 1, mime_type: '', subtask_id: null })
  const all = [
    'subtask_1/result.json',
    'artifacts/images/t/bar_1.svg',
    'filtered.csv',
    'artifacts/reports/t/report_1.html',
  ]
  const { wanted, internal } = sortDownloads(all.map(file))
  expect(wanted.map(({ path }) => path)).toEqual([all[3], all[2], all[1]])
  expect(internal.map(({ path }) => path)).toEqual([all[0]])
})
