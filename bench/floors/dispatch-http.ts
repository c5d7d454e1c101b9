// The same no-op agents as in bench/tasks/dispatch-http.ts, driven by a plain Node server that does nothing but store each result with
// one INSERT and send the agent its next piece: what the protocol and durability cost without a product.
// Run: node bench/floors/dispatch-http.ts [subtasks] [rounds] [agents]
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { benchFolder } from '../platform/_up.ts'
import { median } from '../run/rows.ts'

const COUNT = Number(process.argv[2] ?? 1_000)
const ROUNDS = Number(process.argv[3] ?? 3)
const AGENTS = Number(process.argv[4] ?? 100)

const dir = benchFolder()
const postgres = await startEmbedded(path.join(dir, 'pg'))
const pool = new pg.Pool({ connectionString: postgres.url, max: 10 })
await pool.query(
  'create table results (id serial primary key, assignment text, output jsonb, at timestamptz default now())',
)
const agents: string[] = []
let waiting = 0
let finished: (() => void) | undefined
let open = 0
let sent = 0
const keepAlive = new http.Agent({ keepAlive: true })
let base = ''

function push(endpoint: string): void {
  if (waiting === 0) return
  waiting--
  const id = `a${sent++}`
  const text = JSON.stringify({
    assignment_id: id,
    attempt: 1,
    task: { description: 'Calculate factorial of 5' },
    callback_url: `${base}/v1/assignments/${id}/attempts/1`,
    callback_token: `${agents.indexOf(endpoint)}`,
  })
  const request = http.request(
    `${endpoint}/execute`,
    {
      method: 'POST',
      agent: keepAlive,
      headers: { 'content-type': 'application/json', 'content-length': text.length },
    },
    (response) => response.resume(),
  )
  request.end(text)
}
const server = http.createServer(async (request, response) => {
  const body = JSON.parse((await request.toArray()).join(''))
  response.setHeader('content-type', 'application/json')
  if (request.url === '/v1/agents') {
    agents.push(body.endpoint)
    response.end('{"agent_token":"x"}')
    return
  }
  if (!request.url!.endsWith('/result')) {
    response.end('{}')
    return
  }
  const assignment = request.url!.split('/')[3]
  await pool.query('insert into results (assignment, output) values ($1, $2)', [
    assignment,
    JSON.stringify(body.output),
  ])
  response.end('{"accepted":true}')
  if (--open === 0) finished!()
  else push(agents[Number(request.headers.authorization!.slice(7))]!)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const noOp = path.resolve(import.meta.dirname, '../tasks/_no-op-agents.mjs')
const children = Array.from({ length: 4 }, (_, i) =>
  spawn(process.execPath, [noOp, base, String(i * 100 + 1), String(AGENTS / 4)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  }),
)
while (agents.length < AGENTS) await sleep(20)
const rates: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  const done = new Promise<void>((resolve) => (finished = resolve))
  const from = performance.now()
  waiting = COUNT
  open = COUNT
  for (const endpoint of agents) push(endpoint)
  await done
  rates.push(Math.round(COUNT / ((performance.now() - from) / 1000)))
}
console.log(JSON.stringify({ floor: true, per_second_median: median(rates), rates }))
for (const child of children) child.kill('SIGKILL')
await pool.end()
await postgres.stop()
fs.rmSync(dir, { recursive: true, force: true })
process.exit(0)
