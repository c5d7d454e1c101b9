import type { CheerioAPI } from 'cheerio'
import { invalid } from '../skill-error.ts'
import { type PageTable, readPageTables } from './read-page-tables.ts'
import { type Price, readPrices } from './read-prices.ts'

export type Match = { text: string; html: string; attributes: Record<string, string> }
export type Page = {
  url: string
  title: string
  meta: Record<string, string>
  headings: { level: number; text: string }[]
  tables: PageTable[]
  lists: string[][]
  links: { text: string; href: string }[]
  text: string
  prices: Price[]
  matches: Match[] | undefined
}

const squeeze = (text: string) => text.replace(/\s+/g, ' ').trim()
const MAX_TEXT = 200_000
const BLOCKS =
  'p,div,section,article,li,tr,h1,h2,h3,h4,h5,h6,blockquote,pre,dt,dd,br,table,ul,ol,header,footer,main,aside,figcaption'

/** Text as a reader sees it: blocks on lines of their own, nothing of scripts. */
function readableText($: CheerioAPI): string {
  const body = $('body').clone()
  body.find('script,style,noscript,template,svg,iframe').remove()
  body.find(BLOCKS).each((_, element) => void $(element).before('\n').after('\n'))
  body.find('td,th').each((_, element) => void $(element).after('\t'))
  return body
    .text()
    .split('\n')
    .map((line) => squeeze(line))
    .filter(Boolean)
    .join('\n')
    .slice(0, MAX_TEXT)
}

function readLists($: CheerioAPI): string[][] {
  return $('ul,ol')
    .toArray()
    .map((list) =>
      $(list)
        .children('li')
        .toArray()
        .map((item) => {
          const own = $(item).clone()
          own.find('ul,ol,script,style').remove()
          return squeeze(own.text())
        })
        .filter(Boolean),
    )
    .filter((items) => items.length > 0)
}

function readLinks($: CheerioAPI, base: string): Page['links'] {
  const links: Page['links'] = []
  for (const anchor of $('a[href]').toArray()) {
    const href = URL.parse($(anchor).attr('href') ?? '', base)
    if (!href || !/^(?:https?|mailto):$/.test(href.protocol)) continue
    links.push({
      text: squeeze($(anchor).text()) || ($(anchor).attr('title') ?? $(anchor).find('img').attr('alt') ?? ''),
      href: href.href,
    })
  }
  return links
}

function readMatches($: CheerioAPI, selector: string): Match[] {
  try {
    return $(selector)
      .toArray()
      .map((element) => ({
        text: squeeze($(element).text()),
        html: $.html(element),
        attributes: 'attribs' in element ? { ...element.attribs } : {},
      }))
  } catch (error) {
    throw invalid(`input_data.selector "${selector.slice(0, 100)}" is not a CSS selector: ${(error as Error).message}`)
  }
}

/** Everything a page says, read without running it. */
export async function readPage(html: string, url: string, selector?: string): Promise<Page> {
  const { load } = await import('cheerio')
  const $ = load(html)
  const base = URL.parse($('base[href]').attr('href') ?? '', url)?.href ?? url
  const meta: Record<string, string> = {}
  for (const element of $('meta[content]').toArray()) {
    const name = $(element).attr('name') ?? $(element).attr('property')
    if (name) meta[name] = $(element).attr('content') ?? ''
  }
  return {
    url,
    title: squeeze($('title').first().text()),
    meta,
    headings: $('h1,h2,h3,h4,h5,h6')
      .toArray()
      .map((element) => ({ level: Number(element.name.slice(1)), text: squeeze($(element).text()) }))
      .filter(({ text }) => text !== ''),
    tables: readPageTables($),
    lists: readLists($),
    links: readLinks($, base),
    text: readableText($),
    prices: readPrices($),
    matches: selector === undefined ? undefined : readMatches($, selector),
  }
}
