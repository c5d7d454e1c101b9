import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import zlib from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { guardedFetch } from './guarded-fetch.ts'
import type { ResolvedAddress } from './resolve-guarded.ts'

type Seen = { url: string; method: string; headers: http.IncomingHttpHeaders; body: string }
const open: net.Server[] = []

async function listen(server: net.Server): Promise<number> {
  open.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

async function startServer(handle: (seen: Seen, res: http.ServerResponse) => void) {
  const seen: Seen[] = []
  const server = http.createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req) body += chunk
    const request = { url: req.url!, method: req.method!, headers: req.headers, body }
    seen.push(request)
    handle(request, res)
  })
  const port = await listen(server)
  return { port, seen, url: `http://127.0.0.1:${port}` }
}

const ok = () => startServer((_seen, res) => res.end('hello'))
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'answered'
  } catch (error) {
    return (error as { code: string }).code
  }
}
const loopback: ResolvedAddress[] = [{ address: '127.0.0.1', family: 4 }]

afterEach(() => {
  for (const server of open.splice(0)) {
    if (server instanceof http.Server) server.closeAllConnections()
    server.close()
  }
})

describe('guardedFetch: addresses', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.0.0.1./',
    'http://0/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://10.0.0.1/',
    'http://192.168.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://%31%32%37.0.0.1/',
    'http://127。0。0。1/',
  ])('refuses %s', async (url) => {
    expect(await codeOf(guardedFetch(url))).toBe('ADDRESS_NOT_ALLOWED')
  })

  it('never connects to a refused address', async () => {
    const server = await ok()
    expect(await codeOf(guardedFetch(server.url))).toBe('ADDRESS_NOT_ALLOWED')
    expect(server.seen).toEqual([])
  })

  it('reaches loopback where private addresses are allowed, metadata addresses still not', async () => {
    const server = await ok()
    const answer = await guardedFetch(server.url, { allowPrivate: true })
    expect([answer.status, answer.text()]).toEqual([200, 'hello'])
    expect(await codeOf(guardedFetch('http://169.254.169.254/', { allowPrivate: true }))).toBe('ADDRESS_NOT_ALLOWED')
  })

  it('refuses a public name that leads inside', async () => {
    const resolver = async () => loopback
    expect(await codeOf(guardedFetch('http://inner.example/', { resolver }))).toBe('ADDRESS_NOT_ALLOWED')
  })

  it('refuses a name of which one address leads inside', async () => {
    const resolver = async (): Promise<ResolvedAddress[]> => [{ address: '93.184.216.34', family: 4 }, ...loopback]
    expect(await codeOf(guardedFetch('http://mixed.example/', { resolver }))).toBe('ADDRESS_NOT_ALLOWED')
  })

  it('resolves once and connects to what was checked, whatever DNS says next', async () => {
    const server = await ok()
    const answers: ResolvedAddress[][] = [loopback, [{ address: '169.254.169.254', family: 4 }]]
    let calls = 0
    const resolver = async () => answers[calls++] ?? []
    const answer = await guardedFetch(`http://rebind.example:${server.port}/x`, { allowPrivate: true, resolver })
    expect(answer.text()).toBe('hello')
    expect(calls).toBe(1)
    expect(server.seen[0]!.headers.host).toBe(`rebind.example:${server.port}`)
  })

  it.each([
    'ftp://example.org/',
    'file:///etc/passwd',
    'http:///x',
    '//example.org',
    'gopher://x/',
    'http://u:p@example.org/',
  ])('refuses the URL %s', async (url) => {
    expect(await codeOf(guardedFetch(url, { resolver: async () => [] }))).toMatch(/URL_NOT_ALLOWED|DNS_FAILED/)
  })

  it('says so when a name does not resolve', async () => {
    const resolver = async () => Promise.reject(new Error('ENOTFOUND'))
    await expect(guardedFetch('http://no.example/', { resolver })).rejects.toMatchObject({
      code: 'DNS_FAILED',
      transient: true,
    })
  })
})

describe('guardedFetch: redirects', () => {
  it('follows redirects inside an origin with all headers', async () => {
    const server = await startServer(({ url }, res) =>
      url === '/a' ? res.writeHead(302, { location: '/b' }).end() : res.end('b'),
    )
    const headers = { authorization: 'Bearer s' }
    const answer = await guardedFetch(`${server.url}/a`, { allowPrivate: true, headers })
    expect([answer.text(), answer.redirects, answer.url]).toEqual(['b', 1, `${server.url}/b`])
    expect(server.seen[1]!.headers.authorization).toBe('Bearer s')
  })

  it('checks the address of every redirect', async () => {
    const server = await startServer((_seen, res) =>
      res.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end(),
    )
    expect(await codeOf(guardedFetch(server.url, { allowPrivate: true }))).toBe('ADDRESS_NOT_ALLOWED')
  })

  it('refuses a redirect to another scheme', async () => {
    const server = await startServer((_seen, res) => res.writeHead(302, { location: 'file:///etc/passwd' }).end())
    expect(await codeOf(guardedFetch(server.url, { allowPrivate: true }))).toBe('URL_NOT_ALLOWED')
  })

  it('takes credentials off when a redirect leaves the origin, under whatever header they travel', async () => {
    const target = await ok()
    const server = await startServer((_seen, res) => res.writeHead(307, { location: `${target.url}/t` }).end())
    const headers = {
      Authorization: 'Bearer s',
      Cookie: 'c=1',
      'X-Api-Key': 'k',
      'X-Own-Secret': 'k',
      Accept: 'text/plain',
    }
    await guardedFetch(server.url, { allowPrivate: true, headers, method: 'POST', body: 'data' })
    const sent = target.seen[0]!
    expect(sent.headers.accept).toBe('text/plain')
    for (const name of ['authorization', 'cookie', 'x-api-key', 'x-own-secret'])
      expect(sent.headers[name]).toBeUndefined()
    expect([sent.method, sent.body]).toEqual(['POST', 'data'])
  })

  it('turns a POST into a GET without body on 303', async () => {
    const server = await startServer(({ url }, res) =>
      url === '/a' ? res.writeHead(303, { location: '/b' }).end() : res.end(),
    )
    await guardedFetch(`${server.url}/a`, { allowPrivate: true, method: 'POST', body: 'x' })
    expect(server.seen.map(({ method, body }) => [method, body])).toEqual([
      ['POST', 'x'],
      ['GET', ''],
    ])
  })

  it('ends a redirect loop', async () => {
    const server = await startServer((_seen, res) => res.writeHead(302, { location: '/again' }).end())
    expect(await codeOf(guardedFetch(server.url, { allowPrivate: true, maxRedirects: 3 }))).toBe('TOO_MANY_REDIRECTS')
    expect(server.seen).toHaveLength(4)
  })

  it('returns the redirect answer itself when redirects are off', async () => {
    const server = await startServer((_seen, res) => res.writeHead(302, { location: '/x' }).end())
    const answer = await guardedFetch(server.url, { allowPrivate: true, maxRedirects: 0 })
    expect([answer.status, answer.headers.location]).toEqual([302, '/x'])
  })
})

