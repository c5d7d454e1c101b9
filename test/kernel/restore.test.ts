// Backup and restore with runs in flight, on a database whose password is a token that only the identity endpoint knows.
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { db as dbCommand } from '../../src/cli/db.ts'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import type { Module } from '../../src/kernel/module.ts'
import { ask, defineFlow, done } from '../../src/kernel/runs/flow.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { loadModules } from '../../src/server/compose.ts'
import { createDatabase } from '../_pg.ts'
import { type TestServer, testServer, until } from '../_server.ts'

const asking = defineFlow<{ note: string }>({
  kind: 'restore.asking',
  domain: 'restore',
  first: 'ask@1',
  stages: {
    'ask@1': async (run) =>
      ask(
        {
          id: `q-${run.id}`,
          domain: 'restore',
          kind: 'approve',
          type: 'test',
          title: 'Go on?',
          prompt: run.state.note,
        },
        'after@1',
      ),
    'after@1': async (run) => done({ note: run.state.note }),
  },
})
const waitingWork: Module = { name: 'restore', flows: [asking] }

let identity: http.Server
let issued = 0
let folder: string
let env: Record<string, string>
let server: TestServer

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-restore-'))
  const url = new URL(await createDatabase([]))
  const password = decodeURIComponent(url.password)
  url.password = ''
  identity = http.createServer((request, response) => {
    const known = request.headers['x-identity-header'] === 'header-of-the-platform'
    if (known) issued++
    response
      .writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
      .end(JSON.stringify(known ? { access_token: password, expires_in: 3600 } : { error: 'unauthorized' }))
  })
  await new Promise<void>((listening) => identity.listen(0, '127.0.0.1', listening))
  env = {
    DATABASE_URL: url.href,
    DATABASE_AUTH: 'entra',
    IDENTITY_ENDPOINT: `http://127.0.0.1:${(identity.address() as AddressInfo).port}/msi/token`,
    IDENTITY_HEADER: 'header-of-the-platform',
    TROUPE_HOME: path.join(folder, 'home'),
  }
}, 60_000)
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  identity.closeAllConnections()
  identity.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

const start = async () =>
  testServer({
    env,
    databaseUrl: env['DATABASE_URL']!,
    modules: [...(await loadModules(loadConfig(env))), waitingWork],
  })
const command = async (...argv: string[]) => {
  const said: string[] = []
  const code = await dbCommand(argv, {
    out: (text) => said.push(text),
    err: (text) => said.push(text),
    isTty: false,
    env,
  })
  return { code, said: said.join('\n') }
}
const begin = (note: string) =>
  server.kernel.db.transaction((tx) => startRun(tx, systemCtx(server.kernel), asking, { title: note, state: { note } }))
const statusOf = async (id: string) => (await server.call('GET', `/v1/runs/${id}`)).body.status as string
const isAsked = (id: string) =>
  until(async () => (await server.call('GET', `/v1/decisions/q-${id}`)).status === 200, 50)

describe('a database with Entra ID tokens', () => {
  it('serves, runs stages and backs up without a password in its settings', async () => {
    server = await start()
    const run = await begin('first')
    await isAsked(run.id)
    const { rows } = await server.kernel.db.query(
      `select distinct application_name as name from pg_stat_activity where datname = current_database()`,
    )
    expect(rows.map((row) => row['name'])).toEqual(expect.arrayContaining(['troupe', 'troupe-engine']))
    expect(issued).toBeGreaterThan(0)
    await server.call('POST', `/v1/decisions/q-${run.id}/answer`, { choice: 'approve' })
    await until(async () => (await statusOf(run.id)) === 'completed', 50)
  }, 60_000)

  it('brings waiting runs and their questions back from a backup, and they go on once answered', async () => {
    const waiting = await begin('kept')
    await isAsked(waiting.id)
    const file = path.join(folder, 'backup.gz')
    expect((await command('backup', file)).code).toBe(0)

    const later = await begin('after the backup')
    await isAsked(later.id)
    await server.call('POST', `/v1/decisions/q-${waiting.id}/answer`, { choice: 'deny' })
    await until(async () => (await statusOf(waiting.id)) === 'completed', 50)
    await server.stop()

    const restored = await command('restore', file)
    expect(restored).toMatchObject({ code: 0, said: expect.stringMatching(/^\d+ rows of \d+ tables restored$/) })
    server = await start()
    expect(await statusOf(waiting.id)).toBe('waiting')
    expect((await server.call('GET', `/v1/runs/${later.id}`)).status).toBe(404)
    expect((await server.call('POST', `/v1/decisions/q-${waiting.id}/answer`, { choice: 'approve' })).status).toBe(200)
    await until(async () => (await statusOf(waiting.id)) === 'completed', 50)
  }, 120_000)

  it('leaves the database as it was when the backup is torn', async () => {
    const run = await begin('must survive')
    await isAsked(run.id)
    await server.stop()
    const whole = fs.readFileSync(path.join(folder, 'backup.gz'))
    const torn = path.join(folder, 'torn.gz')
    fs.writeFileSync(torn, whole.subarray(0, Math.floor(whole.length / 2)))
    await expect(command('restore', torn)).rejects.toThrow()
    server = await start()
    expect(await statusOf(run.id)).toBe('waiting')
  }, 120_000)
})
