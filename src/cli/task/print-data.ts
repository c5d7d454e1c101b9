// What a step found, for people at a terminal: values by name, then tables. Pure.
import { printTable } from '../print-table.ts'

type Row = Record<string, unknown>

const MAX_ROWS = 24
/** Rows a step only passes on, beside what it found in them. */
const MAX_PASSED_ROWS = 5
const MAX_COLUMNS = 10
const MAX_ITEMS = 25
const MAX_TEXT = 2_000
/** Where files lie is listed with the files. */
const ELSEWHERE = new Set([
  'rows_file',
  'charts',
  'output_file',
  'output_files',
  'report_file',
  'report_markdown',
  'exact',
])
/** Of a profile's many figures those that are read at a glance. */
const PROFILE = ['name', 'type', 'missing', 'min', 'mean', 'median', 'max', 'sum']

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)
const isTable = (value: unknown): value is Row[] => Array.isArray(value) && value.length > 0 && value.every(isRow)
const cut = (text: string, at: number) => (text.length > at ? `${text.slice(0, at - 1)}…` : text)

function cell(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(10)))
  if (isTable(value)) return value.map((row) => Object.values(row).map(cell).join(' ')).join(', ')
  if (Array.isArray(value)) return value.map(cell).join(', ')
  if (isRow(value))
    return Object.entries(value)
      .map(([key, inner]) => `${key} ${cell(inner)}`)
      .join(', ')
  return String(value)
}

const indent = (text: string) =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')

function namesOf(rows: readonly Row[]): string[] {
  const names = [...new Set(rows.slice(0, MAX_ROWS).flatMap((row) => Object.keys(row)))]
  const isProfile = ['name', 'type', 'missing', 'distinct'].every((name) => names.includes(name))
  return isProfile ? PROFILE.filter((name) => names.includes(name)) : names
}

function tableOf(rows: readonly Row[], first?: string, limit = MAX_ROWS): string {
  const names = namesOf(rows)
  const shown = names.slice(0, MAX_COLUMNS)
  const header = shown.map((name, at) => (at === 0 && first ? first : name.replaceAll('_', ' ')))
  const lines = [
    printTable(
      header,
      rows.slice(0, limit).map((row) => shown.map((name) => cut(cell(row[name]), 60))),
    ),
  ]
  const more = [
    rows.length > limit && `${rows.length - limit} more rows`,
    names.length > MAX_COLUMNS && `${names.length - MAX_COLUMNS} more columns`,
  ].filter(Boolean)
  if (more.length > 0) lines.push(`… ${more.join(', ')}`)
  return indent(lines.join('\n'))
}

/** `{"North": {"revenue": {"sum": 2700}}}` as rows with the columns `revenue sum`. */
function groupsAsRows(groups: Row): Row[] {
  return Object.entries(groups).map(([key, value]) => {
    const row: Row = { key }
    for (const [name, inner] of Object.entries(value as Row))
      if (isRow(inner)) for (const [what, figure] of Object.entries(inner)) row[`${name} ${what}`] = figure
      else row[name] = inner
    return row
  })
}

function printBlock(name: string, value: unknown, isAlone: boolean): string {
  const title = name.replaceAll('_', ' ')
  const limit = name === 'rows' && !isAlone ? MAX_PASSED_ROWS : MAX_ROWS
  if (isTable(value)) return `${title}\n${tableOf(value, undefined, limit)}`
  if (isRow(value)) {
    const inner = Object.values(value)
    if (inner.length > 0 && inner.every(isRow))
      return `${title}\n${tableOf(groupsAsRows(value), title.replace(/^by /, ''))}`
    return `${title}\n${indent(printData(value))}`
  }
  if (typeof value === 'string') return `${title}\n${indent(cut(value, MAX_TEXT))}`
  return `${title}: ${cell(value)}`
}

function printList(name: string, values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_ITEMS).map(cell).join(', ')
  const more = values.length > MAX_ITEMS ? ` … ${values.length - MAX_ITEMS} more` : ''
  return `${name}: ${shown || 'none'}${more}`
}

/** Data of a step as text: single values first, then lists, then tables; the rows it passes on last. Long things are cut and say so. */
export function printData(data: Row): string {
  const entries = Object.entries(data).filter(([name]) => !ELSEWHERE.has(name))
  const isLong = (value: unknown) => typeof value === 'string' && (value.length > 100 || value.includes('\n'))
  const isList = (value: unknown) => Array.isArray(value) && !isTable(value)
  const single = entries.filter(([, value]) => !isRow(value) && !isTable(value) && !isLong(value) && !isList(value))
  const lists = entries.filter(([, value]) => isList(value))
  const blocks = entries
    .filter(([, value]) => isRow(value) || isTable(value) || isLong(value))
    .filter(([, value]) => !isRow(value) || Object.keys(value).length > 0)
    .toSorted(([a], [b]) => Number(a === 'rows') - Number(b === 'rows'))
  return [
    ...single.map(([name, value]) => `${name}: ${cell(value)}`),
    ...lists.map(([name, value]) => printList(name, value as unknown[])),
    ...blocks.map(([name, value]) => printBlock(name, value, blocks.length === 1)),
  ].join('\n')
}
