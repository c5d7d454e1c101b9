import { describe, expect, it } from 'vitest'
import { request, testPorts } from '../_test-kit.ts'
import { parseAmount } from './read-prices.ts'
import { webExtraction } from './web-extraction.ts'

const URL = 'https://shop.test/list'
type Pages = Record<string, string | { status?: number; text?: string; headers?: Record<string, string> }>

async function scrape(html: string | Pages, text = `Scrape ${URL}`, inputData = {}) {
  const pages: Pages = typeof html === 'string' ? { [URL]: html } : html
  const ports = testPorts({
    http: (url) => {
      const page = pages[url]
      if (page === undefined)
        return url.endsWith('/robots.txt') ? { status: 404, text: '' } : { status: 404, text: 'gone' }
      return typeof page === 'string' ? { text: page, headers: { 'content-type': 'text/html' } } : page
    },
  })
  const output = await webExtraction.run(request(text, { inputData, capabilities: ['web_scraping'] }), ports)
  return { ...output, data: output.data as Record<string, any>, ports }
}

describe('tables', () => {
  it('I9: reads a table with typed cells and hands its rows on', async () => {
    const { data, files, ports } = await scrape(
      '<table><tr><th>Name</th><th>Price</th></tr><tr><td>Pen</td><td>1.50</td></tr><tr><td>Book</td><td>12.00</td></tr></table>',
    )
    const rows = [
      { Name: 'Pen', Price: 1.5 },
      { Name: 'Book', Price: 12 },
    ]
    expect(data['tables']).toEqual([{ caption: null, columns: ['Name', 'Price'], rows }])
    expect(data['rows']).toEqual(rows)
    expect(files).toEqual(['output/table_1.csv', 'output/extracted.json'])
    expect(ports.text('output/table_1.csv')).toBe('Name,Price\nPen,1.5\nBook,12\n')
    expect(JSON.parse(ports.text('output/extracted.json')).tables[0].rows).toEqual(rows)
  })
  it('writes out rowspan and colspan', async () => {
    const { data } = await scrape(
      `<table><caption>Fish</caption><thead><tr><th rowspan=2>Fish</th><th colspan=2>Kilo</th></tr><tr><th>May</th><th>June</th></tr></thead>
       <tbody><tr><td rowspan="2">Pike</td><td>3.5</td><td>4</td></tr><tr><td colspan="2">5</td></tr></tbody></table>`,
    )
    expect(data['tables']).toEqual([
      {
        caption: 'Fish',
        columns: ['Fish', 'Kilo May', 'Kilo June'],
        rows: [
          { Fish: 'Pike', 'Kilo May': 3.5, 'Kilo June': 4 },
          { Fish: 'Pike', 'Kilo May': 5, 'Kilo June': 5 },
        ],
      },
    ])
  })
  it('keeps article numbers as text and leaves inner tables apart', async () => {
    const { data } = await scrape(
      '<table><tr><th>No</th><th>X</th></tr><tr><td>00712</td><td>a<table><tr><th>In</th></tr><tr><td>1</td></tr></table></td></tr></table>',
    )
    expect(data['tables'].map((table: any) => table.rows)).toEqual([[{ No: '00712', X: 'a' }], [{ In: 1 }]])
  })
  it('reads a table of names and values as one record', async () => {
    const { data } = await scrape(
      '<table><tr><th>Name</th><td>Pike</td></tr><tr><th>Kilo</th><td>3.5</td></tr></table>',
    )
    expect(data['tables'][0].rows).toEqual([{ Name: 'Pike', Kilo: 3.5 }])
  })
})

