import { expect, it } from 'vitest'
import { dataParts, idsLast, labelOf, namesFirst, proseParts, shownValue } from './data-parts.ts'

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

it('gives sentences and lists of them to readers, and keeps the rest whole', () => {
  const huge = 'x'.repeat(5000)
  const { prose, rest } = proseParts({
    logline: 'A ship that nobody else can see.',
    criteria: ['The second scene', 'An action, not a speech'],
    notes: [],
    missing: null,
    huge,
    deep: [['a'], 'b'],
  })
  expect(prose).toEqual([
    ['logline', 'A ship that nobody else can see.'],
    ['criteria', ['The second scene', 'An action, not a speech']],
    ['notes', '–'],
    ['missing', '–'],
  ])
  expect(rest).toEqual({ huge, deep: [['a'], 'b'] })
})

it.each<[unknown, string, string]>([
  [1454, '', '1454'],
  [233200.27, '', '233,200.27'],
  [2024, 'year', '2024'],
  [123456, 'id', '123456'],
  [0.1 + 0.2, '', '0.3'],
  [0.000123, '', '0.000123'],
  [null, '', '–'],
  ['00712', '', '00712'],
  [[{ count: 2, value: 'North' }], '', 'North (2)'],
  [[1, 'a'], '', '1, a'],
  [{ sum_total: 3 }, '', 'sum total 3'],
])('shows %j in column "%s" as %s', (value, name, text) => expect(shownValue(value, name)).toBe(text))

it('reads a key as words', () => expect([labelOf('by_region'), labelOf('_')]).toEqual(['by region', '_']))

it('puts ids behind what people read', () => {
  expect(
    idsLast([
      ['venue_id', 'v1'],
      ['cost', 5],
    ]).map(([name]) => name),
  ).toEqual(['cost', 'venue_id'])
  expect(namesFirst(['id', 'venue_id', 'venue_name', 'paid'])).toEqual(['id', 'venue_name', 'paid', 'venue_id'])
})
