import type { AddressInfo } from 'node:net'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AppError } from '../errors/app-error.ts'
import { callTool, type ToolHook } from './call-tool.ts'
import { connectMcp } from './mcp-client.ts'
import { mountMcp } from './mcp-server.ts'
import { defineTool, type ToolContext } from './tool-descriptor.ts'
import { createToolRegistry } from './tool-registry.ts'

type Principal = { id: string }
type Ctx = ToolContext & { principal: Principal }
const seen: string[] = []

const greet = defineTool({
  name: 'greet',
  title: 'Greet',
  description: 'Greets somebody',
  input: z.object({ name: z.string().min(2), times: z.number().int().default(1) }),
  output: z.object({ text: z.string(), by: z.string() }),
  touches: [],
  approval: 'never',
  run: async (ctx: Ctx, { name, times }) => ({ text: `${'Hello '.repeat(times)}${name}`, by: ctx.principal.id }),
})
const fail = defineTool({
  name: 'fail',
  title: 'Fail',
  description: 'Always fails',
  input: z.object({}),
  touches: ['files'],
  writes: ['files'],
  approval: 'edits',
  run: async () => Promise.reject(new AppError('DISK_FULL', 'no room')),
})
const hang = defineTool({
  name: 'hang',
  title: 'Hang',
  description: 'Never ends',
  input: z.object({}),
  touches: [],
  approval: 'never',
  run: async (ctx: Ctx) => {
    seen.push('hang started')
    await new Promise((done) => ctx.signal.addEventListener('abort', done))
    seen.push('hang stopped')
  },
})
const hook: ToolHook<Ctx> = {
  name: 'log',
  after: ({ tool, ctx }, outcome) => void seen.push(`${ctx.principal.id} ${tool.name} ${outcome.ok}`),
}

