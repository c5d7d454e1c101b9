// Live follow: sockets on the platform's `/v1/live` while events are written at a steady rate, with a tenth of them reconnecting
// in the middle. Latency runs from the event's own time to its arrival; gaps and repeats are counted for every socket.
// The server and the sockets are two processes. `own`: every socket follows one stream of its own, as a person follows one run, so
// that the events/s are those of all together; `all`: every socket gets every event.
// Run: node bench/kernel/follow.ts [sockets] [events/s] [seconds] [own|all]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import WebSocket from 'ws'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import { startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { emitAll } from '../../src/kernel/events/emit.ts'
import { silentLog } from '../../src/kernel/telemetry/logger.ts'
import { startServer } from '../../src/server/start-server.ts'

const SOCKETS = Number(process.argv[2] ?? 500)
const RATE = Number(process.argv[3] ?? 1_000)
const SECONDS = Number(process.argv[4] ?? 15)
/** Events `n` of the streams: with `own`, socket i gets every SOCKETS-th, beginning with the i-th. */
const STREAMS = process.argv[5] === 'all' ? 1 : SOCKETS
const BATCH_MS = 20
const percentile = (values: number[], share: number) =>
  values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!

/** The server with the writer inside: prints its address, writes when told to, says what it wrote. */
async function serve(): Promise<void> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))
  fs.chmodSync(home, 0o755)
  const pg = await startEmbedded(home)
  const env = {
    DATABASE_URL: pg.url,
    PORT: '0',
    TROUPE_HOME: path.join(home, 'home'),
    DATA_PATH: path.join(home, 'data'),
  }
  const server = await startServer({ config: loadConfig(env), env, log: silentLog, modules: [] })
  process.send!({ url: server.url })
  const [kind] = await once(process, 'message')
  let written = 0
  const began = performance.now()
  const cpu = process.cpuUsage()
  const perBatch = (RATE * BATCH_MS) / 1000
  for (let batch = 0; kind === 'write' && batch * BATCH_MS < SECONDS * 1000; batch++) {
    await sleep(Math.max(0, began + batch * BATCH_MS - performance.now()))
    await server.kernel.db.transaction((tx) =>
      emitAll(
        tx,
        systemCtx(server.kernel),
        Array.from({ length: perBatch }, (_, i) => ({
          domain: 'bench',
          type: 'bench.tick',
          stream: `bench:${(written + i) % STREAMS}`,
          summary: 'A step was done',
          data: { mark: written + i },
        })),
      ),
    )
    written += perBatch
  }
  const { user, system } = process.cpuUsage(cpu)
  const seconds = (performance.now() - began) / 1000
  process.send!({ written, seconds, cpu_percent: (user + system) / 1e4 / seconds })
  await once(process, 'message')
  await server.stop()
  await pg.stop()
  fs.rmSync(home, { recursive: true, force: true })
  process.exit(0)
}

type Socket = {
  seen: number
  last: number
  gaps: number
  repeats: number
  live: boolean
  cursor: string
  ws: WebSocket
}

async function measure(): Promise<void> {
  const child = spawn(process.execPath, [import.meta.filename, ...process.argv.slice(2)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, BENCH_PART: 'server' },
  })
  const [{ url }] = (await once(child, 'message')) as [{ url: string }]
  const latencies: number[] = []
  const sockets: Socket[] = []
  const connect = async (socket: Socket, i: number) => {
    const ws = new WebSocket(
      `${url.replace('http', 'ws')}/v1/live?stream=bench:${i % STREAMS}${socket.cursor ? `&since=${socket.cursor}` : ''}`,
    )
    socket.ws = ws
    ws.on('message', (raw: Buffer) => {
      const now = performance.timeOrigin + performance.now()
      // The frame is read as text: parsing 500 copies of it would measure this process, not the server.
      const text = raw.toString('latin1')
      let at = 0
      let first = true
      for (;;) {
        const found = text.indexOf('"mark":', at)
        if (found < 0) break
        at = found + 7
        const mark = Number.parseInt(text.slice(at, at + 10), 10)
        if (mark > socket.last + STREAMS) socket.gaps++
        if (mark <= socket.last) socket.repeats++
        socket.last = Math.max(mark, socket.last)
        socket.seen++
        first = false
      }
      socket.cursor = /"cursor":"([^"]+)"/.exec(text)?.[1] ?? socket.cursor
      if (text.startsWith('{"events":[],')) socket.live = true
      // Backfill after a connect is as old as the break was; live begins with the frame that says so.
      if (!first && socket.live) {
        const time = /"at":"([^"]+)"/.exec(text)![1]!
        latencies.push(now - Date.parse(time))
      }
    })
    await once(ws, 'open')
  }
  for (let i = 0; i < SOCKETS; i++) {
    const socket = { seen: 0, last: (i % STREAMS) - STREAMS, gaps: 0, repeats: 0, cursor: '', live: false } as Socket
    sockets.push(socket)
    await connect(socket, i)
  }
  while (sockets.some((socket) => !socket.live)) await sleep(20)
  child.send('write')
  const told = once(child, 'message') as Promise<[{ written: number; seconds: number; cpu_percent: number }]>
  await sleep((SECONDS * 1000) / 2)
  const dropped = sockets.filter((_, i) => i % 10 === 0)

  for (const socket of dropped) {
    socket.ws.terminate()
    socket.live = false
  }
  await sleep(500)
  for (const socket of dropped) await connect(socket, sockets.indexOf(socket))
  const [{ written, seconds, cpu_percent }] = await told
  const expected = (i: number) => Math.ceil((written - (i % STREAMS)) / STREAMS)
  const until = Date.now() + 5_000
  while (sockets.some((socket, i) => socket.seen < expected(i)) && Date.now() < until) await sleep(20)
  const live = latencies.filter((ms) => ms < 60_000)
  console.log(
    JSON.stringify({
      sockets: SOCKETS,
      streams: STREAMS,
      events_per_second: Math.round(written / seconds),
      deliveries_per_second: Math.round((written * SOCKETS) / STREAMS / seconds),
      server_cpu_percent_of_a_core: Math.round(cpu_percent),
      oldest_event_of_a_frame_ms: {
        p50: Math.round(percentile(live, 0.5)),
        p99: Math.round(percentile(live, 0.99)),
        max: Math.round(live.at(-1)!),
      },
      reconnected: dropped.length,
      gaps: sockets.reduce((sum, socket) => sum + socket.gaps, 0),
      repeats: sockets.reduce((sum, socket) => sum + socket.repeats, 0),
      incomplete: sockets.filter((socket, i) => socket.seen !== expected(i)).length,
    }),
  )
  for (const socket of sockets) socket.ws.terminate()
  child.send('stop')
  await once(child, 'exit')
}

await (process.env['BENCH_PART'] === 'server' ? serve() : measure())
