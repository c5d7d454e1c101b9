// Every route that the server really has, against the OpenAPI document and against every role over HTTP. A route that nobody gave a policy
// is found here, because it stands in the router and not in the document.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ACCESS, type Access, ROLE_SCOPES, ROLES } from '../../src/kernel/access/scopes.ts'
import { type TestServer, testServer } from '../_server.ts'

const TOKEN = 'configured-token-0123456789'
/** Routes that are no declared ones, and what guards them. */
const BESIDE: Readonly<Record<string, string>> = {
  'GET /': 'the page of the screens; holds no data',
  'GET /app': 'the page of the screens',
  'GET /app/{}': 'files of the screens',
  'GET /v1/live': 'socket: asks itself, see below',
  'GET /ws/agents/sessions/{}': 'socket: asks itself, see below',
  'GET /ws/agents/{}/status': 'socket: asks itself, see below',
  'GET /ws/agents': 'socket: asks itself, see below',
  'GET /ws/workflows/{}': 'socket: asks itself, see below',
  'POST /mcp': 'asks for a key itself, see below',
  'GET /mcp': 'asks for a key itself, see below',
  'DELETE /mcp': 'asks for a key itself, see below',
  'POST /a2a': 'asks for a key itself, see below',
  'GET /.well-known/agent-card.json': 'public by the protocol; holds no data',
}

/** The scope that each policy asks for, written down a second time. */
const WANTED: Record<string, string> = {
  read: 'Events.Read',
  write: 'Events.Write',
  approve: 'Approvals.Approve',
  audit: 'Audit.Read',
  agents: 'agents',
  admin: 'Platform.Admin',
}

type Route = { method: string; path: string; access: Access }
let server: TestServer
let routes: Route[]
const keys = new Map<string, string>()
const admin = { authorization: `Bearer ${TOKEN}` }
const nameless = (path: string) => path.replace(/\{[^}]+\}/g, '{}')

beforeAll(async () => {
  server = await testServer({ env: { API_TOKEN: TOKEN }, roles: ['api'] })
  const { paths } = (await server.call('GET', '/openapi.json', undefined, admin)).body
  routes = Object.entries(paths as Record<string, Record<string, any>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      access: operation['x-access'] as Access,
    })),
  )
  for (const role of ROLES) {
    const made = await server.call('POST', '/v1/keys', { name: role, roles: [role] }, admin)
    keys.set(role, made.body.secret)
  }
})
afterAll(() => server[Symbol.asyncDispose]())

/** `METHOD /path` of everything in the router, parameters and stars as `{}`. */
const routesOfApp = (): string[] =>
  server.app.servedRoutes
    .filter((route) => !/^(HEAD|OPTIONS) /.test(route))
    .map((route) => route.replace(/:\w+(\([^)]*\))?/g, '{}').replace(/\*$/, '{}'))
const call = (route: Route, headers: Record<string, string>) =>
  server.app.inject({
    method: route.method as 'GET',
    url: route.path.replace(/\{\w+\}/g, 'none-such'),
    headers,
    remoteAddress: '192.0.2.7',
  })

describe('routes', () => {
  it('are all declared with a policy, or listed here with what guards them', () => {
    const declared = new Set(routes.map(({ method, path }) => `${method} ${nameless(path)}`))
    const real = routesOfApp()
    expect(real.length).toBeGreaterThan(250)
    const isFile = (route: string) => route.startsWith('GET /app/')
    expect(real.filter((route) => !declared.has(route) && !(route in BESIDE) && !isFile(route))).toEqual([])
    expect(Object.keys(BESIDE).filter((route) => !real.includes(route))).toEqual([])
    for (const { method, path, access } of routes) expect(ACCESS, `${method} ${path}`).toContain(access)
  })

  it('that are open to anybody are these', () => {
    const open = routes.filter(({ access }) => access === 'public').map(({ method, path }) => `${method} ${path}`)
    expect(open.sort()).toMatchInlineSnapshot(`
      [
        "GET /health",
        "GET /health/live",
        "GET /health/ready",
      ]
    `)
  })

  it('refuse whoever brings nothing with 401, over HTTP', async () => {
    const wrong: string[] = []
    for (const route of routes.filter(({ access }) => access !== 'public')) {
      const { statusCode } = await call(route, {})
      // A route with tokens of its own may say first that the thing does not exist.
      if (statusCode !== 401 && !(route.access === 'token' && [400, 404].includes(statusCode)))
        wrong.push(`${route.method} ${route.path}: ${statusCode}`)
    }
    expect(wrong).toEqual([])
  }, 60_000)

  it('refuse whoever brings nothing, a wrong key or an agent token also where they ask themselves', async () => {
    const sockets = Object.keys(BESIDE).filter((route) => BESIDE[route]!.startsWith('socket'))
    expect(sockets).toHaveLength(5)
    const base = server.url.replace('http', 'ws')
    for (const route of sockets)
      for (const headers of [{}, { authorization: 'Bearer tk_wrong' }, { authorization: 'Bearer at_wrong' }]) {
        const socket = new WebSocket(base + route.replace('GET ', '').replaceAll('{}', 'none-such'), { headers })
        const heard: string[] = []
        socket.on('message', (data) => heard.push(String(data)))
        const end = await new Promise<string>((resolve) => {
          socket.on('close', (code) => resolve(String(code)))
          socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)))
          socket.on('error', () => undefined)
        })
        expect(end, route).toMatch(/^(401|403|1008|4\d{3})$/)
        expect(
          heard.filter((text) => !/error|unauthori|forbidden/i.test(text)),
          route,
        ).toEqual([])
      }
    for (const [method, url] of [
      ['POST', '/mcp'],
      ['GET', '/mcp'],
      ['DELETE', '/mcp'],
      ['POST', '/a2a'],
    ] as const)
      expect((await call({ method, path: url, access: 'read' }, {})).statusCode, `${method} ${url}`).toBe(401)
  }, 60_000)

  it('refuse each role that lacks their scope with 403, and let the others past, over HTTP', async () => {
    const wrong: string[] = []
    let refused = 0
    for (const role of ROLES)
      for (const route of routes) {
        if (route.access === 'public' || route.access === 'token') continue
        const scopes = ROLE_SCOPES[role]
        const may = scopes.includes('*') || scopes.includes(WANTED[route.access]!)
        // Who may act is not let to: only reading changes nothing.
        if (may && route.method !== 'GET') continue
        if (may && route.path.includes('{')) continue
        const answer = await call(route, { 'x-api-key': keys.get(role)! })
        if (!may) refused++
        const isRefused = answer.statusCode === 403
        if (may ? answer.statusCode === 401 || answer.statusCode >= 500 : !isRefused)
          wrong.push(`${role} ${route.method} ${route.path}: ${answer.statusCode} ${answer.body.slice(0, 120)}`)
      }
    console.log(`${routes.length} routes, ${ROLES.length} roles, ${refused} refusals seen over HTTP`)
    expect(wrong).toEqual([])
    expect(refused).toBeGreaterThan(500)
  }, 120_000)
})
