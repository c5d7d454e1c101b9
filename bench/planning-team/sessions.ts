// The limits of the planning team (contract 8.1) on a real server with the rules engine. Run: node bench/planning-team/sessions.ts [sessions]
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { startEmbedded } from '../../src/kernel/db/embedded-server.ts'
import { silentLog } from '../../src/kernel/telemetry/logger.ts'
import { planningModule } from '../../src/planning/index.ts'
import { startServer } from '../../src/server/start-server.ts'

const SESSIONS = Number(process.argv[2] ?? 100)
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))
fs.chmodSync(home, 0o755)
const pg = await startEmbedded(home)
const env = {
  DATABASE_URL: pg.url,
  PORT: '0',
  TROUPE_HOME: path.join(home, 'home'),
  DATA_PATH: path.join(home, 'data'),
  CALENDAR_STORAGE_PATH: path.join(home, 'calendars'),
}
const config = loadConfig(env)
const server = await startServer({ config, env, log: silentLog, modules: [planningModule(config)] })
let repeated = 0
/** A call as a client makes it: what is answered 503 is made again after a second. */
const call = async (method: string, url: string, body?: unknown): Promise<any> => {
  const response = await fetch(`${server.url}${url}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  if (response.status === 503) {
    repeated += 1
    await sleep(1_000)
    return call(method, url, body)
  }
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`)
  return response.json()
}
const percentile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
let missed = 0
const line = (what: string, value: number, limit: number, unit = 'ms') => {
  const ok = value <= limit
  if (!ok) missed += 1
  console.log(
    `${ok ? 'ok    ' : 'MISSED'} ${what.padEnd(52)} ${value.toFixed(unit === 'ms' ? 0 : 1)} ${unit} (limit ${limit})`,
  )
}

type Started = { id: string; session: string; accepted: number; begun: number }
async function begin(event: object, run: object): Promise<Started> {
  const { id } = await call('POST', '/api/event-briefs', event)
  const began = performance.now()
  const { session_id: session } = await call('POST', '/api/agents/orchestrate', { event_brief_id: id, ...run })
  return { id, session, accepted: performance.now() - began, begun: began }
}
async function finish({ id, session }: Started): Promise<any> {
  for (;;) {
    const body = await call('GET', `/api/agents/sessions/${session}`)
    if (body.status !== 'in_progress') return body
    if (body.waiting_on?.kind === 'approval')
      for (const one of await call('GET', '/api/approvals/pending'))
        if (one.event_brief_id === id)
          await call('POST', `/api/approvals/${one.approval_id}`, { decision: 'approved', comments: 'bench' })
    await sleep(50)
  }
}
const example = (name: string) =>
  parse(fs.readFileSync(path.resolve(import.meta.dirname, `../../examples/${name}.yaml`), 'utf8'))
const { event, run } = example('meetup-20')

const one = await begin(event, run)
line('a run is accepted', one.accepted, 500)
while (!(await call('GET', `/api/agents/sessions/${one.session}`)).current_agent) await sleep(10)
line('its first agent is at work', performance.now() - one.begun, 3_000)
await finish(one)
line('a whole Beginner run', performance.now() - one.begun, 30_000)

const began = performance.now()
const three = await Promise.all(
  ['meetup-20', 'conference-200', 'conference-800'].map((name) => begin(example(name).event, example(name).run)),
)
const ends = await Promise.all(three.map(finish))
if (ends.some(({ status }) => status !== 'completed')) throw new Error('one of the three events did not complete')
line('the events of 20, 200 and 800 people at once', (performance.now() - began) / 1000, 120, 's')

const manyBegan = performance.now()
const many = await Promise.all(
  Array.from({ length: SESSIONS }, (_, i) => begin({ ...event, title: `Beside ${i}` }, run)),
)
line(
  `${SESSIONS} runs are accepted, p95`,
  percentile(
    many.map(({ accepted }) => accepted),
    0.95,
  ),
  500 * Math.max(1, SESSIONS / 10),
)
const all = await Promise.all(many.map(finish))
const strangers = all.flatMap(({ artifacts_generated: made }, i) =>
  made.filter((ref: any) => !ref.artifact_id.includes(many[i]!.id)),
)
line(
  `sessions of ${SESSIONS} that did not complete`,
  all.filter(({ status, partial }) => status !== 'completed' || partial).length,
  0,
  '',
)
line('artifacts of another event', strangers.length, 0, '')
console.log(
  `       ${SESSIONS} sessions took ${((performance.now() - manyBegan) / 1000).toFixed(1)} s, ten at work at a time; ${repeated} calls were answered 503 and made again`,
)

const { rows } = await server.kernel.db.query(
  `select (body ->> 'duration_ms')::float as ms from planning.traces where body ->> 'action' = 'invoke_agent' and body ->> 'status' = 'success'`,
)
line(
  'one agent task, system part, p95',
  percentile(
    rows.map(({ ms }) => ms as number),
    0.95,
  ),
  2_000,
)
const steps = await server.kernel.db.query(
  `select extract(epoch from (lead(at) over (partition by stream order by seq) - at)) * 1000 as ms from kernel.events where stream like 'session:%' and data ->> 'type' in ('handoff', 'lifecycle_transition') and stream in (${three.map((_, i) => `$${i + 1}`).join(', ')})`,
  three.map(({ session }) => `session:${session}`),
)
line(
  'a step of several agents, p95 of the three events',
  percentile(
    steps.rows.flatMap(({ ms }) => (ms === null ? [] : [Number(ms)])),
    0.95,
  ),
  5_000,
)
await server.stop()
await pg.stop()
fs.rmSync(home, { recursive: true, force: true })
process.exit(missed > 0 ? 1 : 0)
