// A database as the first release left it when it was killed: its migrations only, work of all domains in flight, a person's answer
// awaited in two, a message to the outside not sent yet (test/fixtures/previous-release.troupe, a backup of it). Today's code takes
// it over and ends all of it. Part of `npm run test:long`.
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { type BackupTable, listTables } from '../../src/kernel/db/backup.ts'
import { openDb } from '../../src/kernel/db/database.ts'
import { migrate } from '../../src/kernel/db/migrate.ts'
import { type Kernel, part } from '../../src/kernel/kernel.ts'
import { prepareEngineSchema } from '../../src/kernel/runs/engine-schema.ts'
import { sign } from '../../src/movies/secret-key.ts'
import { signedText } from '../../src/movies/store/load-state.ts'
import { fixSequences } from '../../src/server/restore.ts'
import { daysBefore, expire } from '../../src/server/retention/expire.ts'
import type { ServerState } from '../../src/server/start-server.ts'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { startAgents } from '../_agents.ts'
import { createDatabase, domainMigrations, KERNEL_MIGRATIONS } from '../_pg.ts'
import { type TestServer, testServer, until } from '../_server.ts'

const FILE = path.resolve(import.meta.dirname, '../fixtures/previous-release.troupe')
const SECRET_KEY = 'the key of the previous release'
const text = gunzipSync(fs.readFileSync(FILE)).toString().trim()
// As if it had been made a moment ago: deadlines and time limits are as far away as they were.
const age = Date.now() - Date.parse(JSON.parse(text.slice(0, text.indexOf('\n'))).at)
const lines = text
  .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)/g, (at) =>
    new Date(Date.parse(at) + age).toISOString(),
  )
  .split('\n')
  .map((line) => JSON.parse(line))
const MIGRATIONS = lines[0].migrations as { schema: string; name: string }[]

let dir: string
let server: TestServer
let agents: RunningAgent[] = []
let hook: http.Server
const received: string[] = []

/** The schema of that release: its own migrations, which must still be the same files. */
async function oldSchema(url: string): Promise<void> {
  const db = openDb({ url, max: 2, applicationName: 'troupe-test' })
  const sets = [KERNEL_MIGRATIONS, ...['tasks', 'planning', 'movies', 'simulation'].map(domainMigrations)]
  const old = sets.map(({ schema, dir: from }) => {
    const to = path.join(dir, 'migrations', schema)
    fs.mkdirSync(to, { recursive: true })
    for (const one of MIGRATIONS.filter((migration) => migration.schema === schema))
      fs.copyFileSync(path.join(from, one.name), path.join(to, one.name))
    return { schema, dir: to }
  })
  await migrate(db, old)
  await db.close()
  await prepareEngineSchema(url)
}

async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('begin')
  await client.query('set local session_replication_role = replica')
  for (const { schema, name } of await listTables(client)) await client.query(`delete from "${schema}"."${name}"`)
  let table: BackupTable | undefined
  for (const line of lines.slice(1)) {
    if (line.table) table = line.table
    else if (line.end === undefined) {
      const at = `"${table!.schema}"."${table!.name}"`
      const columns = table!.columns.map(({ name }) => `"${name}"`).join(', ')
      await client.query(
        `insert into ${at} (${columns}) overriding system value select ${columns} from jsonb_populate_record(null::${at}, $1)`,
        [JSON.stringify(line)],
      )
    }
  }
  const signing = { config: loadConfig({ SECRET_KEY }) } as Kernel
  const { rows: films } = await client.query('select workflow_id as id, version, engine from movies.workflows')
  for (const { id, version, engine } of films)
    await client.query('update movies.workflows set integrity = $2 where workflow_id = $1', [
      id,
      sign(signing, 'workflow', signedText(id, version, engine)),
    ])
  await fixSequences(client)
  await client.query(`update kernel.events set tx = '3'::xid8;
    update kernel.outbox set target = jsonb_set(target, '{url}', '"http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook"');
    update simulation.served_runs set output_root = '${dir}/output'; commit`)
  await client.end()
}

