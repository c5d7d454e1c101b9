// The least an API with durable writes can cost here: a bare Node HTTP server, one indexed query a read, one INSERT a write, under the
// same load as bench/tasks/api-load.ts. Run: node bench/floors/api.ts [seconds] [users]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { benchFolder } from '../platform/_up.ts'
import { closedLoop, openLoop } from '../run/http-load.ts'

const SECONDS = Number(process.argv[2] ?? 10)
const USERS = Number(process.argv[3] ?? 100)

async function serve(): Promise<void> {
  const pool = new pg.Pool({ connectionString: process.env['FLOOR_URL'], max: 10 })
  pool.on('error', () => undefined) // the database is stopped before this process is
  await pool.query('create table tasks (id serial primary key, description text, at timestamptz default now())')
  const server = http.createServer(async (request, response) => {
    const body = (await request.toArray()).join('')
    const { rows } =
      request.method === 'POST'
        ? await pool.query('insert into tasks (description) values ($1) returning *', [JSON.parse(body).description])
        : await pool.query('select * from tasks where id <= $1 order by id desc limit 20', [
            Number(request.url!.split('/').pop()),
          ])
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(rows))
  })
  server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
}

async function measure(): Promise<void> {
  const dir = benchFolder()
  const postgres = await startEmbedded(path.join(dir, 'pg'))
  const child = spawn(process.execPath, [import.meta.filename], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, FLOOR_URL: postgres.url },
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const agent = new http.Agent({ keepAlive: true, maxSockets: USERS })
  const send = (i: number) =>
    new Promise<{ status: number }>((resolve, reject) => {
      const text = i % 5 === 0 ? JSON.stringify({ description: `Calculate factorial of ${i}` }) : ''
      const request = http.request(
        {
          port,
          host: '127.0.0.1',
          agent,
          method: text ? 'POST' : 'GET',
          path: `/tasks/${i}`,
          headers: { 'content-length': text.length },
        },
        (response) => {
          let answer = ''
          response.on('data', (chunk) => (answer += chunk))
          response.on('end', () => {
            JSON.parse(answer)
            resolve({ status: response.statusCode! })
          })
        },
      )
      request.on('error', reject)
      request.end(text)
    })
  await openLoop(send, USERS, 2) // warm-up, not counted
  const steady = await openLoop(send, USERS, SECONDS)
  const closed = await closedLoop(send, 20, Math.min(SECONDS, 5))
  console.log(JSON.stringify({ floor: { steady, closed } }))
  child.kill('SIGKILL')
  await postgres.stop()
  fs.rmSync(dir, { recursive: true, force: true })
  process.exit(0)
}

await (process.env['FLOOR_URL'] ? serve() : measure())
