// The same number of sockets and events without store, cursor, filter or reconnect: one process writes a frame of 50 ms to each `ws`
// socket, another reads. Run: node bench/floors/follow.ts [sockets] [events/s] [seconds]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import WebSocket, { WebSocketServer } from 'ws'
import { quantile } from '../run/rows.ts'

const SOCKETS = Number(process.argv[2] ?? 500)
const RATE = Number(process.argv[3] ?? 1_000)
const SECONDS = Number(process.argv[4] ?? 5)
const FRAME_MS = 50

if (process.send) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  process.send({ port: (server.address() as AddressInfo).port })
  await once(process, 'message')
  for (let frame = 0; frame * FRAME_MS < SECONDS * 1000; frame++) {
    await sleep(FRAME_MS)
    const at = performance.timeOrigin + performance.now()
    const events = Array.from({ length: (RATE * FRAME_MS) / 1000 }, (_, mark) => ({
      at,
      type: 'bench.tick',
      stream: `bench:${mark % 10}`,
      summary: 'A step was done',
      data: { mark },
    }))
    const text = JSON.stringify({ events })
    for (const socket of server.clients) socket.send(text)
  }
  await sleep(500)
  process.exit(0)
}

const child = spawn(process.execPath, [import.meta.filename, ...process.argv.slice(2)], {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
})
const [{ port }] = (await once(child, 'message')) as [{ port: number }]
const latencies: number[] = []
const sockets = Array.from({ length: SOCKETS }, () => new WebSocket(`ws://127.0.0.1:${port}`))
for (const socket of sockets)
  socket.on('message', (raw: Buffer) => {
    const now = performance.timeOrigin + performance.now()
    // From the middle of the 50 ms that the frame has gathered, as an event would have waited.
    latencies.push(now - Number(/"at":([\d.]+)/.exec(raw.toString('latin1'))![1]) + FRAME_MS)
  })
await Promise.all(sockets.map((socket) => once(socket, 'open')))
child.send('go')
await once(child, 'exit')
console.log(JSON.stringify({ floor_p99_ms: Math.round(quantile(latencies, 0.99)) }))
process.exit(0)
