import { SkillError } from '../skills/skill-error.ts'
import { guarded } from './formula-text.ts'
import { flattenRow } from './json-rows.ts'
import type { Row } from './table.ts'

export const TABLE_FORMATS = ['csv', 'tsv', 'json', 'xlsx', 'yaml', 'xml'] as const
export type TableFormat = (typeof TABLE_FORMATS)[number]

const columnsOf = (rows: readonly Row[]): string[] => [...new Set(rows.flatMap((row) => Object.keys(row)))]

const cellText = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)

export function toDelimited(rows: readonly Row[], delimiter = ',', columns?: readonly string[]): string {
  const flat = rows.map(flattenRow)
  const names = columns ?? columnsOf(flat)
  const quote = (text: string) =>
    /["\r\n]/.test(text) || text.includes(delimiter) || /^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  const cell = (value: unknown) => quote(typeof value === 'string' ? guarded(value) : cellText(value))
  const lines = flat.map((row) => names.map((name) => cell(row[name])).join(delimiter))
  return [names.map(cell).join(delimiter), ...lines, ''].join('\n')
}

const XML_ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const xmlText = (text: string) =>
  text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (character) => XML_ESCAPES[character]!)
/** A name that XML accepts. */
const xmlName = (name: string) => {
  const safe = name.replace(/[^\p{L}\p{N}_.-]/gu, '_')
  return /^[\p{L}_]/u.test(safe) ? safe : `_${safe}`
}

function xmlElement(name: string, value: unknown, indent: string): string {
  const tag = xmlName(name)
  if (value === null || value === undefined) return `${indent}<${tag}/>`
  if (Array.isArray(value))
    return value.length === 0 ? `${indent}<${tag}/>` : value.map((item) => xmlElement(name, item, indent)).join('\n')
  if (typeof value === 'object') {
    const inner = Object.entries(value).map(([key, item]) => xmlElement(key, item, `${indent}  `))
    return `${indent}<${tag}>\n${inner.join('\n')}\n${indent}</${tag}>`
  }
  return `${indent}<${tag}>${xmlText(String(value))}</${tag}>`
}

export const toXml = (rows: readonly Row[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<records>\n${rows.map((row) => xmlElement('record', row, '  ')).join('\n')}\n</records>\n`

async function toXlsx(rows: readonly Row[]): Promise<Uint8Array> {
  const { writeXlsx } = await import('hucre/xlsx')
  const flat = rows.map(flattenRow)
  const names = columnsOf(flat)
  const cells = flat.map((row) => names.map((name) => (row[name] ?? null) as string | number | boolean | null))
  const stamp = new Date('2000-01-01T00:00:00Z') // a time of now would make every file different
  return writeXlsx({
    properties: { created: stamp, modified: stamp },
    sheets: [{ name: 'Data', rows: [names, ...cells] }],
  })
}

/** Records -> file bytes. The same records give the same bytes. */
export async function writeTable(rows: readonly Row[], format: TableFormat): Promise<Uint8Array> {
  const encode = (text: string) => new TextEncoder().encode(text)
  switch (format) {
    case 'csv':
      return encode(toDelimited(rows))
    case 'tsv':
      return encode(toDelimited(rows, '\t'))
    case 'json':
      return encode(`${JSON.stringify(rows, null, 2)}\n`)
    case 'xml':
      return encode(toXml(rows))
    case 'yaml': {
      const { stringify } = await import('yaml')
      return encode(stringify(rows))
    }
    case 'xlsx':
      return toXlsx(rows)
    default:
      throw new SkillError('UNSUPPORTED_FORMAT', `tables are written as ${TABLE_FORMATS.join(', ')}`)
  }
}
