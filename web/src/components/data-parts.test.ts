import { expect, it } from 'vitest'
import { dataParts } from './data-parts.ts'

it('shows each field by its shape and loses none', () => {
  const parts = dataParts({
    sum_revenue: 6500,
    mode: [4],
    rows: [{ region: 'North', revenue: 1200 }, { region: 'South' }],
    by_region: { North: { revenue: { sum: 2700 } }, South: { revenue: { sum: 1300 } } },
    by_month: { '2025-01': 2000 },
    text: 'x'.repeat(100),
    empty: [],
  })
  expect(parts.facts).toEqual([
    ['sum_revenue', 6500],
    ['mode', '4'],
  ])
  expect(parts.tables[0]?.[1].columns).toEqual(['region', 'revenue'])
  expect(parts.groups.map(([name, table]) => [name, table.rows[0]])).toEqual([
    ['by_region', { region: 'North', 'revenue sum': 2700 }],
    ['by_month', { month: '2025-01', value: 2000 }],
  ])
  expect(Object.keys(parts.rest)).toEqual(['text', 'empty'])
})
