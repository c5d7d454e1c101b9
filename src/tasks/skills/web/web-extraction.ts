import { escapeHtml, list, paragraph, section, table } from '../../pages/html.ts'
import type { JsonObject } from '../../schema.ts'
import { PASSED_ROWS, type Row } from '../../tables/table.ts'
import { toDelimited } from '../../tables/write-table.ts'
import { passRows } from '../pass-rows.ts'
import type { Skill, SkillPorts, SkillRequest } from '../skill.ts'
import { invalid, SkillError } from '../skill-error.ts'
import { urlsOf } from '../urls.ts'
import { MAX_PAGES, PageFetcher } from './fetch-pages.ts'
import { downloadName, readDownload } from './read-download.ts'
import { type Page, readPage } from './read-page.ts'

const ASKS =
  /\b(?:scrap\w*|crawl\w*|web\s?sites?|web\s?pages?|pages?|links?|headings?|extract|download|fetch|get|prices?)\b/i
const SHORT_TEXT = 20_000

async function fetchPages(
  urls: readonly string[],
  selector: string | undefined,
  ports: SkillPorts,
): Promise<{ pages: Page[]; failed: { url: string; error: string }[]; downloads: string[] }> {
  const fetcher = new PageFetcher(ports)
  const pages: Page[] = []
  const failed: { url: string; error: string }[] = []
  const downloads: string[] = []
  let first: SkillError | undefined
  for (const [at, url] of urls.entries()) {
    ports.progress(`Reading ${url}`, Math.round((at / urls.length) * 80))
    try {
      const fetched = await fetcher.fetch(url)
      const name = downloadName(fetched)
      if (name === undefined) pages.push(await readPage(fetched.html, fetched.url, selector))
      else {
        const { page, file } = await readDownload(fetched, name, ports)
        pages.push(page)
        downloads.push(file)
      }
    } catch (error) {
      if (!(error instanceof SkillError) || error.code !== 'NETWORK_ERROR') throw error
      first ??= error
      failed.push({ url, error: error.message })
    }
  }
  // Some pages are better than none; none is a failure.
  if (pages.length === 0 && first) throw first
  return { pages, failed, downloads }
}

/** What later steps take: rows of the first table, else the prices, else the matches. */
function rowsOf(pages: readonly Page[], wantsMatches: boolean): Row[] {
  const matches = pages.flatMap((page) => page.matches ?? [])
  const matchRows = matches.map(({ text, attributes }): Row => ({ text, ...attributes }))
  if (wantsMatches && matchRows.length > 0) return matchRows
  const first = pages.flatMap((page) => page.tables)[0]
  if (first) return first.rows
  const prices = pages.flatMap((page) => page.prices)
  return prices.length > 0 ? prices.map(({ label, price, currency }) => ({ label, price, currency })) : matchRows
}

async function writeFiles(pages: readonly Page[], data: JsonObject, ports: SkillPorts): Promise<string[]> {
  const files: string[] = []
  const save = async (name: string, content: string) => {
    const path = await ports.files.reserve(name)
    await ports.files.write(path, content)
    files.push(path)
  }
  const tables = pages.flatMap((page) => page.tables)
  for (const [at, { columns, rows }] of tables.entries())
    await save(`table_${at + 1}.csv`, toDelimited(rows, ',', columns))
  const prices = pages.flatMap((page) => page.prices)
  if (prices.length > 0) await save('prices.csv', toDelimited(prices))
  const matches = pages.flatMap((page) => page.matches ?? [])
  if (matches.length > 0)
    await save('matches.csv', toDelimited(matches.map(({ text, attributes }) => ({ text, ...attributes }))))
  await save('extracted.json', `${JSON.stringify(data, null, 2)}\n`)
  return files
}

function dataOf(pages: readonly Page[], failed: readonly object[], wantsText: boolean): JsonObject {
  const prices = pages.flatMap((page) => page.prices)
  const text = pages.map((page) => page.text).join('\n\n')
  return {
    url: pages[0]!.url,
    title: pages[0]!.title,
    meta: Object.assign({}, ...pages.toReversed().map((page) => page.meta)) as Record<string, string>,
    headings: pages.flatMap((page) => page.headings),
    tables: pages.flatMap((page) => page.tables),
    lists: pages.flatMap((page) => page.lists),
    links: pages.flatMap((page) => page.links),
    text: wantsText ? text : text.slice(0, SHORT_TEXT),
    ...(prices.length > 0 && { prices }),
    ...(pages.some((page) => page.matches) && { matches: pages.flatMap((page) => page.matches ?? []) }),
    ...(pages.length > 1 && { pages: pages.map(({ url, title }) => ({ url, title })) }),
    ...(failed.length > 0 && { failed }),
  }
}

