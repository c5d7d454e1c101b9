import { escapeHtml, list, paragraph, readable, section, table } from '../../pages/html.ts'
import type { JsonObject } from '../../schema.ts'
import type { Row } from '../../tables/table.ts'

/** A report as blocks, written as Markdown and as HTML from the same source. */
export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; title?: string; rows: Row[]; total?: number }
  | { kind: 'chart'; title: string; svg: string; file: string }
export type Part = { title: string; blocks: Block[] }

const MAX_ROWS = 50
const MAX_TEXT = 2000

const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isPlain = (value: unknown) => typeof value !== 'object' || value === null
const title = (key: string) => key.replaceAll('_', ' ')
const short = (value: unknown): unknown =>
  typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value

/** `{"Lima": {"units": {"sum": 5}}}` -> rows with one column per inner path. */
function nestedRows(value: JsonObject): Row[] | undefined {
  const entries = Object.entries(value)
  if (entries.length === 0 || !entries.every(([, inner]) => isRecord(inner))) return undefined
  return entries.map(([key, inner]) => {
    const row: Row = { '': key }
    for (const [name, item] of Object.entries(inner as JsonObject))
      if (isRecord(item))
        for (const [figure, number] of Object.entries(item))
          row[`${name} ${figure}`] = isPlain(number) ? number : JSON.stringify(number)
      else row[name] = isPlain(item) ? item : JSON.stringify(item)
    return row
  })
}

const SKIPPED = new Set([
  'rows_file',
  'charts',
  'report_file',
  'report_markdown',
  'exact',
  'output_file',
  'output_files',
  'columns',
])

/** What a step found, as tables: plain values together, lists of records and nested figures each in one of their own. */
export function blocksOf(data: JsonObject): Block[] {
  const plain: Row[] = []
  const blocks: Block[] = []
  for (const [key, value] of Object.entries(data)) {
    if (SKIPPED.has(key)) continue
    if (isPlain(value)) plain.push({ Item: title(key), Value: short(value) })
    else if (Array.isArray(value)) {
      if (value.length === 0) continue
      if (value.every(isRecord))
        blocks.push({
          kind: 'table',
          title: title(key),
          rows: (value as Row[]).slice(0, MAX_ROWS),
          total: value.length,
        })
      else if (value.every(isPlain))
        plain.push({
          Item: title(key),
          Value: short(value.slice(0, MAX_ROWS).join(', ') + (value.length > MAX_ROWS ? ` … (${value.length})` : '')),
        })
      else plain.push({ Item: title(key), Value: short(JSON.stringify(value)) })
    } else if (isRecord(value)) {
      const rows = nestedRows(value)
      if (rows) blocks.push({ kind: 'table', title: title(key), rows: rows.slice(0, MAX_ROWS), total: rows.length })
      else if (Object.values(value).every(isPlain))
        blocks.push({
          kind: 'table',
          title: title(key),
          rows: Object.entries(value).map(([name, item]) => ({ Item: title(name), Value: short(item) })),
        })
      else plain.push({ Item: title(key), Value: short(JSON.stringify(value)) })
    }
  }
  return [...(plain.length > 0 ? [{ kind: 'table' as const, rows: plain }] : []), ...blocks]
}

const more = ({ rows, total }: { rows: Row[]; total?: number }) =>
  total !== undefined && total > rows.length ? `${rows.length} of ${readable(total)} rows are shown.` : ''

function blockToHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return paragraph(block.text)
    case 'list':
      return list(block.items)
    case 'chart':
      return `<figure>${block.svg}<figcaption>${escapeHtml(block.title)}</figcaption></figure>`
    case 'table':
      return `${block.title ? `<h3>${escapeHtml(block.title)}</h3>` : ''}${table(block.rows, undefined, MAX_ROWS)}${more(block) ? `<p class="note">${more(block)}</p>` : ''}`
  }
}

export const toHtml = (heading: string, parts: readonly Part[]): string =>
  `<h1>${escapeHtml(heading)}</h1>${parts.map((part) => section(part.title, ...part.blocks.map(blockToHtml))).join('')}`

const cell = (value: unknown): string =>
  readable(value)
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ')

function tableToMarkdown(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(names.map((name) => name || ' ')),
    line(names.map(() => '---')),
    ...rows.map((row) => line(names.map((name) => cell(row[name])))),
  ].join('\n')
}

function blockToMarkdown(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.text
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n')
    case 'chart':
      return `![${block.title}](/${block.file})`
    case 'table':
      return [
        block.title ? `### ${block.title}` : '',
        tableToMarkdown(block.rows),
        more(block) ? `_${more(block)}_` : '',
      ]
        .filter(Boolean)
        .join('\n\n')
  }
}

export const toMarkdown = (heading: string, parts: readonly Part[]): string =>
  `${[`# ${heading}`, ...parts.flatMap((part) => [`## ${part.title}`, ...part.blocks.map(blockToMarkdown)])].join('\n\n')}\n`
