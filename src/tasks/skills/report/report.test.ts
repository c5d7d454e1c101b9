import { describe, expect, it } from 'vitest'
import { previous, request, testPorts } from '../_test-kit.ts'
import type { SkillRequest } from '../skill.ts'
import { combineData } from './combine.ts'
import { reporting } from './report.ts'
import { validateRows } from './validate-rows.ts'

async function run(text: string, more: Partial<SkillRequest> = {}, files: Record<string, string> = {}) {
  const ports = testPorts({ files })
  const output = await reporting.run(request(text, more), ports)
  return { ...output, ports, data: output.data as Record<string, any> }
}

describe('combination', () => {
  it('I4: holds what all prerequisites found', async () => {
    const { data } = await run('combine results', {
      previous: [previous({ sum_1_10: 55 }), previous({ product_1_5: 120 })],
    })
    expect(data['combined']).toEqual({ sum_1_10: 55, product_1_5: 120 })
  })
  it('joins lists, merges objects and keeps every different value', () => {
    const { combined, conflicts } = combineData([
      previous({ rows: [1], by: { a: { x: 1 } }, n: 1, same: 'y', rows_file: 'f' }),
      previous({ rows: [2], by: { a: { z: 2 }, b: {} }, n: 2, same: 'y' }),
      previous({ n: 3 }),
    ])
    expect(combined).toEqual({ rows: [1, 2], by: { a: { x: 1, z: 2 }, b: {} }, n: 3, same: 'y' })
    expect(conflicts).toEqual({ n: [1, 2, 3] })
  })
  it('does not nest what was combined before', () => {
    const before = previous({ combined: { a: 1 }, report_file: 'x.html' })
    expect(combineData([before, previous({ b: 2 })]).combined).toEqual({ a: 1, b: 2 })
  })
})

describe('report', () => {
  it('writes Markdown and HTML with a section per prerequisite, tables, charts and files', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 560" aria-label="Revenue by region"><rect width="1" height="1"/></svg>'
    const chart = 'artifacts/images/task_250101000000_0123456789ab/bar_1.svg'
    const outputs = [
      previous(
        { by_region: { North: { revenue: { sum: 2700 } } }, charts: [chart] },
        { summary: 'Analysed 5 rows. North leads.', files: [chart, 'output/filtered.csv'] },
      ),
      previous({ prices: [{ label: 'Pen', price: 1.5 }], total: 3 }, { summary: 'Found <prices>' }),
    ]
    const { data, ports, result, files } = await run('Create a summary report', { previous: outputs }, { [chart]: svg })
    expect(data['report_file']).toBe('artifacts/reports/task_250101000000_0123456789ab/report_1.html')
    expect(files).toEqual([data['report_file'], data['report_markdown']])
    const markdown = ports.text(data['report_markdown'])
    for (const part of [
      '# Report',
      '## Summary',
      '- Analysed 5 rows. North leads.',
      '## 1. Analysed 5 rows',
      '| North | 2,700 |',
      '## Files',
      '- output/filtered.csv',
      '![Revenue by region]',
    ])
      expect(markdown).toContain(part)
    const html = ports.text(data['report_file'])
    for (const part of [
      '<!DOCTYPE html>',
      '<title>Report</title>',
      'viewBox="0 0 960 560"',
      'Found &lt;prices&gt;',
      '<td>Pen</td>',
    ])
      expect(html).toContain(part)
    expect(result).toContain('<h1>Report</h1>')
  })
  it('draws the figures when no step drew a chart', async () => {
    const { ports, result } = await run('combine results', { previous: [previous({ a: 1 }), previous({ b: 2 })] })
    expect(ports.written.has('artifacts/images/task_250101000000_0123456789ab/bar_1.png')).toBe(true)
    expect(result).toContain('<svg')
  })
  it('analyses an attached table first when no step did', async () => {
    const { data } = await run(
      'Create a report on the attached CSV',
      { attachments: [{ filename: 'a.csv' }] },
      { 'uploads/a.csv': 'x,y\na,1\nb,2\n' },
    )
    expect(data['combined']).toMatchObject({ row_count: 2 })
  })
  it('needs something to report on', async () => {
    await expect(run('Create a summary report')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(reporting.confidence(request('Write a sonnet about the sea'))).toBe(0)
    expect(reporting.confidence(request('Write a report about climate change'))).toBeLessThan(0.8)
  })
})

describe('validation', () => {
  it('names every problem and hands all records on unchanged', async () => {
    const rows = [
      { name: 'Ann', age: 30, email: 'ann@x.test', url: 'https://x.test/a' },
      { name: '', age: '31', email: 'nope', url: 'x.test' },
      { name: 'Cid', age: 32, email: 'cid@x.test', url: null },
      { name: 'Dan', age: 33, email: 'dan@x.test' },
    ]
    const { data, summary } = await run('Validate the extracted data', { previous: [previous({ rows })] })
    expect(data).toMatchObject({ valid_count: 1, invalid_count: 3, rows })
    expect(data['problems']).toEqual([
      { row: 2, field: 'name', problem: 'missing' },
      { row: 2, field: 'age', problem: 'wrong_type' },
      { row: 2, field: 'email', problem: 'malformed' },
      { row: 2, field: 'url', problem: 'malformed' },
      { row: 3, field: 'url', problem: 'missing' },
      { row: 4, field: 'url', problem: 'missing' },
    ])
    expect(summary).toBe('Checked 4 records: 1 valid, 3 invalid')
  })
  it.each<[object[], number]>([
    [[], 0],
    [[{ a: null }, { a: null }], 0],
    [[{ a: 1 }, { a: 2 }], 0],
    [[{ a: 1 }, {}], 1],
    [[{ mail: 'a@b.co' }, { mail: 'c@d.co' }, { mail: 'x' }], 1],
    [[{ e_mail: 'a@b' }], 1],
    [[{ website: 'http://x.test' }, { website: 'ftp ://x' }], 1],
    [[{ a: true }, { a: 'yes' }, { a: false }], 1],
  ])('%j has %d invalid', (rows, count) => expect(validateRows(rows as never).invalidCount).toBe(count))
  it('validates what an API extracted', async () => {
    const { data } = await run('Validate the extracted data', {
      previous: [previous({ extracted: ['a@x.test', 'b'], rows: [{ email: 'a@x.test' }, { email: 'b' }] })],
    })
    expect(data).toMatchObject({ valid_count: 1, invalid_count: 1, rows: [{ email: 'a@x.test' }, { email: 'b' }] })
  })
})
