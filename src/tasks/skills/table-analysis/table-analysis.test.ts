import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { writeTable } from '../../tables/write-table.ts'
import { previous, request, testPorts } from '../_test-kit.ts'
import type { SkillRequest } from '../skill.ts'
import { tableAnalysis } from './table-analysis.ts'

const SALES = fs.readFileSync(new URL('../../../../examples/sales.csv', import.meta.url), 'utf8')

async function analyse(text: string, csv = SALES, more: Partial<SkillRequest> = {}) {
  const ports = testPorts({ files: { 'uploads/sales.csv': csv } })
  const output = await tableAnalysis.run(request(text, { attachments: [{ filename: 'sales.csv' }], ...more }), ports)
  return { ...output, ports, data: output.data as Record<string, any> }
}

const ORDERS = `date,city,product,units,Unit Price
2025-01-03,Lima,A,5,2.5
2025-01-09,Oslo,B,2,10
2025-04-11,Lima,B,7,9.5
2025-06-30,,C,1,
2026-01-01,Oslo,A,4,2`

describe('scenarios of the contract', () => {
  it('I7: filters, averages and saves', async () => {
    const { data, files, ports } = await analyse(
      'Read the attached CSV, filter rows where revenue > 1000, calculate average and save to new file',
    )
    expect(data).toMatchObject({ row_count: 5, filtered_count: 3, mean_revenue: 1733.3333333333333 })
    expect(data['rows'].map((row: any) => row.revenue)).toEqual([1200, 1500, 2500])
    expect(files).toEqual(['output/filtered.csv'])
    expect(ports.text('output/filtered.csv')).toBe(
      'date,region,product,revenue\n2025-01-05,North,A,1200\n2025-02-03,North,B,1500\n2025-03-01,East,C,2500\n',
    )
  })
  it('I8: totals, ranking, trend and charts', async () => {
    const { data, files, ports, result } = await analyse(
      'Analyze the attached CSV: total revenue by region, top products, monthly trends, with charts',
    )
    const revenue = data['columns'].find((column: any) => column.name === 'revenue')
    expect(revenue).toMatchObject({ sum: 6500, mean: 1300, median: 1200, stdev_sample: 771.3624310270756 })
    expect(data['by_region']).toEqual({
      East: { revenue: { sum: 2500 } },
      North: { revenue: { sum: 2700 } },
      South: { revenue: { sum: 1300 } },
    })
    expect(data['top_5_product']).toEqual([
      { product: 'C', revenue: 2500 },
      { product: 'B', revenue: 2300 },
      { product: 'A', revenue: 1700 },
    ])
    expect(data['by_month']).toEqual({
      '2025-01': { revenue: { sum: 2000 } },
      '2025-02': { revenue: { sum: 2000 } },
      '2025-03': { revenue: { sum: 2500 } },
    })
    expect(Object.keys(data['by_month'])).toEqual(['2025-01', '2025-02', '2025-03'])
    const task = 'artifacts/images/task_250101000000_0123456789ab'
    expect(files).toContain(`${task}/bar_1.svg`)
    expect(files).toContain(`${task}/line_1.png`)
    expect(ports.text(`${task}/bar_1.svg`)).toMatch(/^<svg [^>]*viewBox="0 0 960 560"/)
    const png = ports.written.get(`${task}/bar_1.png`)!
    expect(Buffer.from(png).readUInt32BE(16)).toBeGreaterThanOrEqual(800)
    expect(Buffer.from(png).readUInt32BE(20)).toBeGreaterThanOrEqual(500)
    for (const part of ['<svg', 'Summary', 'Statistics of the columns', 'Data quality', 'North'])
      expect(result).toContain(part)
  })
  it('gives the same output for the same input', async () => {
    const text = 'Analyze the attached CSV: total revenue by region, with charts'
    const [a, b] = [await analyse(text), await analyse(text)]
    expect(JSON.stringify(a.data)).toBe(JSON.stringify(b.data))
    expect(a.result).toBe(b.result)
    expect([...a.ports.written]).toEqual([...b.ports.written])
  })
})

