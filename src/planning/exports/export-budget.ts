import { type Cell, writeXlsx } from 'hucre/xlsx'
import type { Board } from '../artifacts/board.ts'

const HEADER = ['Category', 'Item', 'Quantity', 'Unit cost', 'Total', 'List unit cost', 'Reserve']
/** A fixed date keeps the same budget the same bytes. */
const SHEET_DATE = new Date(Date.UTC(2000, 0, 1))
const linesOf = ({ artifacts }: Board) => artifacts.CostModel?.line_items ?? []

/** The budget as a workbook whose totals and variances are live formulas: change a quantity and they follow. */
export async function exportBudgetXlsx(board: Board): Promise<Uint8Array> {
  const lines = linesOf(board)
  const categories = board.artifacts.CostModel?.category_variances ?? []
  const cells = new Map<string, Partial<Cell>>()
  const summary = new Map<string, Partial<Cell>>()
  for (const [index, { total }] of lines.entries())
    cells.set(`${index + 1},4`, { formula: `C${index + 2}*D${index + 2}`, formulaResult: total })
  const last = lines.length + 1
  const sum = lines.reduce((all, { total }) => all + Math.round(total * 100), 0) / 100
  cells.set(`${last},4`, { formula: `SUM(E2:E${last})`, formulaResult: sum })
  categories.forEach(({ cost, variance_amount }, index) => {
    const row = index + 2
    summary.set(`${index + 1},2`, {
      formula: `SUMIF(Lines!A$2:A$${last},A${row},Lines!E$2:E$${last})`,
      formulaResult: cost,
    })
    summary.set(`${index + 1},3`, { formula: `C${row}-B${row}`, formulaResult: variance_amount })
  })
  const end = categories.length + 1
  const totals: [number, string, number][] = [
    [1, `SUM(B2:B${end})`, categories.reduce((all, { allocated }) => all + allocated, 0)],
    [2, `SUM(C2:C${end})`, sum],
    [3, `C${end + 1}-B${end + 1}`, board.artifacts.CostModel?.variance_amount ?? 0],
  ]
  for (const [column, formula, formulaResult] of totals) summary.set(`${end},${column}`, { formula, formulaResult })
  return writeXlsx({
    properties: { title: `${board.brief.title} budget`, creator: 'Troupe', created: SHEET_DATE, modified: SHEET_DATE },
    sheets: [
      {
        name: 'Lines',
        rows: [
          HEADER,
          ...lines.map(({ category, item, quantity, unit_cost, total, list_unit_cost, is_reserve }) => [
            category,
            item,
            quantity,
            unit_cost,
            total,
            list_unit_cost ?? null,
            is_reserve ? 'yes' : 'no',
          ]),
          ['Total', null, null, null, sum, null, null],
        ],
        cells,
        freezePane: { rows: 1 },
      },
      {
        name: 'Summary',
        rows: [
          ['Category', 'Allocated', 'Cost', 'Variance'],
          ...categories.map(({ category, allocated, cost, variance_amount }) => [
            category,
            allocated,
            cost,
            variance_amount,
          ]),
          ['Total', null, null, null],
        ],
        cells: summary,
        freezePane: { rows: 1 },
      },
    ],
  })
}
