import { WebSocket } from 'ws'

export type Heard = {
  messages: any[]
  next(when?: (message: any) => boolean): Promise<any>
  closed: Promise<number>
  send(value: unknown): void
  close(): void
}

/** A socket that keeps everything it hears; `next` answers the first message not yet taken that fits. */
export function listen(url: string, headers: Record<string, string> = {}): Heard {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers })
  const messages: any[] = []
  let taken = 0
  let wake: () => void = () => undefined
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)))
    wake()
  })
  socket.on('error', () => undefined) // told by the close code
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  return {
    messages,
    closed,
    async next(when = () => true) {
      for (;;) {
        while (taken < messages.length) {
          const message = messages[taken++]
          if (when(message)) return message
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    send: (value) => socket.send(JSON.stringify(value)),
    close: () => socket.close(),
  }
}
