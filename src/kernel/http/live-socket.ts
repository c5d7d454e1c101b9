// The platform's socket: backfill from a cursor, then live, one frame per 50 ms with everything in it (E13). One follower per
// process feeds all sockets; a slow reader is cut off with a named close code and comes back with its cursor.
import type { FastifyInstance } from 'fastify'
import type { WebSocket } from 'ws'
import { isAllowed } from '../access/scopes.ts'
import { currentCursor, readAfter } from '../events/follow.ts'
import type { Cursor } from '../events/reader.ts'
import { EVENT_LEVELS, type EventLevel, type TroupeEvent } from '../events/schema.ts'
import type { Kernel, Transient } from '../kernel.ts'

const FRAME_MS = 50
const MAX_BUFFERED = 4 * 1024 * 1024
const CLOSE_UNAUTHORIZED = 4401
const CLOSE_TOO_SLOW = 4408
const CLOSE_BAD_CURSOR = 4400

/** An event as text: written once, however many sockets want it. */
type Encoded = { id: string; json: string }
type Client = {
  socket: WebSocket
  pending: Encoded[]
  transient: Transient[]
  cursor: Cursor
  live: boolean
  /** Read by the client's own backfill, which may be ahead of the feed: not to be sent again. Dropped once the feed has passed it. */
  read: { ids: Set<string>; upTo: Cursor } | undefined
  wants: (event: TroupeEvent) => boolean
}

export type LiveFeed = {
  add(client: Client): void
  remove(client: Client): void
  stop(): Promise<void>
  readonly cursor: Cursor | undefined
}

const isBefore = (a: Cursor, b: Cursor): boolean => {
  const [aTx, aN] = a.split('-').map(BigInt) as [bigint, bigint]
  const [bTx, bN] = b.split('-').map(BigInt) as [bigint, bigint]
  return aTx < bTx || (aTx === bTx && aN < bN)
}

export function createLiveFeed(kernel: Kernel): LiveFeed {
  const clients = new Set<Client>()
  const stop = new AbortController()
  let cursor: Cursor | undefined
  let timer: NodeJS.Timeout | undefined

  const flush = () => {
    timer = undefined
    for (const client of clients) send(client)
  }
  const schedule = () => {
    timer ??= setTimeout(flush, FRAME_MS)
  }
  const send = (client: Client) => {
    if (!client.live || (client.pending.length === 0 && client.transient.length === 0)) return
    if (client.socket.bufferedAmount > MAX_BUFFERED) {
      client.socket.close(CLOSE_TOO_SLOW, 'too slow: reconnect with since')
      clients.delete(client)
      return
    }
    const events = client.pending.map((event) => event.json).join(',')
    const transient = client.transient.length > 0 ? `,"transient":${JSON.stringify(client.transient)}` : ''
    client.pending = []
    client.transient = []
    client.socket.send(`{"events":[${events}],"cursor":${JSON.stringify(client.cursor)}${transient}}`)
  }
  const offTransient = kernel.onTransient((message) => {
    for (const client of clients) client.transient.push(message)
    if (clients.size > 0) schedule()
  })
  const run = (async () => {
    for await (const batch of kernel.events.follow(undefined, stop.signal)) {
      cursor = batch.cursor
      if (clients.size > 0) {
        const encoded = batch.events.map((event) => ({ id: event.id, json: JSON.stringify(event) }))
        for (const client of clients) {
          batch.events.forEach((event, i) => {
            if (client.wants(event) && !client.read?.ids.has(event.id)) client.pending.push(encoded[i]!)
          })
          if (client.live && client.read && !isBefore(batch.cursor, client.read.upTo)) client.read = undefined
          if (client.live && isBefore(client.cursor, batch.cursor)) client.cursor = batch.cursor
        }
      }
      if (clients.size > 0) schedule()
    }
  })()
  run.catch((error: Error) => kernel.log.error({ error: error.message }, 'live feed ended'))

  return {
    get cursor() {
      return cursor
    },
    add: (client) => {
      clients.add(client)
      schedule()
    },
    remove: (client) => void clients.delete(client),
    async stop() {
      stop.abort()
      offTransient()
      if (timer) clearTimeout(timer)
      for (const client of clients) client.socket.close(1001, 'server is stopping')
      await run.catch(() => undefined)
    },
  }
}

type LiveQuery = {
  since?: string
  domain?: string
  run_id?: string
  stream?: string
  type?: string
  level?: EventLevel
}

/** `/v1/live?since=&domain=&run_id=&stream=&type=&level=`: frames `{ events, cursor, transient? }`. */
export function liveRoute(app: FastifyInstance, kernel: Kernel, feed: LiveFeed): void {
  app.get('/v1/live', { websocket: true }, async (socket, request) => {
    if (!request.actor || !isAllowed(request.actor, 'read'))
      return socket.close(CLOSE_UNAUTHORIZED, 'credentials needed')
    const { since, domain, run_id, stream, type, level } = request.query as LiveQuery
    const wants = (event: TroupeEvent) =>
      (!domain || event.domain === domain) &&
      (!run_id || event.run_id === run_id) &&
      (!stream || event.stream === stream) &&
      (!type || event.type === type) &&
      (!level || EVENT_LEVELS.indexOf(event.level) <= EVENT_LEVELS.indexOf(level))
    if (since !== undefined && !/^\d{1,20}-\d{1,19}$/.test(since))
      return socket.close(CLOSE_BAD_CURSOR, 'since is not a cursor')
    const client: Client = {
      socket: socket as unknown as WebSocket,
      pending: [],
      transient: [],
      cursor: '',
      live: false,
      read: undefined,
      wants,
    }
    socket.on('close', () => feed.remove(client))
    socket.on('error', () => feed.remove(client))
    socket.on('message', (raw: Buffer) => {
      if (raw.toString().includes('"ping"')) socket.send('{"type":"pong"}')
    })
    // Buffer live ones first, then read history up to the follower's own position, then cut over without gap or repetition.
    feed.add(client)
    const seen = new Set<string>()
    let position = since ?? (await currentCursor(kernel.db))
    for (;;) {
      const read = await readAfter(kernel.db, position)
      position = read.cursor
      const wanted = read.events.filter(wants)
      for (const event of read.events) seen.add(event.id)
      if (wanted.length > 0) socket.send(JSON.stringify({ events: wanted, cursor: position }))
      if (!read.full && (feed.cursor === undefined || !isBefore(position, feed.cursor))) break
      if (!read.full && read.events.length === 0) break
    }
    client.pending = client.pending.filter((event) => !seen.has(event.id))
    client.read = { ids: seen, upTo: position }
    // What waits was read by the feed: the frame that carries it ends where the feed stands, or its reader would get it again.
    client.cursor = feed.cursor !== undefined && isBefore(position, feed.cursor) ? feed.cursor : position
    client.live = true
    socket.send(JSON.stringify({ events: [], cursor: position }))
  })
}
