// The API under load: 100 users at 1 request/s each, 80 % reads, evenly spread; then the same mix closed-loop (each user sends
// the next request when the answer is there). Latency is measured from the moment a request was due, so that a stall counts for
// every request it delays. The server runs in a process of its own, with its five agents doing the submitted work.
// Run: node bench/tasks/api-load.ts [seconds] [users]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { closedLoop, openLoop } from '../run/http-load.ts'

const SECONDS = Number(process.argv[2] ?? 30)
const USERS = Number(process.argv[3] ?? 100)
const BAR_MS = 50

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as net.AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))
fs.chmodSync(dir, 0o755)
const port = await freePort()
const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../troupe.mjs'), 'up', '--no-sample'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    TROUPE_HOME: path.join(dir, 'home'),
    SHARED_FILES_PATH: path.join(dir, 'shared'),
    ARTIFACTS_PATH: path.join(dir, 'artifacts'),
    PORT: String(port),
    AGENT_PORT_RANGE: '0',
    LOG_LEVEL: 'error',
    RATE_LIMIT_PER_MINUTE: '0',
  },
})
const keepAlive = new http.Agent({ keepAlive: true, maxSockets: USERS })
const send = (method: string, at: string, body?: unknown) =>
  new Promise<{ status: number; body: any }>((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}
    const request = http.request(
      { port, host: '127.0.0.1', method, path: at, agent: keepAlive, headers },
      (response) => {
        let answer = ''
        response.on('data', (chunk) => (answer += chunk))
        response.on('end', () => resolve({ status: response.statusCode!, body: JSON.parse(answer) }))
      },
    )
    request.on('error', reject)
    request.end(text)
  })

const known: string[] = []
async function submit(i: number) {
  const answer = await send('POST', '/tasks', {
    description: `Calculate factorial of ${(i % 50) + 1}`,
    user_id: `user_${i % USERS}`,
  })
  if (answer.status === 200) known.push(answer.body.task_id)
  return answer
}
const READS: readonly ((i: number) => Promise<{ status: number }>)[] = [
  (i) => send('GET', `/tasks/${known[i % known.length]}`),
  () => send('GET', '/tasks?limit=20'),
  () => send('GET', '/agents'),
  (i) => send('GET', `/logs?task_id=${known[i % known.length]}&limit=50`),
]
/** Of five requests one writes. */
const request = (i: number) => (i % 5 === 0 ? submit(i) : READS[i % READS.length]!(i))
try {
  for (;;) {
    const found = await send('GET', '/agents').catch(() => undefined)
    if (found?.body.agents?.length === 5) break
    await sleep(100)
  }
  for (let i = 0; i < 50; i++) await submit(i)
  await openLoop(request, USERS, 5) // warm-up, not counted
  const steady = await openLoop(request, USERS, SECONDS)
  const closed = await closedLoop(request, 20, Math.min(SECONDS, 10))
  console.table([steady, closed])
  console.log(JSON.stringify({ api: { steady, closed } }))
  console.log(JSON.stringify({ bar_p95_ms: BAR_MS, ok: steady.p95_ms <= BAR_MS && steady.errors === 0 }))
  process.exitCode = steady.p95_ms <= BAR_MS && steady.errors === 0 ? 0 : 1
} finally {
  child.kill('SIGTERM')
  await once(child, 'exit')
  fs.rmSync(dir, { recursive: true, force: true })
}