const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`

function summaryOf(pages: readonly Page[]): string {
  const count = (pick: (page: Page) => readonly unknown[]) => pages.reduce((sum, page) => sum + pick(page).length, 0)
  const parts = [
    [count((page) => page.matches ?? []), 'match', 'matches'],
    [count((page) => page.tables), 'table'],
    [count((page) => page.prices), 'price'],
    [count((page) => page.lists), 'list'],
    [count((page) => page.links), 'link'],
    [count((page) => page.headings), 'heading'],
  ] as const
  const found = parts
    .filter(([n]) => n > 0)
    .map(([n, word, many]) => (many && n !== 1 ? `${n} ${many}` : plural(n, word)))
  const where = pages.length === 1 ? pages[0]!.url : plural(pages.length, 'page')
  return `Read ${where}: ${found.length > 0 ? found.join(', ') : 'text only'}`
}

function bodyOf(
  pages: readonly Page[],
  summary: string,
  files: readonly string[],
  failed: readonly { url: string; error: string }[],
): string {
  const links = pages.map(({ url, title }) => `<li><a href="${escapeHtml(url)}">${escapeHtml(title || url)}</a></li>`)
  const tables = pages
    .flatMap((page) => page.tables)
    .map(({ caption, columns, rows }, at) => section(caption ?? `Table ${at + 1}`, table(rows, columns)))
  const prices = pages.flatMap((page) => page.prices)
  const matches = pages.flatMap((page) => page.matches ?? [])
  const headings = pages.flatMap((page) => page.headings).map(({ level, text }) => `${'· '.repeat(level - 1)}${text}`)
  return [
    section('Summary', paragraph(`${summary}.`), `<ul>${links.join('')}</ul>`),
    failed.length > 0 ? section('Not read', list(failed.map(({ error }) => error))) : '',
    prices.length > 0 ? section('Prices', table(prices)) : '',
    matches.length > 0
      ? section('Matches', table(matches.map(({ text, attributes }) => ({ text, ...attributes }))))
      : '',
    ...tables,
    headings.length > 0 ? section('Headings', list(headings.slice(0, 100))) : '',
    section('Files', list(files)),
  ].join('')
}

function confidenceOf(request: SkillRequest): number {
  const isAsked = request.capabilities.includes('web_scraping')
  const only = isAsked && request.capabilities.length === 1
  if (urlsOf(request).length > 0) return isAsked && (only || ASKS.test(request.description)) ? 0.9 : 0
  return only ? 0.8 : 0
}

/** S3: what pages say as tables, lists, links, headings, prices, text or matches of a selector. */
export const webExtraction: Skill = {
  name: 'web_extraction',
  title: 'Web extraction',
  capabilities: ['web_scraping'],
  confidence: confidenceOf,

  async run(request, ports) {
    const urls = urlsOf(request)
    if (urls.length === 0)
      throw invalid(
        'name the address of the page, for example https://example.com/prices, in the step or in input_data.urls',
      )
    if (urls.length > MAX_PAGES)
      throw invalid(`${urls.length} addresses given; at most ${MAX_PAGES} pages are read in one step`)
    const selector = request.inputData['selector']
    if (selector !== undefined && typeof selector !== 'string')
      throw invalid('input_data.selector must be a CSS selector')
    const { pages, failed, downloads } = await fetchPages(urls, selector, ports)
    const found = dataOf(pages, failed, /\btext|content|article\b/i.test(request.description))
    const rows = rowsOf(pages, selector !== undefined)
    const files = [...downloads, ...(await writeFiles(pages, found, ports))]
    const passed = rows.length > PASSED_ROWS ? await passRows(rows, request.subtaskId, ports) : { rows }
    const summary = summaryOf(pages)
    return {
      data: { ...found, ...passed, row_count: rows.length, ...(downloads.length > 0 && { output_file: downloads[0] }) },
      summary,
      files,
      result: bodyOf(pages, summary, files, failed),
    }
  },
}
