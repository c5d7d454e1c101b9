// The platform's commands against a real server, as a terminal would run them.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/kernel/config/load-config.ts'
import { systemCtx } from '../../src/kernel/context.ts'
import type { Module } from '../../src/kernel/module.ts'
import { ask, defineFlow, done } from '../../src/kernel/runs/flow.ts'
import { startRun } from '../../src/kernel/runs/start-run.ts'
import { loadModules } from '../../src/server/compose.ts'
import { type TestServer, testServer, until } from '../_server.ts'

const ENTRY = path.resolve(import.meta.dirname, '../../troupe.mjs')
const asking = defineFlow<{ note: string }>({
  kind: 'cli.asking',
  domain: 'cli',
  first: 'ask@1',
  stages: {
    'ask@1': async (run) =>
      ask(
        { id: `q-${run.id}`, domain: 'cli', kind: 'approve', type: 'test', title: 'Go on?', prompt: run.state.note },
        'after@1',
      ),
    'after@1': async (run) => done({ note: run.state.note }),
  },
})
const work: Module = { name: 'cli', flows: [asking] }
let server: TestServer
const children = new Set<ChildProcess>()
beforeAll(async () => {
  server = await testServer({ modules: [...(await loadModules(loadConfig({}))), work] })
}, 60_000)
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await server[Symbol.asyncDispose]()
})

function troupe(argv: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [ENTRY, ...argv], {
    env: { ...process.env, TROUPE_URL: server.url, TROUPE_HOME: path.join(os.tmpdir(), 'no-troupe-here'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  const said = { out: '', err: '' }
  child.stdout!.on('data', (chunk) => (said.out += chunk))
  child.stderr!.on('data', (chunk) => (said.err += chunk))
  return { child, said, ended: once(child, 'close').then(([code]) => ({ code: code as number, ...said })) }
}
const say = (...argv: string[]) => troupe(argv).ended
const begin = async (note: string) => {
  const { id } = await server.kernel.db.transaction((tx) =>
    startRun(tx, systemCtx(server.kernel), asking, { title: note, state: { note } }),
  )
  await until(async () => (await server.call('GET', `/v1/decisions/q-${id}`)).status === 200, 50)
  return id
}

describe('troupe', { timeout: 120_000 }, () => {
  it('lists runs, shows what one waits for, and answers its question', async () => {
    const id = await begin('Shall the terminal go on?')
    const list = await say('runs', 'list', '--domain', 'cli', '--json')
    expect(JSON.parse(list.out).runs).toMatchObject([{ id, status: 'waiting' }])
    expect((await say('runs', 'show', id)).out).toMatch(/waiting, waits for decision/)
    expect((await say('decisions')).out).toContain(`q-${id}`)
    expect((await say('decisions', 'show', `q-${id}`)).out).toContain('Shall the terminal go on?')
    const answered = await say('decisions', 'answer', `q-${id}`, 'approve', '--comment', 'from here')
    expect(answered).toMatchObject({ code: 0, out: 'Go on?: approve\n' })
    await until(async () => (await server.call('GET', `/v1/runs/${id}`)).body.status === 'completed', 50)
    const again = await say('decisions', 'answer', `q-${id}`, 'deny')
    expect(again).toMatchObject({ code: 1, err: expect.stringMatching(/already|answered/i) })
  })

  it('pauses, resumes, forks and cancels a run', async () => {
    const id = await begin('control')
    expect((await say('runs', 'pause', id)).out).toContain('paused')
    expect((await say('runs', 'resume', id)).code).toBe(0)
    const fork = JSON.parse(
      (await say('runs', 'fork', id, '--stage', '1', '--state', '{"note":"forked"}', '--json')).out,
    )
    expect(fork.id).not.toBe(id)
    await until(async () => (await server.call('GET', `/v1/decisions/q-${fork.id}`)).body.prompt === 'forked', 50)
    expect((await say('runs', 'cancel', id)).out).toBe(`${id}: cancelled\n`)
    expect(await say('runs', 'fork', id, '--state', '{')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--state is not valid JSON'),
    })
  })

  it('walks events to their effects and follows new ones', async () => {
    const following = troupe(['events', 'follow', '--domain', 'cli', '--json'])
    // Until the follower is connected it hears of none of them.
    await until(async () => {
      const id = await begin('followed')
      for (let look = 0; look < 20 && !following.said.out.includes(id); look++)
        await new Promise((resolve) => setTimeout(resolve, 50))
      return following.said.out.includes(id)
    })
    following.child.kill('SIGINT')
    expect((await following.ended).code).toBe(130)
    const first = JSON.parse(following.said.out.split('\n')[0]!) as { id: string }
    const effects = await say('events', 'effects', first.id)
    expect(effects.code).toBe(0)
    expect(effects.out).toContain(first.id)
    expect((await say('events', 'list', '--domain', 'cli')).out.split('\n').length).toBeGreaterThan(2)
  })

  it('makes a key that works, lists it without its secret, and ends it', async () => {
    const made = JSON.parse((await say('key', 'create', 'robot', '--role', 'Viewer', '--days', '7', '--json')).out)
    const headers = { 'x-api-key': made.secret as string }
    expect((await server.call('GET', '/v1/runs', undefined, headers)).status).toBe(200)
    const listed = await say('key', 'list')
    expect(listed.out).toContain('robot')
    expect(listed.out).not.toContain(made.secret)
    expect((await say('key', 'revoke', made.id)).out).toBe(`${made.id}: revoked\n`)
    expect((await server.call('GET', '/v1/runs', undefined, headers)).status).toBe(401)
  })

  it('lists agents', async () => {
    const { agents } = JSON.parse((await say('agents', '--json')).out)
    expect(Array.isArray(agents)).toBe(true)
  })

  it('says what is wrong and what to do, with an exit code that tells which', async () => {
    expect(await say('runs', 'show', 'run_nothing')).toMatchObject({
      code: 1,
      err: expect.stringContaining('run_nothing'),
    })
    expect(await say('runs', 'dance', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('--help') })
    expect(await say('dance')).toMatchObject({ code: 2, err: expect.stringContaining('no command "dance"') })
    const nobody = await troupe(['runs'], { TROUPE_URL: 'http://127.0.0.1:1' }).ended
    expect(nobody).toMatchObject({ code: 1, err: expect.stringContaining('start it with "npm start"') })
    const wrong = await troupe(['runs'], { TROUPE_TOKEN: 'wrong' }).ended
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('not valid') })
  })
})
