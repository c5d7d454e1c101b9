import { parseJsonText, rowsOfJson } from '../../tables/json-rows.ts'
import { isTabular, readTable } from '../../tables/read-table.ts'
import type { SkillPorts } from '../skill.ts'
import { SkillError } from '../skill-error.ts'
import type { Fetched } from './fetch-pages.ts'
import type { Page } from './read-page.ts'

const TYPES: readonly [RegExp, string][] = [
  [/text\/csv|application\/csv/i, 'csv'],
  [/tab-separated-values/i, 'tsv'],
  [/\bjson\b/i, 'json'],
  [/spreadsheetml/i, 'xlsx'],
  [/\bya?ml\b/i, 'yaml'],
  [/(?:application|text)\/xml/i, 'xml'],
  [/application\/pdf/i, 'pdf'],
  [/text\/plain/i, 'txt'],
  [/application\/zip/i, 'zip'],
]

/** The name under which an answer that is no page is kept; undefined for a page. */
export function downloadName({ url, type, html }: Fetched): string | undefined {
  if (/html/i.test(type) || (type === '' && /^\s*(?:<!doctype html|<html|<[a-z]+[\s>])/i.test(html))) return undefined
  const last = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '').replace(/[^\w.-]/g, '_')
  const named = /\.[a-z0-9]{1,5}$/i.test(last) ? last : undefined
  const extension = TYPES.find(([pattern]) => pattern.test(type))?.[1]
  if (named && (isTabular(named) || extension === undefined || /\.(?:pdf|zip|png|jpe?g|docx|md|txt)$/i.test(named)))
    return named
  if (extension === undefined) return type === '' || /^text\//i.test(type) ? undefined : (named ?? 'download.bin')
  return named ?? `${last || 'download'}.${extension}`
}

/** A table or text that was fetched instead of a page, as a page with what it holds; the file itself is kept. */
export async function readDownload(
  fetched: Fetched,
  name: string,
  ports: SkillPorts,
): Promise<{ page: Page; file: string }> {
  const file = await ports.files.reserve(name)
  await ports.files.write(file, fetched.bytes)
  const isText = /^text\/|json|xml|ya?ml|csv/i.test(fetched.type) || /\.(?:csv|tsv|json|xml|ya?ml|txt|md)$/i.test(name)
  const page: Page = {
    url: fetched.url,
    title: name,
    meta: {},
    headings: [],
    tables: [],
    lists: [],
    links: [],
    text: isText ? fetched.html : '',
    prices: [],
    matches: undefined,
  }
  if (!isTabular(name)) return { page, file }
  try {
    const table = name.endsWith('.json')
      ? { columns: [], rows: rowsOfJson(parseJsonText(fetched.html)) ?? [] }
      : await readTable(fetched.bytes, name)
    const columns =
      table.columns.length > 0
        ? table.columns.map((column) => column.name)
        : [...new Set(table.rows.flatMap((row) => Object.keys(row)))]
    if (table.rows.length > 0) page.tables.push({ caption: name, columns, rows: table.rows })
  } catch (error) {
    // Whatever it is called, it is no table: the file and its text are what was found.
    if (!(error instanceof SkillError) && !(error instanceof SyntaxError)) throw error
  }
  return { page, file }
}
