// A page of another site in a real browser, while the server runs as it does after `npm start`: without keys, on this machine. The page knows
// where the server is and tries what a page can try. What a browser would block by itself (private addresses) is switched off.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { startAgents } from '../_agents.ts'
import { launchBrowser } from '../_browser.ts'
import { type TestServer, testServer } from '../_server.ts'

const SITE = 'http://evil.example'
let server: TestServer
let agents: RunningAgent[]
let browser: Browser
let page: Page

beforeAll(async () => {
  server = await testServer()
  agents = await startAgents(server, 1)
  await server.call('POST', '/tasks', { description: 'Calculate factorial of 10' })
  browser = await launchBrowser([
    '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights',
  ])
  page = await browser.newPage()
  await page.route(`${SITE}/**`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><title>A game</title><iframe name="sink"></iframe>',
    }),
  )
  await page.goto(`${SITE}/`)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  for (const agent of agents ?? []) await agent.stop(0)
  await server?.[Symbol.asyncDispose]()
})

const tasks = async () =>
  (await server.kernel.db.query('select count(*)::int as n from tasks.tasks')).rows[0]!['n'] as number

describe('a foreign page', () => {
  it('reads nothing', async () => {
    const read = await page.evaluate(async (base) => {
      const paths = [
        '/tasks',
        '/agents',
        '/v1/keys',
        '/v1/events',
        '/v1/decisions',
        '/api/event-briefs',
        '/api/v1/workflows',
        '/simulations',
        '/metrics',
        '/openapi.json',
        '/v1/audit',
        '/docs',
      ]
      const seen: string[] = []
      for (const path of paths)
        for (const init of [{}, { credentials: 'include' as const }, { headers: { accept: 'application/json' } }])
          await fetch(base + path, init).then(
            async (answer) => {
              const text = await answer.text()
              if (answer.ok || text.length > 400) seen.push(`${path}: ${text.slice(0, 80)}`)
            },
            () => undefined,
          )
      return seen
    }, server.url)
    expect(read).toEqual([])
  }, 60_000)

  it('changes nothing, by fetch, beacon or form, in whatever form it writes the body', async () => {
    const before = await tasks()
    const answered = await page.evaluate(
      async ({ base, agent }) => {
        const { document, navigator } = globalThis as any
        const body = '{"description":"Calculate factorial of 10 for a foreign page"}'
        const ok: string[] = []
        for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
          for (const mode of ['cors', 'no-cors', 'same-origin'] as const)
            for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded'])
              for (const url of [`${base}/tasks`, `${base}/v1/keys`, `${agent}/execute`])
                await fetch(url, { method, mode, body, headers: { 'content-type': type } }).then(
                  (answer) => answer.ok && ok.push(`${method} ${mode} ${type} ${url}`),
                  () => undefined,
                )
        navigator.sendBeacon(
          `${base}/tasks?description=Calculate%20factorial%20of%2010`,
          new Blob([body], { type: 'text/plain' }),
        )
        for (const enctype of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
          const form = document.createElement('form')
          Object.assign(form, { action: `${base}/tasks`, method: 'post', enctype, target: 'sink' })
          const field = document.createElement('input')
          Object.assign(field, { name: 'description', value: 'Calculate factorial of 10 for a form' })
          form.append(field)
          document.body.append(form)
          form.submit()
          await new Promise((done) => setTimeout(done, 150))
        }
        return ok
      },
      { base: server.url, agent: agents[0]!.url },
    )
    expect(answered).toEqual([])
    expect(await tasks()).toBe(before)
    expect((await server.call('GET', '/v1/keys')).body.keys).toEqual([])
  }, 60_000)

  it('opens no socket and no stream', async () => {
    const opened = await page.evaluate(async (base) => {
      const open: string[] = []
      for (const path of ['/v1/live', '/ws/agents', '/ws/workflows/x', '/ws/agents/sessions/x'])
        await new Promise<void>((done) => {
          const socket = new WebSocket(base.replace('http', 'ws') + path)
          socket.onmessage = (event) => open.push(`${path}: ${String(event.data).slice(0, 60)}`)
          socket.onopen = () => open.push(path)
          socket.onclose = () => done()
        })
      await new Promise<void>((done) => {
        const stream = new EventSource(`${base}/v1/events`)
        stream.onopen = () => open.push('events')
        stream.onerror = () => {
          stream.close()
          done()
        }
      })
      return open
    }, server.url)
    expect(opened).toEqual([])
  }, 60_000)

  it('frames no screen, so that no click can be stolen, and learns nothing from scripts and styles', async () => {
    const learned = await page.evaluate(async (base) => {
      const { document } = globalThis as any
      const before = Object.keys(globalThis).length
      const frame = document.createElement('iframe')
      frame.src = `${base}/app/decisions`
      document.body.append(frame)
      await new Promise((done) => setTimeout(done, 1_000))
      const failures: string[] = []
      for (const path of ['/tasks', '/v1/client.ts', '/openapi.json'])
        await new Promise<void>((done) => {
          const script = document.createElement('script')
          script.src = base + path
          script.onload = () => {
            failures.push(`${path} ran`)
            done()
          }
          script.onerror = () => done()
          document.body.append(script)
        })
      return { globals: Object.keys(globalThis).length - before, failures }
    }, server.url)
    expect(learned.failures).toEqual([])
    const framed = page.frames().filter((frame) => frame.url().startsWith(server.url))
    for (const frame of framed) expect(await frame.content()).not.toContain('id="root"')
    const html = await fetch(`${server.url}/app`)
    expect(html.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  }, 60_000)

  it('gets no further under a name of its own that leads here (DNS rebinding)', async () => {
    const { port } = new URL(server.url)
    const ask = (host: string, method: string, upgrade = false) =>
      new Promise<number>((resolve, reject) => {
        const headers = {
          host,
          ...(upgrade
            ? {
                upgrade: 'websocket',
                connection: 'upgrade',
                'sec-websocket-key': 'eA==',
                'sec-websocket-version': '13',
              }
            : {}),
        }
        const request = http.request({
          host: '127.0.0.1',
          port,
          path: upgrade ? '/v1/live' : '/tasks',
          method,
          headers,
        })
        request.on('response', (answer) => resolve(answer.statusCode ?? 0))
        request.on('upgrade', (_answer, socket) => {
          socket.destroy()
          resolve(101)
        })
        request.on('error', reject)
        request.end()
      })
    for (const host of [
      `rebound.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '127.evil.example',
      '2130706433',
      '[::ffff:7f00:1]',
    ])
      for (const [method, upgrade] of [
        ['GET', false],
        ['POST', false],
        ['GET', true],
      ] as const)
        expect([400, 401, 403], `${method} ${host}`).toContain(await ask(host, method, upgrade))
    expect(await ask(`localhost:${port}`, 'GET')).toBe(200)
  })

  it('with an origin that is none is refused, not stumbled over', async () => {
    for (const origin of ['null', 'garbage', 'http://', '://', 'file://', `${server.url}.evil.example`])
      expect(
        (await server.call('POST', '/tasks', { description: 'Calculate factorial of 10' }, { origin })).status,
        origin,
      ).toBe(403)
  })

  it('listed in CORS_ORIGINS reads, and still changes nothing', async () => {
    const origins = server.kernel.config.core.corsOrigins as string[]
    origins.push(SITE)
    const seen = await page.evaluate(async (base) => {
      const read = await fetch(`${base}/tasks`).then(
        (answer) => answer.status,
        () => 0,
      )
      const write = await fetch(`${base}/tasks`, { method: 'POST', body: '{}' }).then(
        (answer) => answer.status,
        () => 0,
      )
      return { read, write }
    }, server.url)
    origins.pop()
    expect(seen).toEqual({ read: 200, write: 403 })
  })
})

it('a page of this machine on another port still reads, as the contracts say', async () => {
  const other = http.createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
  )
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  const tab = await browser.newPage()
  await tab.goto(`http://localhost:${(other.address() as AddressInfo).port}/`)
  const status = await tab.evaluate(
    (base) =>
      fetch(`${base}/tasks`).then(
        (answer) => answer.status,
        () => 0,
      ),
    server.url,
  )
  await tab.close()
  other.close()
  expect(status).toBe(200)
})
