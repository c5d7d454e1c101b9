import type { CheerioAPI } from 'cheerio'
import type { Element } from 'domhandler'
import { nameColumns } from '../../tables/read-delimited.ts'
import type { Row } from '../../tables/table.ts'
import { typeTexts } from '../../tables/type-columns.ts'

export type PageTable = { caption: string | null; columns: string[]; rows: Row[] }

const MAX_SPAN = 1000
const MAX_CELLS = 500_000
const squeeze = (text: string) => text.replace(/\s+/g, ' ').trim()

type GridCell = { text: string; isHead: boolean }

const span = (value: string | undefined): number =>
  Math.min(MAX_SPAN, Math.max(1, Number.parseInt(value ?? '1', 10) || 1))

/** Rows of the table itself, not of tables inside its cells. */
function ownRows($: CheerioAPI, table: Element): Element[] {
  return $(table)
    .find('tr')
    .toArray()
    .filter((row) => $(row).closest('table').get(0) === table)
}

/** Cells with rowspan and colspan written out. */
function gridOf($: CheerioAPI, rows: readonly Element[]): GridCell[][] {
  const grid: GridCell[][] = rows.map(() => [])
  let cells = 0
  for (const [y, row] of rows.entries()) {
    let x = 0
    for (const cell of $(row).children('td,th').toArray()) {
      while (grid[y]![x]) x++
      const inner = $(cell).clone()
      inner.find('script,style,table').remove()
      const value: GridCell = { text: squeeze(inner.text()), isHead: cell.name === 'th' }
      const [wide, high] = [span($(cell).attr('colspan')), span($(cell).attr('rowspan'))]
      for (let dy = 0; dy < high && y + dy < rows.length; dy++)
        for (let dx = 0; dx < wide && cells++ < MAX_CELLS; dx++) grid[y + dy]![x + dx] = value
      x += wide
    }
  }
  return grid
}

/** `<th>Name</th><td>Pike</td>` in every row: one record. */
const isRecord = (grid: readonly GridCell[][]): boolean =>
  grid.length > 1 && grid.every((row) => row.length === 2 && row[0]?.isHead === true && row[1]?.isHead === false)

function headCount($: CheerioAPI, rows: readonly Element[], grid: readonly GridCell[][]): number {
  const inHead = rows.filter((row) => $(row).parent().is('thead')).length
  if (inHead > 0) return Math.min(inHead, grid.length)
  return grid[0]?.some(({ isHead }) => isHead) && grid[0].every((cell) => cell?.isHead ?? true)
    ? 1
    : grid.length > 1
      ? 1
      : 0
}

/** Tables with at least one row of data, cells typed by column. */
export function readPageTables($: CheerioAPI): PageTable[] {
  const tables: PageTable[] = []
  for (const table of $('table').toArray()) {
    const rows = ownRows($, table)
    const grid = gridOf($, rows)
    const width = Math.max(0, ...grid.map((row) => row.length))
    if (grid.length === 0 || width === 0) continue
    const caption = squeeze($(table).children('caption').first().text()) || null
    if (isRecord(grid)) {
      const columns = nameColumns(grid.map((row) => row[0]!.text))
      tables.push({ caption, columns, rows: typeTexts(columns, [grid.map((row) => row[1]!.text)]).rows })
      continue
    }
    const heads = headCount($, rows, grid)
    const body = grid.slice(heads).filter((row) => row.some((cell) => cell && cell.text !== ''))
    if (heads === 0 || body.length === 0) continue
    const head = Array.from({ length: width }, (_, x) =>
      [...new Set(grid.slice(0, heads).map((row) => row[x]?.text ?? ''))].filter(Boolean).join(' '),
    )
    const columns = nameColumns(head)
    const texts = body.map((row) => columns.map((_, x) => row[x]?.text ?? ''))
    tables.push({ caption, columns, rows: typeTexts(columns, texts).rows })
  }
  return tables
}