describe.runIf(process.env['CHAOS_LONG'])('an upgrade from the previous release', () => {
  beforeAll(async () => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-upgrade-'))
    // Of the files, only the folder that a queued run has reserved; the one at work begins again without its checkpoint.
    fs.mkdirSync(path.join(dir, 'output/old-queued'), { recursive: true })
    hook = http.createServer((request, response) => {
      request.resume()
      received.push(String(request.headers['idempotency-key']))
      response.end()
    })
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
    const databaseUrl = await createDatabase([])
    await oldSchema(databaseUrl)
    await fill(databaseUrl)
    server = await testServer({
      databaseUrl,
      env: { SIMULATION_OUTPUT_DIR: path.join(dir, 'output'), SECRET_KEY },
    })
    agents = await startAgents(server, 2)
  }, 180_000)
  afterAll(async () => {
    for (const agent of agents) await agent.stop()
    await server?.[Symbol.asyncDispose]()
    hook.close()
    fs.rmSync(dir, { recursive: true, force: true })
  })

  const rows = async (sql: string) => (await server.kernel.db.query(sql)).rows as Record<string, any>[]

  it('takes over every piece of work of the previous release and ends it, none of it twice', async () => {
    const before = await rows(`select id from kernel.assignments where status = 'completed'`)
    expect(before).toHaveLength(3)
    for (const [table, id, old] of [
      ['tasks.tasks', 'id', 1],
      ['planning.sessions', 'run_id', 2],
      ['movies.workflows', 'workflow_id', 2],
    ] as const)
      expect((await rows(`select ${id} from ${table}`)).length, table).toBe(old)

    const open = async () => {
      for (const one of (await server.call('GET', '/api/approvals/pending')).body)
        await server.call('POST', `/api/approvals/${one.approval_id}`, { decision: 'approved', comments: 'upgrade' })
      for (const { workflow_id, pending_decision } of (await server.call('GET', '/api/v1/workflows?limit=10')).body
        .workflows)
        if (pending_decision)
          await server.call('POST', `/api/v1/workflows/${workflow_id}/decisions`, {
            decision_id: pending_decision.decision_id,
            choice: pending_decision.options[0].value ?? pending_decision.options[0].id ?? pending_decision.options[0],
          })
      return rows(
        `select kind, status, stage, holds from kernel.runs where status not in ('completed', 'failed', 'cancelled')
       union all select 'task', status, id, '{}' from tasks.tasks where status not in ('completed', 'failed', 'cancelled')`,
      )
    }
    let left: unknown
    await until(async () => ((left = await open()) as unknown[]).length === 0, 250).catch(() =>
      expect(left).toEqual([]),
    )

    expect(
      await rows(
        `select kind, error->>'code' as code, error->>'message' as message from kernel.runs where status = 'failed' and kind <> 'simulation.run'`,
      ),
    ).toEqual([])
    const [task] = await rows('select id, status from tasks.tasks')
    const { body } = await server.call('GET', `/tasks/${task!['id']}`)
    expect(body.task.status).toBe('completed')
    expect(body.subtask_results).toHaveLength(12)
    expect(body.task.result.data.factorial_16).toBe(20922789888000)
    expect((await rows(`select status from planning.sessions`)).map((row) => row['status'])).toEqual([
      'completed',
      'completed',
    ])
    expect((await rows(`select status from movies.workflows`)).map((row) => row['status'])).toEqual([
      'completed',
      'completed',
    ])
    const ends = await rows(`select status, turn from simulation.served_runs where continued_as is null order by turn`)
    expect(ends).toEqual([
      { status: 'completed', turn: 10 },
      { status: 'completed', turn: 3000 },
    ])
    const twice = await rows(
      `select data->>'assignment_id' as id from kernel.events where type = 'assignment.completed' group by 1 having count(*) > 1`,
    )
    expect(twice).toEqual([])
    await until(() => received.length > 0)
    expect(received).toEqual(['msg_of_the_old_release'])
  }, 240_000)

  it('takes away what is past the retention in every domain, after showing it, and nothing that has not ended', async () => {
    const { kernel } = server
    const modules = kernel.use(part<ServerState>('server')).modules
    await kernel.db.query(`update tasks.tasks set finished_at = finished_at - interval '40 days';
      update movies.workflows set updated_at = updated_at - interval '40 days';
      update simulation.served_runs set ended_at = ended_at - interval '40 days';
      update kernel.runs set finished_at = finished_at - interval '40 days';
      update kernel.outbox set created_at = created_at - interval '40 days'`)
    const { body } = await server.call('POST', '/tasks', { description: 'Calculate factorial of 12' })
    const before = daysBefore(kernel, 30)
    const shown = await expire(kernel, modules, before, { dry: true })
    const of = (all: { what: string; count: number }[], word: string) =>
      all.find(({ what }) => what.startsWith(word))!.count
    expect([of(shown, 'tasks'), of(shown, 'films'), of(shown, 'messages')]).toEqual([1, 2, 1])
    expect(of(shown, 'simulations')).toBeGreaterThanOrEqual(2)
    const left = async (table: string) => (await rows(`select count(*)::int as n from ${table}`))[0]!['n']
    expect(await left('movies.workflows')).toBe(2)

    const [records, audit] = [await left('planning.event_briefs'), await left('kernel.audit_rows')]
    expect(await expire(kernel, modules, before, { dry: false })).toEqual(shown)
    expect(await left('tasks.tasks')).toBe(1)
    expect([await left('movies.workflows'), await left('movies.artifacts')]).toEqual([0, 0])
    expect([await left('simulation.served_runs'), fs.readdirSync(path.join(dir, 'output'))]).toEqual([0, []])
    expect(
      (
        await rows(
          `select 1 from kernel.runs where domain <> 'planning' and finished_at is not null and key is distinct from '${body.task_id}'`,
        )
      ).length,
    ).toBe(0)
    expect(
      (await rows(`select 1 from kernel.events where domain in ('movies') and stream like 'workflow:%'`)).length,
    ).toBe(0)
    expect([await left('planning.event_briefs'), await left('planning.sessions')]).toEqual([records, 2])
    expect(await left('kernel.audit_rows')).toBeGreaterThanOrEqual(audit)
    const again = await expire(kernel, modules, before, { dry: true })
    expect(again.filter(({ count }) => count > 0)).toEqual([])
    const ended = await until(async () => {
      const { task } = (await server.call('GET', `/tasks/${body.task_id}`)).body
      return task.status === 'completed' ? task : undefined
    })
    expect(ended.result.data.factorial_12).toBe(479001600)
  }, 120_000)

  it('restores a backup of the previous release into a database of this one, and starts on it', async () => {
    const url = await createDatabase([])
    // The command is a process of its own: one engine a process.
    await promisify(execFile)(process.execPath, [path.resolve('troupe.mjs'), 'db', 'restore', FILE], {
      env: { ...process.env, DATABASE_URL: url, TROUPE_HOME: path.join(dir, 'home') },
    })
    await using restored = await testServer({ databaseUrl: url, roles: ['api'] })
    expect((await restored.call('GET', '/tasks')).body.tasks).toHaveLength(1)
    // Six of that release, and the one its task has got.
    expect((await restored.call('GET', '/v1/runs')).body.total).toBe(7)
  }, 180_000)
})
