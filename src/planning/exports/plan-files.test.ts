import { XMLParser } from 'fast-xml-parser'
import { readXlsx } from 'hucre/xlsx'
import { extractText, getDocumentProxy } from 'unpdf'
import { describe, expect, it } from 'vitest'
import { readZip } from '../../kernel/tools/read-zip.ts'
import { completeBoard } from '../gates/_test-board.ts'
import { exportBudgetXlsx } from './export-budget.ts'
import { exportRunOfShow } from './export-run-of-show.ts'

const board = () => {
  const made = completeBoard()
  made.artifacts.CostModel!.category_variances = [
    { category: 'Venue', allocated: 450, cost: 500, variance_amount: 50, variance_percent: 11.1111 },
  ]
  return made
}

describe('plan files', () => {
  it('write totals of the budget as live formulas', async () => {
    const bytes = await exportBudgetXlsx(board())
    const book = await readXlsx(bytes)
    const lines = book.sheets.find(({ name }) => name === 'Lines')!
    expect(lines.cells?.get('1,4')?.formula).toBe('C2*D2')
    expect(lines.cells?.get('2,4')?.formula).toBe('SUM(E2:E2)')
    expect(lines.rows[1]).toEqual(['Venue', 'Room', 1, 500, 500, null, 'no'])
    // another reader: the formulas stand in the sheet itself, with their values beside
    const entries = await Promise.all(
      readZip(bytes).map(async (entry) => [entry.name, (await entry.read()).toString('utf8')] as const),
    )
    const sheets = entries
      .filter(([name]) => /worksheets\/sheet\d\.xml$/.test(name))
      .map(([, xml]) => new XMLParser().parse(xml))
    expect(sheets).toHaveLength(2)
    const cells = sheets.flatMap(({ worksheet }) =>
      [worksheet.sheetData.row].flat().flatMap(({ c }: any) => [c].flat()),
    )
    const formulas = cells.filter((cell: any) => cell?.f)
    expect(formulas).toContainEqual(expect.objectContaining({ f: 'C2*D2', v: 500 }))
    expect(formulas).toContainEqual(expect.objectContaining({ f: 'SUM(E2:E2)', v: 500 }))
    expect(formulas.some(({ f }: any) => String(f).startsWith('SUMIF(Lines!'))).toBe(true)
    expect(Buffer.from(await exportBudgetXlsx(board())).equals(Buffer.from(bytes))).toBe(true)
  })
  it('print the run of show as a PDF', async () => {
    const pdf = await exportRunOfShow(completeBoard())
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.length).toBeGreaterThan(1000)
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true })
    const { brief, artifacts } = completeBoard()
    for (const words of [
      brief.title,
      artifacts.Schedule!.sessions[0]!.title,
      artifacts.ContingencyPlan!.scenarios[0]!.trigger,
    ])
      expect(text).toContain(words)
  })
})
