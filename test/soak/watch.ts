import WebSocket from 'ws'

export type Watcher = {
  seen: Set<string>
  readonly repeats: number
  readonly reconnects: number
  close(): void
}

/** Follows everything at a server and reconnects with its cursor: what it has seen must be all there is. */
export function watch(url: string, token: string): Watcher {
  const seen = new Set<string>()
  let repeats = 0
  let reconnects = -1
  let cursor = ''
  let closed = false
  let current: WebSocket | undefined
  const connect = () => {
    if (closed) return
    reconnects++
    const socket = new WebSocket(
      `${url.replace('http', 'ws')}/v1/live?level=DETAIL${cursor ? `&since=${cursor}` : '&since=0-0'}`,
      { headers: { authorization: `Bearer ${token}` } },
    )
    current = socket
    socket.on('message', (raw) => {
      const frame = JSON.parse(String(raw)) as { events?: { id: string }[]; cursor?: string }
      for (const { id } of frame.events ?? []) {
        if (seen.has(id)) repeats++
        seen.add(id)
      }
      cursor = frame.cursor ?? cursor
    })
    socket.on('error', () => undefined)
    socket.on('close', () => setTimeout(connect, 300))
  }
  connect()
  return {
    seen,
    get repeats() {
      return repeats
    },
    get reconnects() {
      return reconnects
    },
    close() {
      closed = true
      current?.terminate()
    },
  }
}
