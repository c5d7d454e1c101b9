import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callTool } from '../../kernel/tools/call-tool.ts'
import { createToolRegistry } from '../../kernel/tools/tool-registry.ts'
import { calendarAgent } from './calendar-agent.ts'
import { sequentialThinking } from './sequential-thinking.ts'

let server: http.Server
let base: string
const heard: any[] = []
beforeAll(async () => {
  server = http.createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      response.setHeader('content-type', 'application/json')
      if (request.url === '/.well-known/agent.json')
        return response.end(JSON.stringify({ name: 'Calendar', url: `${base}/a2a` }))
      const body = JSON.parse(Buffer.concat(parts).toString())
      heard.push(body)
      const parts2 = [{ kind: 'text', text: `noted: ${body.params.message.parts[0].text}` }]
      response.end(
        JSON.stringify({
          jsonrpc: '2.0',
          id: body.id,
          result: { kind: 'task', status: { state: 'completed' }, artifacts: [{ parts: parts2 }] },
        }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())
const call = (tool: any, args: unknown) =>
  callTool(
    tool.name,
    args,
    { callId: 'c1', signal: new AbortController().signal },
    { registry: createToolRegistry([tool]), sleep: async () => undefined },
  )

it('writes to the calendar agent that its card names, and reads messages out of tasks', async () => {
  expect(await call(calendarAgent(base), { message: 'Create an event' })).toMatchObject({
    ok: true,
    value: 'noted: Create an event',
  })
  expect(heard[0]).toMatchObject({ method: 'message/send', params: { message: { role: 'user', messageId: 'c1' } } })
  expect((await call(calendarAgent('http://127.0.0.1:9'), { message: 'x' })).ok).toBe(false)
})

it('thinks on an MCP server over stdio, and skips the thought when the server is not there', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-mcp-'))
  const script = path.join(folder, 'server.mjs')
  fs.writeFileSync(
    script,
    `import readline from 'node:readline'
const send = (body) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...body }) + '\\n')
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (method === 'initialize') send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } } })
  else if (method === 'tools/list') send({ id, result: { tools: [{ name: 'sequentialthinking', inputSchema: { type: 'object' } }] } })
  else if (method === 'tools/call') send({ id, result: { content: [{ type: 'text', text: 'thought ' + params.arguments.thought }] } })
  else if (id !== undefined) send({ id, error: { code: -32601, message: 'unknown' } })
})`,
  )
  expect(
    await call(sequentialThinking(`${process.execPath} ${script}`, 10), { thought: 'first the venue' }),
  ).toMatchObject({ ok: true, value: 'thought first the venue', usedFallback: false })
  expect(await call(sequentialThinking('/nowhere/at-all', 10), { thought: 'x' })).toMatchObject({
    ok: true,
    usedFallback: true,
  })
  fs.rmSync(folder, { recursive: true, force: true })
}, 60_000)
