// How fast the list of briefs and one brief answer over HTTP with 1,000 and 10,000 briefs in the store: p50 and p95 of each question,
// one caller after another and ten at once. Run: node bench/planning/list.ts [briefs]
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { planningModule } from '../../src/planning/index.ts'
import { startServer } from '../../src/server/start-server.ts'

const BRIEFS = Number(process.argv[2] ?? 1000)
const ROUNDS = 300
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-planning-'))
const postgres = await startEmbedded(path.join(dir, 'pg'))
const quiet = () => undefined
const env = {
  DATABASE_URL: postgres.url,
  TROUPE_HOME: dir,
  CALENDAR_STORAGE_PATH: path.join(dir, 'calendars'),
  PORT: '0',
}
const config = loadConfig(env)
const server = await startServer({
  config,
  env,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet } as never,
  roles: ['api'],
  modules: [planningModule(config)],
})
const TYPES = ['meetup', 'conference', 'workshop', 'gala', 'festival']
const WORDS = ['summit', 'reunion', 'hackathon', 'premiere', 'retreat', 'market', 'lecture', 'parade']

try {
  const begun = performance.now()
  let next = 0
  const seed = async () => {
    for (let n = next++; n < BRIEFS; n = next++) {
      const answer = await fetch(`${server.url}/api/event-briefs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          title: `${WORDS[n % WORDS.length]} number ${n}`,
          date_range_start: '2027-05-01T09:00:00Z',
          date_range_end: '2027-05-01T17:00:00Z',
          audience_size: 20 + n,
          event_type: TYPES[n % TYPES.length],
          objectives: `Objective ${n}: ${WORDS.join(' ')}`,
          constraints: 'Budget $5,000',
        }),
      })
      if (answer.status !== 201) throw new Error(await answer.text())
      await answer.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: 4 }, seed))
  console.log(`${BRIEFS} briefs created in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
  const first = (await (await fetch(`${server.url}/api/event-briefs?limit=1`)).json()) as { data: { id: string }[] }
  const id = first.data[0]!.id
  const questions: [name: string, path: string][] = [
    ['first page of 50', '/api/event-briefs'],
    ['page of 100', '/api/event-briefs?limit=100'],
    ['last page', `/api/event-briefs?offset=${BRIEFS - 50}`],
    ['state and kind', '/api/event-briefs?lifecycle_state=Initiate&event_type=gala'],
    ['text', '/api/event-briefs?q=hackathon'],
    ['one brief', `/api/event-briefs/${id}`],
    ['its gate', `/api/event-briefs/${id}/gates`],
  ]
  console.log('| question | p50 ms | p95 ms | p95 ms, ten at once |\n|---|---|---|---|')
  for (const [name, at] of questions) {
    await measure(at, 1, 30)
    const alone = await measure(at, 1, ROUNDS)
    const together = await measure(at, 10, ROUNDS)
    console.log(`| ${name} | ${alone.p50} | ${alone.p95} | ${together.p95} |`)
  }
} finally {
  await server.stop()
  await postgres.stop()
  fs.rmSync(dir, { recursive: true, force: true })
}

async function measure(at: string, callers: number, rounds: number): Promise<{ p50: string; p95: string }> {
  const times: number[] = []
  let left = rounds
  const call = async () => {
    while (left-- > 0) {
      const begun = performance.now()
      const answer = await fetch(server.url + at)
      await answer.arrayBuffer()
      if (answer.status !== 200) throw new Error(`${at}: ${answer.status}`)
      times.push(performance.now() - begun)
    }
  }
  await Promise.all(Array.from({ length: callers }, call))
  times.sort((a, b) => a - b)
  const part = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(1)
  return { p50: part(0.5), p95: part(0.95) }
}
