import { expect, it } from 'vitest'
import { printData } from './print-data.ts'

it('shows values by name, lists, groups and tables, and leaves out where files lie', () => {
  const text = printData({
    rows: [{ a: 1 }],
    rows_file: 'output/rows.json',
    factorial_5: 120,
    mode: [4, 5],
    by_region: { North: { revenue: { sum: 2700 } }, East: { revenue: { sum: 2500 } } },
    combined: { sum: 55 },
    note: null,
  })
  expect(text).toBe(
    [
      'factorial_5: 120',
      'note: –',
      'mode: 4, 5',
      'by region',
      '  region  revenue sum',
      '  North   2700',
      '  East    2500',
      'combined',
      '  sum: 55',
      'rows',
      '  a',
      '  1',
    ].join('\n'),
  )
})

it('cuts long tables, wide tables, long lists and long texts, and says how much is left', () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ n: i }))
  expect(printData({ rows })).toMatch(/ {2}23\n {2}… 16 more rows$/)
  expect(printData({ rows, found: [{ b: 1 }] })).toMatch(/ {2}4\n {2}… 35 more rows$/)
  const wide = [Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`c${i}`, i]))]
  expect(printData({ wide })).toContain('… 2 more columns')
  expect(printData({ primes: Array.from({ length: 30 }, (_, i) => i) })).toMatch(/24 … 5 more$/)
  expect(printData({ text: 'x'.repeat(5_000) }).length).toBeLessThan(2_100)
})

it('shows of a profile what is read at a glance', () => {
  const columns = [
    { top: [], name: 'revenue', type: 'number', missing: 0, distinct: 5, q1: 1, q3: 2, min: 1, max: 9, sum: 10 },
  ]
  expect(printData({ columns })).toBe(
    'columns\n  name     type    missing  min  max  sum\n  revenue  number  0        1    9    10',
  )
})