let app: FastifyInstance
let url: string
beforeAll(async () => {
  app = Fastify()
  mountMcp<Principal, Ctx>(app, {
    name: 'troupe',
    version: '1.0.0',
    authenticate: async ({ headers }) => {
      const id = /^Bearer (ada|bob)$/.exec(headers.authorization ?? '')?.[1]
      return id ? { id } : undefined
    },
    toolsFor: ({ id }) => createToolRegistry(id === 'ada' ? [greet, fail, hang] : [greet]),
    contextOf: (principal, call) => ({ ...call, principal }),
    hooks: [hook],
    log: { warn: (_fields: unknown, message?: string) => void seen.push(`warn ${message}`) },
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/mcp`
})
afterAll(() => app.close())

const connect = (who: string, more = {}) =>
  connectMcp({
    name: 'other',
    prefix: 'other',
    url,
    headers: { authorization: `Bearer ${who}` },
    allowPrivate: true,
    ...more,
  })
const context = (signal = new AbortController().signal) => ({ callId: 'c', signal })

describe('MCP server and client', () => {
  it('offers tools to another program and runs them as their caller', async () => {
    const connection = await connect('ada')
    const registry = createToolRegistry(await connection.tools())
    expect(registry.list().map(({ name, approval }) => [name, approval])).toEqual([
      ['other_greet', 'edits'],
      ['other_fail', 'edits'],
      ['other_hang', 'edits'],
    ])
    expect(registry.toJson()[0]!.inputSchema).toMatchObject({ properties: { name: { type: 'string', minLength: 2 } } })
    expect(await callTool('other_greet', { name: 'Eve', times: 2 }, context(), { registry })).toMatchObject({
      ok: true,
      value: { text: 'Hello Hello Eve', by: 'ada' },
    })
    expect(seen).toContain('ada greet true')
    await connection.close()
  })

  it('shows each caller its own tools', async () => {
    const connection = await connect('bob')
    expect((await connection.tools()).map(({ name }) => name)).toEqual(['other_greet'])
    await connection.close()
  })

  it('passes failures on as outcomes, and checks input before it sends', async () => {
    const connection = await connect('ada')
    const registry = createToolRegistry(await connection.tools())
    expect(await callTool('other_fail', {}, context(), { registry })).toMatchObject({
      ok: false,
      code: 'TOOL_FAILED',
      message: 'DISK_FULL: no room',
    })
    expect(await callTool('other_greet', { name: 'x' }, context(), { registry })).toMatchObject({
      ok: false,
      code: 'INVALID_INPUT',
    })
    await connection.close()
  })

  it.each([['legacy'], ['auto'], [{ pin: '2026-07-28' }]] as const)(
    'serves clients of other makers, negotiation %j',
    async (mode) => {
      const client = new Client({ name: 'stranger', version: '1' }, { versionNegotiation: { mode } })
      await client.connect(
        new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: 'Bearer ada' } } }),
      )
      const { tools } = await client.listTools()
      expect(tools.find(({ name }) => name === 'fail')?.annotations).toMatchObject({ readOnlyHint: false })
      const good = await client.callTool({ name: 'greet', arguments: { name: 'Eve' } })
      expect(good.structuredContent).toEqual({ text: 'Hello Eve', by: 'ada' })
      expect((await client.callTool({ name: 'greet', arguments: { name: 'x' } })).isError).toBe(true)
      await client.close()
    },
  )

  it('refuses callers without a credential, and unknown ones', async () => {
    for (const headers of [{}, { authorization: 'Bearer eve' }] as Record<string, string>[]) {
      const answer = await app.inject({ method: 'POST', url: '/mcp', headers, payload: {} })
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    }
    await expect(connect('eve')).rejects.toMatchObject({ code: 'MCP_UNAVAILABLE' })
  })

  it('ends a call that takes too long, on both sides', async () => {
    const connection = await connect('ada', { timeoutMs: 300 })
    const registry = createToolRegistry(await connection.tools())
    expect(await callTool('other_hang', {}, context(), { registry })).toMatchObject({
      ok: false,
      code: 'MCP_UNAVAILABLE',
    })
    await expect.poll(() => seen).toContain('hang stopped')
    await connection.close()
  })

  it('stops a call when the caller does', async () => {
    const connection = await connect('ada')
    const registry = createToolRegistry(await connection.tools())
    const stop = new AbortController()
    const running = callTool('other_hang', {}, context(stop.signal), { registry })
    setTimeout(() => stop.abort(new Error('enough')), 50)
    await expect(running).rejects.toThrow('enough')
    await connection.close()
  })

  it('does not connect to inner addresses that a user gave', async () => {
    await expect(connect('ada', { allowPrivate: false })).rejects.toThrow(/not allowed/)
  })

  it('speaks to a server that is a child process, without giving it our environment', async () => {
    process.env.TEST_MCP_SECRET = 'hunter2'
    const script = `
      import { McpServer } from '@modelcontextprotocol/server'
      import { serveStdio } from '@modelcontextprotocol/server/stdio'
      import { z } from 'zod'
      serveStdio(() => {
        const server = new McpServer({ name: 'child', version: '1' })
        server.registerTool('env', { description: 'e', inputSchema: z.object({}) }, async () => ({
          content: [{ type: 'text', text: String(process.env.TEST_MCP_SECRET) }] }))
        return server
      })`
    const connection = await connectMcp({
      name: 'child',
      prefix: 'child',
      command: process.execPath,
      args: ['--input-type=module', '-e', script],
    })
    const registry = createToolRegistry(await connection.tools())
    expect(await callTool('child_env', {}, context(), { registry })).toMatchObject({ ok: true, value: 'undefined' })
    await connection.close()
    delete process.env.TEST_MCP_SECRET
    await expect(connectMcp({ name: 'none', prefix: 'x', command: '/no/such/program' })).rejects.toMatchObject({
      code: 'MCP_UNAVAILABLE',
    })
  })
})
