import type { CheerioAPI } from 'cheerio'
import type { AnyNode, Element } from 'domhandler'

export type Price = { label: string; price: number; currency: string; text: string }

const CURRENCIES: Record<string, string> = {
  '€': 'EUR',
  $: 'USD',
  us$: 'USD',
  '£': 'GBP',
  '¥': 'JPY',
  '₹': 'INR',
  '₽': 'RUB',
  '₩': 'KRW',
  '₺': 'TRY',
  r$: 'BRL',
  zł: 'PLN',
  kč: 'CZK',
}
const CODES =
  'EUR|USD|GBP|JPY|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|BRL|MXN|INR|CNY|KRW|SGD|HKD|ZAR|ILS|AED'
const SIGN = String.raw`(?:US\$|R\$|[€$£¥₹₽₩₺]|zł|Kč|\b(?:${CODES})\b)`
const AMOUNT = String.raw`\d{1,3}(?:[.,'’\s\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?`
const PRICE = new RegExp(String.raw`(?:(${SIGN})\s?(${AMOUNT})|(${AMOUNT})(?:,-|\.-)?\s?(${SIGN}))(?![\d])`, 'giu')

/** `1.234,56` and `1,234.56` -> 1234.56; a single separator before three digits groups, before one or two it is the decimal point. */
export function parseAmount(text: string): number {
  const plain = text.replace(/['’\s\u00a0\u202f]/g, '')
  const [dot, comma] = [plain.lastIndexOf('.'), plain.lastIndexOf(',')]
  const last = Math.max(dot, comma)
  const decimals = last >= 0 && plain.length - last - 1 <= 2
  if (!decimals) return Number(plain.replace(/[.,]/g, ''))
  return Number(`${plain.slice(0, last).replace(/[.,]/g, '')}.${plain.slice(last + 1)}`)
}

const currencyOf = (sign: string): string => CURRENCIES[sign.toLowerCase()] ?? sign.toUpperCase()

export function pricesIn(text: string): Omit<Price, 'label'>[] {
  return [...text.matchAll(PRICE)].map(([whole, before, first, second, after]) => ({
    price: parseAmount(first ?? second ?? ''),
    currency: currencyOf(before ?? after ?? ''),
    text: whole.replace(/\s+/g, ' ').trim(),
  }))
}

const squeeze = (text: string) => text.replace(/\s+/g, ' ').trim()
const NAMES =
  'h1,h2,h3,h4,h5,h6,[itemprop=name],[class*=name],[class*=title],[class*=product],th,td,dt,a,strong,b,label,caption'
const MAX_LABEL = 200
const CLIMB = 6

const cleanLabel = (text: string): string =>
  squeeze(text.replace(PRICE, ' '))
    .replace(/^[\s:–—|,-]+|[\s:–—|,-]+$/g, '')
    .replace(/\b(?:price|from|only|now|was|ab|nur)\b\s*:?\s*$/i, '')
    .trim()
    .slice(0, MAX_LABEL)

/** The name nearest to a price: a heading, name or cell of the smallest surrounding element that has other text. */
function labelOf($: CheerioAPI, element: Element): string {
  let node = $(element)
  for (let level = 0; level < CLIMB && node.length > 0; level++) {
    const previous = cleanLabel(node.prevAll('dt,th,h1,h2,h3,h4,h5,h6').first().text())
    if (previous && level > 0) return previous
    for (const name of node.find(NAMES).toArray()) {
      const text = cleanLabel($(name).text())
      if (text && !$(name).is($(element)) && pricesIn($(name).text()).length === 0) return text
    }
    const own = cleanLabel(node.text())
    if (own && pricesIn(node.text()).length <= 2) return own
    node = node.parent()
  }
  return ''
}

const hasPriceBelow = ($: CheerioAPI, element: Element): boolean =>
  $(element)
    .children()
    .toArray()
    .some((child) => pricesIn($(child).text()).length > 0)

/** Currency amounts of a page in order, each with the nearest label. */
export function readPrices($: CheerioAPI): Price[] {
  const found: Price[] = []
  const visit = (nodes: readonly AnyNode[]) => {
    for (const node of nodes) {
      if (node.type !== 'tag' || /^(?:script|style|noscript|template|svg)$/.test(node.name)) continue
      if (pricesIn($(node).text()).length === 0) continue
      if (hasPriceBelow($, node)) visit(node.children)
      else for (const price of pricesIn($(node).text())) found.push({ label: labelOf($, node), ...price })
    }
  }
  visit($('body').toArray())
  return found.filter(({ price }) => Number.isFinite(price))
}