describe('profile', () => {
  it('describes every column', async () => {
    const { data } = await analyse('Analyze the attached data', ORDERS)
    expect(data['row_count']).toBe(5)
    expect(data['column_count']).toBe(5)
    expect(data['columns']).toMatchObject([
      { name: 'date', type: 'date', missing: 0, distinct: 5, min: '2025-01-03', max: '2026-01-01' },
      {
        name: 'city',
        type: 'text',
        missing: 1,
        distinct: 2,
        top: [
          { value: 'Lima', count: 2 },
          { value: 'Oslo', count: 2 },
        ],
      },
      { name: 'product', type: 'text', distinct: 3 },
      { name: 'units', type: 'number', missing: 0, sum: 19, mean: 3.8, median: 4, min: 1, max: 7, q1: 2, q3: 5 },
      { name: 'Unit Price', type: 'number', missing: 1, sum: 24, mean: 6 },
    ])
  })
  it('keeps ids as text and says what is wrong with the data', async () => {
    const { data, result } = await analyse(
      'Analyze the attached data',
      'id,n\n00712,1\n4000123412341234567,x\n00712,3\n00712,3\n',
    )
    expect(data['columns'][0]).toMatchObject({ type: 'text', distinct: 2 })
    expect(data['columns'][1]).toMatchObject({ type: 'number', sum: 7 })
    expect(result).toContain('1 of 4 values in n are not numbers')
    expect(result).toContain('1 row repeated exactly')
  })
})

describe('filters', () => {
  it.each<[string, number]>([
    ['filter rows where units > 4', 2],
    ['filter rows where units >= 4', 3],
    ['filter rows where units < 4', 2],
    ['filter rows where units ≤ 4', 3],
    ['filter rows where units = 4', 1],
    ['filter rows where units ≠ 4', 4],
    ['filter rows where units between 2 and 5', 3],
    ['filter rows where city = Lima', 2],
    ['filter rows where city is not Lima', 3],
    ['filter rows where city contains "im"', 2],
    ['filter rows where city is empty', 1],
    ['filter rows where unit price is at least 9.5', 2],
    ['filter rows where unit_price > 2 and city = Lima', 2],
    ['filter rows where city = Oslo or units > 6', 3],
    ['filter rows where city = Oslo and units > 3 or product = C', 2],
    ['filter rows where date after 2025-04-01', 3],
    ['filter rows where date before 2025-02-01', 2],
    ['keep rows with units greater than 4, then sort by units', 2],
    ['filter rows where units > 100', 0],
  ])('%s -> %d rows', async (text, count) => expect((await analyse(text, ORDERS)).data['filtered_count']).toBe(count))
})

describe('groups, rankings, periods, correlation', () => {
  it.each<[string, Record<string, unknown>]>([
    [
      'units by city',
      {
        by_city: {
          '(missing)': { units: { sum: 1, mean: 1, count: 1 } },
          Lima: { units: { sum: 12, mean: 6, count: 2 } },
          Oslo: { units: { sum: 6, mean: 3, count: 2 } },
        },
      },
    ],
    ['count by city', { by_city: { '(missing)': { count: 1 }, Lima: { count: 2 }, Oslo: { count: 2 } } }],
    [
      'average unit price by product',
      {
        by_product: {
          A: { unit_price: { mean: 2.25 } },
          B: { unit_price: { mean: 9.75 } },
          C: { unit_price: { mean: null } },
        },
      },
    ],
    [
      'group by city and calculate max units',
      { by_city: { '(missing)': { units: { max: 1 } }, Lima: { units: { max: 7 } }, Oslo: { units: { max: 4 } } } },
    ],
    [
      'top 2 rows by units',
      {
        top_2_units: [
          { units: 7, product: 'B' },
          { units: 5, product: 'A' },
        ],
      },
    ],
    ['top 1 cities by units', { top_1_city: [{ city: 'Lima', units: 12 }] }],
    [
      'units per quarter',
      {
        by_quarter: {
          '2025-Q1': { units: { sum: 7 } },
          '2025-Q2': { units: { sum: 8 } },
          '2026-Q1': { units: { sum: 4 } },
        },
      },
    ],
    ['yearly units', { by_year: { '2025': { units: { sum: 15 } }, '2026': { units: { sum: 4 } } } }],
    ['average unit price', { mean_unit_price: 6 }],
    ['total and median units', { sum_units: 19, median_units: 4 }],
    [
      'correlation of units and unit price',
      { correlation_matrix: { units: { units: 1 }, unit_price: { unit_price: 1 } } },
    ],
  ])('%s', async (text, expected) =>
    expect((await analyse(`Analyze the attached data: ${text}`, ORDERS)).data).toMatchObject(expected),
  )
  it('gives null without spread or pairs', async () => {
    const { data } = await analyse('Analyze correlations in the attached data', 'a,b,c\n1,5,\n2,5,1\n3,5,\n')
    expect(data['correlation_matrix']).toEqual({
      a: { a: 1, b: null, c: null },
      b: { a: null, b: null, c: null },
      c: { a: null, b: null, c: null },
    })
  })
})