describe('other parts', () => {
  it('reads title, meta, headings, lists, links and text', async () => {
    const { data } = await scrape(
      `<html><head><title> My  shop </title><meta name="description" content="All we sell"><script>var x = "no"</script></head>
       <body><h1>Shop</h1><h3>Deep</h3><ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul><p>First <b>part</b></p><p>Second</p>
       <a href="/about">About</a><a href="javascript:alert(1)">Bad</a><a href="https://other.test/x">Other</a></body></html>`,
    )
    expect(data).toMatchObject({
      title: 'My shop',
      meta: { description: 'All we sell' },
      headings: [
        { level: 1, text: 'Shop' },
        { level: 3, text: 'Deep' },
      ],
      lists: [['One', 'Two'], ['Inner']],
      links: [
        { text: 'About', href: 'https://shop.test/about' },
        { text: 'Other', href: 'https://other.test/x' },
      ],
    })
    expect(data['text']).toContain('First part\nSecond')
    expect(data['text']).not.toContain('var x')
  })
  it('gives the matches of a selector', async () => {
    const { data, files } = await scrape('<p class="a" data-id="1">x <b>y</b></p><p>z</p>', `Scrape ${URL}`, {
      selector: 'p.a',
    })
    expect(data['matches']).toEqual([
      { text: 'x y', html: '<p class="a" data-id="1">x <b>y</b></p>', attributes: { class: 'a', 'data-id': '1' } },
    ])
    expect(data['rows']).toEqual([{ text: 'x y', class: 'a', 'data-id': '1' }])
    expect(files).toContain('output/matches.csv')
    await expect(scrape('<p>x</p>', `Scrape ${URL}`, { selector: 'p[' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})

describe('prices', () => {
  it.each([
    ['34.90', 34.9],
    ['1,234.56', 1234.56],
    ['1.234,56', 1234.56],
    ['1.234', 1234],
    ['1,234', 1234],
    ['12', 12],
    ['12,5', 12.5],
    ["1'299.00", 1299],
  ])('%s is %d', (text, value) => expect(parseAmount(text)).toBe(value))
  it('finds amounts with their nearest label', async () => {
    const { data, files } = await scrape(
      `<div class="item"><h3>Blue kettle</h3><span class="price">€ 34.90</span></div>
       <div class="item"><a href="/p">Red pot</a><p>Now <b>1.299,00 EUR</b></p></div>
       <ul><li>Green cup: $4</li></ul><dl><dt>Plate</dt><dd>£5.50</dd></dl>`,
      `Scrape product prices from ${URL}`,
    )
    expect(data['prices']).toEqual([
      { label: 'Blue kettle', price: 34.9, currency: 'EUR', text: '€ 34.90' },
      { label: 'Red pot', price: 1299, currency: 'EUR', text: '1.299,00 EUR' },
      { label: 'Green cup', price: 4, currency: 'USD', text: '$4' },
      { label: 'Plate', price: 5.5, currency: 'GBP', text: '£5.50' },
    ])
    expect(data['rows'][0]).toEqual({ label: 'Blue kettle', price: 34.9, currency: 'EUR' })
    expect(files).toContain('output/prices.csv')
  })
})

describe('other content', () => {
  it.each<[string, string, string, object[]]>([
    ['https://shop.test/sales.csv', 'text/csv', 'a,b\nx,1\n', [{ a: 'x', b: 1 }]],
    ['https://shop.test/data', 'application/json', '{"items":[{"a":1}]}', [{ a: 1 }]],
    ['https://shop.test/broken.json', 'application/json', 'no json', []],
  ])('keeps %s as a file and reads its rows', async (url, type, text, rows) => {
    const { data, ports, files } = await scrape(
      { [url]: { text, headers: { 'content-type': type } } },
      `Download ${url}`,
    )
    expect(data['rows']).toEqual(rows)
    expect(files).toContain(data['output_file'])
    expect(ports.text(data['output_file'])).toBe(text)
  })
})

describe('fetching', () => {
  const second = 'https://shop.test/two'
  it('reads several pages in order, half a second apart, and lists them', async () => {
    const { data, ports } = await scrape(
      { [URL]: '<title>A</title><h1>a</h1>', [second]: '<title>B</title><h1>b</h1>' },
      `Scrape ${URL} and ${second}`,
    )
    expect(data['headings'].map((heading: any) => heading.text)).toEqual(['a', 'b'])
    expect(data['pages']).toEqual([
      { url: URL, title: 'A' },
      { url: second, title: 'B' },
    ])
    expect(ports.asked.map(({ url }) => url)).toEqual(['https://shop.test/robots.txt', URL, second])
    expect(ports.slept.filter((ms) => ms === 500).length).toBeGreaterThanOrEqual(2)
    expect(ports.asked[1]!.ask).toMatchObject({ maxBytes: 10 * 1024 * 1024, timeoutMs: 30_000, maxRedirects: 5 })
  })
  it('respects robots.txt', async () => {
    const robots = { 'https://shop.test/robots.txt': 'User-agent: *\nDisallow: /list' }
    await expect(scrape({ ...robots, [URL]: '<p>x</p>' })).rejects.toMatchObject({
      code: 'NETWORK_ERROR',
      message: expect.stringContaining('robots'),
    })
  })
  it('goes on when one of several pages fails and says so', async () => {
    const { data } = await scrape({ [URL]: '<title>A</title>' }, `Scrape ${URL} and ${second}`)
    expect(data['failed']).toEqual([{ url: second, error: expect.stringContaining('HTTP 404') }])
  })
  it('takes addresses from input_data, and from the text first', async () => {
    expect(
      (await scrape({ [second]: '<title>B</title>' }, 'Scrape the shop page', { urls: [second] })).data['title'],
    ).toBe('B')
    expect((await scrape('<title>A</title>', `Scrape ${URL}.`, { urls: [second] })).data['title']).toBe('A')
  })
  it.each<[string, object, string]>([
    ['Scrape the product prices from the website', {}, 'INVALID_INPUT'],
    [`Scrape https://gone.test/x`, {}, 'NETWORK_ERROR'],
    ['Scrape them all', { urls: Array.from({ length: 21 }, (_, n) => `https://shop.test/${n}`) }, 'INVALID_INPUT'],
  ])('%s -> %s', async (text, inputData, code) => {
    await expect(scrape({}, text, inputData)).rejects.toMatchObject({ code })
  })
})
