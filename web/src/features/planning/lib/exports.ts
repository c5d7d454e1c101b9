import type { BudgetBaseline, CostModel, EventBrief, PlanTask, Session } from '../types.ts'

type Cell = string | number | boolean | null | undefined

/** Rows as CSV (RFC 4180). A text that a spreadsheet would take for a formula is given a leading apostrophe. */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell) => {
    if (typeof value === 'number') return String(value)
    const text = value === null || value === undefined ? '' : String(value)
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
  }
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

export const tasksCsv = (tasks: readonly PlanTask[]) =>
  toCsv([
    ['Task', 'Owner', 'State', 'Start', 'End', 'Depends on'],
    ...tasks.map((task) => [
      task.title,
      task.owner,
      task.status,
      task.start_date,
      task.end_date,
      task.dependencies.join(' '),
    ]),
  ])

export const budgetCsv = (baseline: BudgetBaseline, costs: CostModel) =>
  toCsv([
    [
      'Category',
      'Item',
      'Quantity',
      `Each, ${baseline.currency}`,
      `Total, ${baseline.currency}`,
      `Actual, ${baseline.currency}`,
    ],
    ...costs.line_items.map((line) => [
      line.category,
      line.item,
      line.quantity,
      line.unit_cost,
      line.total,
      line.actual_total ?? '',
    ]),
  ])

const stamp = (iso: string) => new Date(iso).toISOString().replace(/[-:]|\.\d{3}/g, '')
const escaped = (text: string) =>
  text
    .replace(/\\/g, '\\\\')
    .replace(/\r?\n/g, '\\n')
    .replace(/([,;])/g, '\\$1')

/** Folds a content line at 75 octets, never inside a character. */
function fold(line: string): string {
  const encoder = new TextEncoder()
  let out = ''
  let width = 0
  for (const char of line) {
    const size = encoder.encode(char).length
    if (width + size > 75) {
      out += '\r\n '
      width = 1
    }
    out += char
    width += size
  }
  return out
}

/** The programme as a calendar (RFC 5545); ids and stamps come from the data, so the same programme gives the same file. */
export function scheduleIcs(brief: EventBrief, sessions: readonly Session[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Troupe//Planning//EN',
    `X-WR-CALNAME:${escaped(brief.title)}`,
    ...sessions.flatMap((session) => [
      'BEGIN:VEVENT',
      `UID:${session.id}@${brief.id}`,
      `DTSTAMP:${stamp(brief.updated_at ?? brief.date_range_start)}`,
      `DTSTART:${stamp(session.start)}`,
      `DTEND:${stamp(session.end)}`,
      `SUMMARY:${escaped(session.title)}`,
      `LOCATION:${escaped(session.location)}`,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

/** Hands text to the browser as a file. */
export function saveText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
