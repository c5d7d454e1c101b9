import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { type WebSocket, WebSocketServer } from 'ws'

export type Answer = { status?: number; body?: unknown; type?: string; headers?: Record<string, string> }
export type Handler = (request: {
  method: string
  path: string
  query: URLSearchParams
  params: string[]
  body: string
}) => Answer
/** Method, pattern of the whole path, and the answer. The first that fits wins. */
export type FixtureRoute = [method: string, pattern: RegExp, handler: Handler]

export type FixtureServer = {
  url: string
  /** Sends one frame of events to every open live socket. */
  sendLive: (events: unknown[]) => void
  /** Cuts every live socket, as a network would. */
  dropLive: () => void
  close: () => Promise<void>
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
const dist = path.resolve(import.meta.dirname, '..', '..', 'web', 'dist')

/** A socket of a contract: what it says when opened, and what it answers to each message. */
export type FixtureSocket = {
  path: string
  connect: () => unknown[]
  message?: (body: Record<string, unknown>) => unknown[]
}

/** The built UI at /app together with answers for its API, on a free loopback port. */
export async function startFixtureServer(routes: FixtureRoute[], extra: FixtureSocket[] = []): Promise<FixtureServer> {
  if (!fs.existsSync(path.join(dist, 'index.html'))) throw new Error('web/dist is not built: run npm run build first')
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/app' || url.pathname.startsWith('/app/')) return sendStatic(url.pathname, response)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const answer = answerFor(routes, request.method ?? 'GET', url, Buffer.concat(chunks).toString('utf8'))
      const type = answer.type ?? 'application/json'
      response.writeHead(answer.status ?? 200, { 'content-type': type, ...answer.headers })
      response.end(type === 'application/json' ? JSON.stringify(answer.body ?? {}) : String(answer.body ?? ''))
    })
  })
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'troupe' })
  const others = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (path === '/v1/live') return sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws))
    const wanted = extra.find((one) => one.path === path)
    if (!wanted) return socket.destroy()
    others.handleUpgrade(request, socket, head, (ws) => {
      const say = (messages: unknown[]) => {
        for (const message of messages) ws.send(JSON.stringify(message))
      }
      say(wanted.connect())
      ws.on('message', (data) => say(wanted.message?.(JSON.parse(String(data)) as Record<string, unknown>) ?? []))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const each = (fn: (socket: WebSocket) => void) => {
    for (const socket of sockets.clients) fn(socket)
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sendLive: (events) => each((socket) => socket.send(JSON.stringify({ events }))),
    dropLive: () => each((socket) => socket.terminate()),
    close: async () => {
      each((socket) => socket.terminate())
      for (const socket of others.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answerFor(routes: FixtureRoute[], method: string, url: URL, body: string): Answer {
  for (const [wanted, pattern, handler] of routes) {
    const match = wanted === method ? pattern.exec(url.pathname) : null
    if (match) return handler({ method, path: url.pathname, query: url.searchParams, params: match.slice(1), body })
  }
  return { status: 404, body: { detail: `No such path: ${method} ${url.pathname}`, code: 'NOT_FOUND' } }
}

function sendStatic(pathname: string, response: http.ServerResponse): void {
  const file = path.join(dist, pathname.replace(/^\/app\/?/, ''))
  const real = file.startsWith(dist) && path.extname(file) && fs.existsSync(file) ? file : path.join(dist, 'index.html')
  // As the product serves them: what is named by its content is kept by the browser.
  const kept = real.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache'
  response.writeHead(200, {
    'content-type': TYPES[path.extname(real)] ?? 'application/octet-stream',
    'cache-control': kept,
  })
  fs.createReadStream(real).pipe(response)
}
