import http from 'node:http'
import type { AddressInfo } from 'node:net'

export type Site = { url: string; seen: string[]; release(): void; close(): Promise<void> }

const USERS = [
  { id: 1, name: 'Ada', email: 'ada@example.org' },
  { id: 2, name: 'Grace', email: 'grace@example.org' },
]
const PAGES: Record<string, [string, string]> = {
  '/prices.html': [
    'text/html',
    '<html><head><title>Shop</title></head><body><table><tr><th>Name</th><th>Price</th></tr><tr><td>Pen</td><td>1.50</td></tr><tr><td>Book</td><td>12.00</td></tr></table></body></html>',
  ],
  '/api/users': ['application/json', JSON.stringify(USERS)],
  '/api/big.json': [
    'application/json',
    JSON.stringify(Array.from({ length: 4000 }, (_, i) => ({ n: i, text: `row ${i} ${'x'.repeat(80)}` }))),
  ],
}

/** A site of ours on loopback: a shop page, an API, a large answer, and `/api/slow/*`, which answers when released. */
export async function startSite(): Promise<Site> {
  const seen: string[] = []
  let held: (() => void)[] = []
  const server = http.createServer((request, response) => {
    const at = request.url!.split('?')[0]!
    seen.push(at)
    const answer = () => {
      const [type, body] =
        PAGES[at] ?? (at.startsWith('/api/slow/') ? ['application/json', `{"at":"${at}"}`] : [undefined, ''])
      response.writeHead(type ? 200 : 404, type ? { 'content-type': type } : {}).end(body)
    }
    if (at.startsWith('/api/slow/')) held.push(answer)
    else answer()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    release() {
      for (const answer of held.splice(0)) answer()
      held = []
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
