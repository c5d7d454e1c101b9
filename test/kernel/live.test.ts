import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { systemCtx } from '../../src/kernel/context.ts'
import { emitAll } from '../../src/kernel/events/emit.ts'
import type { TroupeEvent } from '../../src/kernel/events/schema.ts'
import { type TestServer, testServer, until } from '../_server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer({ modules: [] })
})
afterAll(() => server[Symbol.asyncDispose]())

type Frame = { events: TroupeEvent[]; cursor: string; transient?: unknown[] }
type Reader = { marks: number[]; cursor: string; socket: WebSocket; live: boolean }

async function connect(reader: Reader, query = ''): Promise<void> {
  const since = reader.cursor ? `&since=${reader.cursor}` : ''
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/live?domain=test${since}${query}`)
  reader.socket = socket
  reader.live = false
  socket.on('message', (raw: Buffer) => {
    if (reader.socket !== socket) return
    const frame = JSON.parse(raw.toString()) as Frame
    reader.marks.push(...frame.events.map((event) => event.data['mark'] as number))
    reader.cursor = frame.cursor
    reader.live ||= frame.events.length === 0
  })
  await once(socket, 'open')
}
const newReader = (): Reader => ({ marks: [], cursor: '', socket: undefined as unknown as WebSocket, live: false })

const write = (from: number, count: number, stream = 'live') =>
  server.kernel.db.transaction((tx) =>
    emitAll(
      tx,
      systemCtx(server.kernel),
      Array.from({ length: count }, (_, i) => ({
        domain: 'test',
        type: 'test.tick',
        stream,
        summary: 'tick',
        data: { mark: from + i },
      })),
    ),
  )

describe('/v1/live', () => {
  it('gives readers that come and go every event once, in order, while events are written', async () => {
    const readers = Array.from({ length: 8 }, newReader)
    for (const reader of readers) await connect(reader)
    await until(async () => readers.every((reader) => reader.live), 20)
    let written = 0
    let writing = true
    const writer = (async () => {
      while (writing) {
        await write(written, 5)
        written += 5
      }
    })()
    for (let round = 0; round < 25; round++) {
      const reader = readers[round % readers.length]!
      reader.socket.terminate()
      await connect(reader)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    writing = false
    await writer
    await until(async () => readers.every((reader) => reader.marks.at(-1) === written - 1), 20)
    for (const reader of readers) expect(reader.marks).toEqual(Array.from({ length: written }, (_, i) => i))
    for (const reader of readers) reader.socket.close()
  }, 60_000)

  it('sends a stream’s reader that stream only', async () => {
    const reader = newReader()
    await connect(reader, '&stream=mine')
    await until(async () => reader.live, 20)
    await write(1, 3, 'other')
    await write(10, 2, 'mine')
    await until(async () => reader.marks.length >= 2, 20)
    expect(reader.marks).toEqual([10, 11])
    reader.socket.close()
  })

  it('closes with a named code when the cursor is none', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/live?since=yesterday`)
    const [code, reason] = await once(socket, 'close')
    expect([code, String(reason)]).toEqual([4400, 'since is not a cursor'])
  })
})
