import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { startFakeServer } from './_fake-server.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const MAIN = new URL('./main.ts', import.meta.url).pathname

/** A real agent process and the port it registered. */
async function startProcess(env: Record<string, string> = {}) {
  const server = await startFakeServer()
  open.push(() => server[Symbol.asyncDispose]())
  const child = spawn(process.execPath, ['--max-semi-space-size=2', MAIN], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      AGENT_ID: 'agent_1',
      AGENT_PORT: '0',
      AGENT_TOKEN: 'boot',
      ORCHESTRATOR_URL: server.url,
      ...env,
    },
  })
  open.push(() => child.kill('SIGKILL'))
  const { body } = await server.waitFor(({ path: called }) => called === '/v1/agents')
  return { server, child, url: (body.endpoint as string).replace('localhost', '127.0.0.1') }
}

const exitOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))

it('drains on SIGTERM: refuses new work, finishes, deregisters, exits with 0', async () => {
  const { server, child, url } = await startProcess()
  const { promise: held, resolve: answerResult } = Promise.withResolvers<void>()
  server.answer(async ({ path: called }) => {
    if (called.endsWith('/result')) await held
    return undefined
  })
  const send = (body: object) => fetch(`${url}/execute`, { method: 'POST', body: JSON.stringify(body) })
  expect((await send(server.work('Calculate factorial of 10'))).status).toBe(200)
  await server.waitFor(({ path: called }) => called.endsWith('/result'))
  const exited = exitOf(child)
  child.kill('SIGTERM')
  await server.waitFor(({ path: called, body }) => called.endsWith('/heartbeat') && body.draining === true)
  const refused = await send(server.work('Calculate factorial of 11', { assignment_id: 'a2' }))
  expect([refused.status, await refused.json()]).toEqual([410, expect.objectContaining({ code: 'DRAINING' })])
  answerResult()
  expect(await exited).toBe(0)
  expect(server.seen('/v1/agents/agent_1', 'DELETE')).toHaveLength(1)
})

it('stops with the name of a wrong variable', async () => {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, AGENT_ID: 'robot' },
  })
  open.push(() => child.kill('SIGKILL'))
  let text = ''
  child.stderr.on('data', (chunk) => (text += chunk))
  expect(await exitOf(child)).toBe(2)
  expect(text).toContain('AGENT_ID')
})

it.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'stays below 90 MB with a warm compile cache',
  async () => {
    const cache = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-cache-'))
    open.push(() => fs.rmSync(cache, { recursive: true, force: true }))
    const warm = spawn(process.execPath, [MAIN, '--warm'], {
      stdio: 'ignore',
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
    })
    expect(await exitOf(warm)).toBe(0)
    const { server, url } = await startProcess({ NODE_COMPILE_CACHE: cache })
    await fetch(`${url}/execute`, { method: 'POST', body: JSON.stringify(server.work('Calculate factorial of 10')) })
    await server.waitFor(({ path: called }) => called.endsWith('/result'))
    const status = (await (await fetch(`${url}/status`)).json()) as { process_memory_bytes: number }
    expect(status.process_memory_bytes).toBeLessThan(90 * 1024 * 1024)
  },
)