describe('guardedFetch: limits', () => {
  it('refuses an answer that announces too many bytes', async () => {
    const server = await startServer((_seen, res) => res.end('x'.repeat(2000)))
    expect(await codeOf(guardedFetch(server.url, { allowPrivate: true, maxBytes: 1000 }))).toBe('RESPONSE_TOO_LARGE')
  })

  it('stops an endless answer that announces nothing', async () => {
    const server = await startServer((_seen, res) => {
      const more = () => {
        while (!res.destroyed && res.write('x'.repeat(10_000)));
      }
      res.on('drain', more)
      more()
    })
    expect(await codeOf(guardedFetch(server.url, { allowPrivate: true, maxBytes: 100_000 }))).toBe('RESPONSE_TOO_LARGE')
  })

  it('counts decoded bytes, so a zip bomb is stopped', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(20_000_000))
    const server = await startServer((_seen, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
    expect(await codeOf(guardedFetch(server.url, { allowPrivate: true }))).toBe('RESPONSE_TOO_LARGE')
  })

  it.each([
    ['gzip', zlib.gzipSync],
    ['br', zlib.brotliCompressSync],
    ['deflate', zlib.deflateSync],
  ] as const)('decodes %s', async (encoding, compress) => {
    const server = await startServer((_seen, res) =>
      res.writeHead(200, { 'content-encoding': encoding }).end(compress(Buffer.from('{"a":"ø"}'))),
    )
    const answer = await guardedFetch(server.url, { allowPrivate: true })
    expect(answer.json()).toEqual({ a: 'ø' })
  })

  it('times out on a server that never answers, and on one that drips', async () => {
    const silent = await startServer(() => undefined)
    expect(await codeOf(guardedFetch(silent.url, { allowPrivate: true, timeoutMs: 60 }))).toBe('TIMEOUT')
    const drip = await startServer((_seen, res) => {
      const timer = setInterval(() => res.write('.'), 10)
      res.on('close', () => clearInterval(timer))
    })
    expect(await codeOf(guardedFetch(drip.url, { allowPrivate: true, timeoutMs: 80 }))).toBe('TIMEOUT')
  })

  it('times out while a name hangs in DNS', async () => {
    const resolver = () => new Promise<never>(() => undefined)
    expect(await codeOf(guardedFetch('http://slow.example/', { resolver, timeoutMs: 30 }))).toBe('TIMEOUT')
  })

  it('stops when the caller does, and closes the connection', async () => {
    const stop = new AbortController()
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    const server = await startServer((_seen, res) => {
      res.on('close', resolve)
      stop.abort(new Error('enough'))
    })
    expect(await codeOf(guardedFetch(server.url, { allowPrivate: true, signal: stop.signal }))).toBe('ABORTED')
    await closed
  })

  it('names a server that is not there, one that breaks off and one that speaks something else', async () => {
    const gone = await ok()
    await new Promise((done) => open.pop()!.close(done))
    expect(await codeOf(guardedFetch(gone.url, { allowPrivate: true }))).toBe('CONNECT_FAILED')
    const breaks = await startServer((_seen, res) => {
      res.writeHead(200, { 'content-length': '100' })
      res.write('half')
      setImmediate(() => res.destroy())
    })
    expect(await codeOf(guardedFetch(breaks.url, { allowPrivate: true }))).toBe('PROTOCOL_ERROR')
    const port = await listen(net.createServer((socket) => socket.end('SSH-2.0-x\r\n')))
    expect(await codeOf(guardedFetch(`http://127.0.0.1:${port}`, { allowPrivate: true }))).toBe('PROTOCOL_ERROR')
  })

  it('keeps the framing its own: no caller sets Host, and no header can smuggle a line', async () => {
    const server = await ok()
    await guardedFetch(server.url, {
      allowPrivate: true,
      headers: { Host: 'evil', Connection: 'x', 'Transfer-Encoding': 'chunked' },
    })
    expect(server.seen[0]!.headers.host).toBe(`127.0.0.1:${server.port}`)
    expect(server.seen[0]!.headers['transfer-encoding']).toBeUndefined()
    expect(await codeOf(guardedFetch(server.url, { allowPrivate: true, headers: { a: 'b\r\nc: d' } }))).toBe(
      'INVALID_REQUEST',
    )
  })
})