describe('charts', () => {
  it.each([
    'bar chart of units by city',
    'line chart of units per month',
    'histogram of units',
    'pie chart of units by city',
    'scatter plot of units vs unit price',
    'heat map',
  ])('draws a %s', async (text) => {
    const { files } = await analyse(
      `Create a ${text} of the attached data`.replace('of units by city of', 'of units by city from'),
      ORDERS,
    )
    expect(files?.some((file) => file.endsWith('_1.svg'))).toBe(true)
  })
})

describe('sources', () => {
  it('reads rows of a prerequisite, all of them from its file', async () => {
    const rows = Array.from({ length: 1500 }, (_, n) => ({ n }))
    const ports = testPorts({ files: { 'output/s/rows.json': JSON.stringify(rows) } })
    const before = previous({ rows: rows.slice(0, 1000), rows_file: 'output/s/rows.json', row_count: 1500 })
    const { data } = await tableAnalysis.run(
      request('Calculate statistics and sum of n', { previous: [before] }),
      ports,
    )
    expect(data).toMatchObject({ row_count: 1500, sum_n: 1124250 })
    expect(data['rows']).toHaveLength(1000)
    expect(ports.written.has(data['rows_file'] as string)).toBe(true)
  })
  it('reads files below DATA_PATH by relative name', async () => {
    const ports = testPorts({ data: { 'sales.csv': SALES } })
    const { data } = await tableAnalysis.run(
      request('Read CSV file from ./data/sales.csv and calculate average'),
      ports,
    )
    expect(data['mean_revenue']).toBe(1300)
  })
  it('reads what an API answered', async () => {
    const json = { hourly: { time: ['2025-01-01', '2025-01-02'], temperature: [3, 5] } }
    const { data } = await tableAnalysis.run(
      request('Analyze temperature trends', { previous: [previous({ json })] }),
      testPorts(),
    )
    expect(data['by_month']).toEqual({ '2025-01': { temperature: { sum: 8 } } })
  })
  it('reads workbooks, JSON and semicolons', async () => {
    const rows = [
      { a: 'x', n: 1.5 },
      { a: 'y', n: 2 },
    ]
    for (const [name, content] of [
      ['t.xlsx', await writeTable(rows, 'xlsx')],
      ['t.json', JSON.stringify(rows)],
      ['t.csv', '\uFEFFa;n\nx;1,5\ny;2\n'],
      ['t.tsv', 'a\tn\nx\t1.5\ny\t2'],
    ] as const) {
      const ports = testPorts({ files: { [`uploads/${name}`]: content } })
      const { data } = await tableAnalysis.run(
        request('Analyze: sum of n', { attachments: [{ filename: name }] }),
        ports,
      )
      expect(data, name).toMatchObject({ row_count: 2, sum_n: 3.5 })
    }
  })
  it('says what attached texts are like when there is no table', async () => {
    const ports = testPorts({ files: { 'uploads/notes.txt': 'one two\nthree\n' } })
    const { data } = await tableAnalysis.run(
      request('Analyze the attached data', { attachments: [{ filename: 'notes.txt' }] }),
      ports,
    )
    expect(data).toMatchObject({ lines: 2, words: 3, text: 'one two\nthree\n' })
  })
  it.each([
    ['Analyze the data please', 'INVALID_INPUT', /attach a data file or name one/],
    ['Analyze missing.csv now', 'FILE_NOT_FOUND', /missing\.csv/],
    ['Analyze ../../secret.csv now', 'PATH_NOT_ALLOWED', /relative path/],
  ])('%s -> %s', async (text, code, message) => {
    await expect(tableAnalysis.run(request(text), testPorts())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })
})
