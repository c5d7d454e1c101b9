export type LiveEvent = {
  id?: string
  event_id?: string
  type?: string
  stream?: string
  seq?: number
  data?: unknown
  [key: string]: unknown
}
export type LiveFrame = { events?: LiveEvent[]; cursor?: string; [key: string]: unknown }
export type LiveState = 'connecting' | 'live' | 'offline'

const BAD_CURSOR = 4400

export type LiveOptions = {
  url: string
  protocols?: string[]
  onEvents: (events: LiveEvent[]) => void
  onState: (state: LiveState) => void
  /** After a gap: everything on screen may be older than it looks. */
  onCatchUp?: () => void
  makeSocket?: (url: string, protocols: string[]) => WebSocket
  setTimer?: (fn: () => void, ms: number) => unknown
}

/**
 * Follows the platform's socket. After a lost connection it comes back with `since=<cursor>` and so without a gap;
 * waiting grows from half a second to ten. Events already seen are dropped by id.
 */
export function openLiveSocket(options: LiveOptions): { close: () => void } {
  const make = options.makeSocket ?? ((url, protocols) => new WebSocket(url, protocols))
  const later = options.setTimer ?? ((fn, ms) => setTimeout(fn, ms))
  const seen = new Set<string>()
  let cursor = ''
  let attempt = 0
  let closed = false
  let socket: WebSocket | undefined

  const fresh = (event: LiveEvent): boolean => {
    const id = event.event_id ?? event.id
    if (!id) return true
    if (seen.has(id)) return false
    seen.add(id)
    if (seen.size > 5000) seen.delete(seen.values().next().value as string)
    return true
  }

  const connect = () => {
    if (closed) return
    options.onState('connecting')
    const url = cursor
      ? `${options.url}${options.url.includes('?') ? '&' : '?'}since=${encodeURIComponent(cursor)}`
      : options.url
    socket = make(url, options.protocols ?? [])
    socket.onopen = () => {
      if (attempt > 0) options.onCatchUp?.()
      attempt = 0
      options.onState('live')
    }
    socket.onmessage = (message) => {
      const frame = parseFrame(message.data)
      if (!frame) return
      if (frame.cursor) cursor = frame.cursor
      const events = (frame.events ?? []).filter(fresh)
      if (events.length > 0) options.onEvents(events)
    }
    socket.onclose = (event) => {
      if (closed) return
      // The server no longer knows this cursor: begin from now, and read again what is on screen.
      if (event?.code === BAD_CURSOR) cursor = ''
      options.onState('offline')
      later(connect, Math.min(500 * 2 ** attempt++, 10_000))
    }
  }
  connect()
  return {
    close: () => {
      closed = true
      socket?.close()
    },
  }
}

function parseFrame(data: unknown): LiveFrame | undefined {
  try {
    const value: unknown = JSON.parse(String(data))
    return typeof value === 'object' && value !== null ? (value as LiveFrame) : undefined
  } catch {
    console.warn('The live stream sent a frame that is no JSON; it was skipped.')
    return undefined
  }
}
