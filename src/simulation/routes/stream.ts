import { once } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EventFilter } from '../loop/events/event-filter.ts'
import type { TailMessage, TailService, TailStart } from '../service/tail.ts'

const HEARTBEAT_MS = 15_000

const frame = ({ id, event, data }: TailMessage): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`

/** Headers other hooks put on the reply (CORS, correlation) go along: a hijacked reply does not send them itself. */
function ownHeaders(reply: FastifyReply): Record<string, string> {
  const entries = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return Object.fromEntries(entries)
}

/** Server-sent events until the run has ended or the client has gone. A full socket is waited for, not buffered. */
export async function streamTail(
  tails: TailService,
  id: string,
  filter: EventFilter,
  start: TailStart,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const gone = new AbortController()
  request.raw.on('close', () => gone.abort())
  reply.raw.on('close', () => gone.abort())
  const batches = await tails.open(id, filter, start, gone.signal)
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    ...ownHeaders(reply),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  })
  raw.write(': connected\n\n')
  const heartbeat = setInterval(() => raw.write(': heartbeat\n\n'), HEARTBEAT_MS)
  try {
    for await (const messages of batches) {
      if (gone.signal.aborted) break
      if (!raw.write(messages.map(frame).join('')))
        await once(raw, 'drain', { signal: gone.signal }).catch(() => undefined)
    }
  } finally {
    clearInterval(heartbeat)
    raw.end()
  }
}
