import { parseJsonText, rowsOfJson } from '../../tables/json-rows.ts'
import { decodeText } from '../../tables/read-delimited.ts'
import { parseYaml } from '../../tables/read-markup.ts'
import { readTable } from '../../tables/read-table.ts'
import { type TableFormat, writeTable } from '../../tables/write-table.ts'
import { SkillError } from '../skill-error.ts'
import type { Kind } from './source-kind.ts'
import { docxToHtml, htmlToMarkdown, htmlToText, markdownToHtml, toText } from './to-text.ts'

export type Target = TableFormat | 'html' | 'text' | 'markdown'
export type Converted = { content: Uint8Array; records: number; text?: string }

const TABLES: readonly Kind[] = ['csv', 'tsv', 'json', 'xlsx', 'yaml', 'xml']
const DOCUMENTS: Partial<Record<Kind, readonly Target[]>> = {
  markdown: ['html', 'text'],
  html: ['text', 'markdown'],
  pdf: ['text'],
  docx: ['text', 'html', 'markdown'],
}
export const EXTENSIONS: Readonly<Record<Target, string>> = {
  csv: 'csv',
  tsv: 'tsv',
  json: 'json',
  xlsx: 'xlsx',
  yaml: 'yaml',
  xml: 'xml',
  html: 'html',
  text: 'txt',
  markdown: 'md',
}

export const supportedPairs = (): string =>
  'CSV, TSV, JSON, XLSX, YAML, XML into each other; Markdown to HTML; HTML to text or Markdown; PDF and DOCX to text'

const isTableTarget = (target: Target): target is TableFormat => (TABLES as readonly string[]).includes(target)
const encode = (text: string) => new TextEncoder().encode(text)

/** JSON and YAML are both trees: what is no list of records keeps its shape. */
async function convertTree(
  kind: 'json' | 'yaml',
  target: 'json' | 'yaml',
  bytes: Uint8Array,
  name: string,
): Promise<Converted> {
  const text = decodeText(bytes).replace(/^\uFEFF/, '')
  let value: unknown
  try {
    value = kind === 'json' ? parseJsonText(text) : await parseYaml(text)
  } catch (error) {
    if (error instanceof SkillError) throw error
    throw new SkillError('INVALID_INPUT', `${name} is not JSON: ${(error as Error).message}`)
  }
  const records = rowsOfJson(value)?.length ?? 1
  if (target === 'json') return { content: encode(`${JSON.stringify(value, null, 2)}\n`), records }
  const { stringify } = await import('yaml')
  return { content: encode(stringify(value)), records }
}

/** One file into another format. Throws UNSUPPORTED_FORMAT listing what is possible. */
export async function convert(
  source: { name: string; kind: Kind; bytes: Uint8Array },
  target: Target,
  wanted = '',
): Promise<Converted> {
  const { kind, bytes, name } = source
  if ((kind === 'json' || kind === 'yaml') && (target === 'json' || target === 'yaml'))
    return convertTree(kind, target, bytes, name)
  if (TABLES.includes(kind) && isTableTarget(target)) {
    // The kind may be told by the content: the reader goes by the extension.
    const table = await readTable(
      bytes,
      new RegExp(`\\.(?:${kind}|xls|ods|yml|jsonl|ndjson)$`, 'i').test(name) ? name : `${name}.${kind}`,
      wanted,
    )
    return { content: await writeTable(table.rows, target), records: table.rows.length }
  }
  if (!DOCUMENTS[kind]?.includes(target))
    throw new SkillError(
      'UNSUPPORTED_FORMAT',
      `${name} (${kind}) cannot be converted to ${target}: supported are ${supportedPairs()}`,
    )
  const text = await convertDocument(source, target as 'html' | 'text' | 'markdown')
  return { content: encode(text), records: 1, text }
}

async function convertDocument(
  { kind, bytes, name }: { name: string; kind: Kind; bytes: Uint8Array },
  target: 'html' | 'text' | 'markdown',
): Promise<string> {
  if (kind === 'markdown') {
    const html = await markdownToHtml(decodeText(bytes), name)
    return target === 'html' ? html : htmlToText(html)
  }
  if (kind === 'html' && target === 'markdown') return htmlToMarkdown(decodeText(bytes))
  if (kind === 'docx' && target !== 'text') {
    const html = await docxToHtml(bytes, name)
    return target === 'html' ? html : htmlToMarkdown(html)
  }
  return toText(kind, bytes, name)
}
