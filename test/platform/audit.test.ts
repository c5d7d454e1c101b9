import fs from 'node:fs'
import path from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { audit } from '../../src/cli/audit.ts'
import { sealAudit } from '../../src/kernel/audit/seal-audit.ts'
import { verifyExport } from '../../src/kernel/audit/verify-audit.ts'
import { type TestServer, testServer, until } from '../_server.ts'

const TOKEN = 'configured-token-0123456789'
const admin = { authorization: `Bearer ${TOKEN}` }
let server: TestServer
beforeAll(async () => {
  server = await testServer({ env: { API_TOKEN: TOKEN } })
})
afterAll(() => server[Symbol.asyncDispose]())

const rowsOf = async (query: string) => (await server.call('GET', `/v1/audit?${query}`, undefined, admin)).body.rows
const verify = async () => (await server.call('GET', '/v1/audit/verify', undefined, admin)).body
const seal = async () => (await server.call('POST', '/v1/audit/seal', undefined, admin)).body.seal

async function cli(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = ''
  const code = await audit(argv, {
    out: (text) => {
      out += `${text}\n`
    },
    err: () => undefined,
    isTty: false,
    env: { TROUPE_URL: server.url, TROUPE_TOKEN: TOKEN },
  })
  return { code, out }
}

describe('the audit', () => {
  it('says who did what with which key, and how it looked before and after', async () => {
    const made = await server.call('POST', '/v1/keys', { name: 'planner', roles: ['Organizer'] }, admin)
    const { id, secret } = made.body
    const task = await server.call(
      'POST',
      '/tasks',
      { description: 'Calculate factorial of 10' },
      { 'x-api-key': secret },
    )
    await server.call('POST', `/tasks/${task.body.task_id}/cancel`, {}, { 'x-api-key': secret })
    const refused = await server.call('POST', '/v1/keys', { name: 'mine', roles: [] }, { 'x-api-key': secret })
    expect(refused.status).toBe(403)
    const [cancel] = await until(async () => {
      const rows = await rowsOf(`target_id=${task.body.task_id}&action=POST%20/tasks/:id/cancel`)
      return rows.length > 0 && rows
    })
    expect(cancel).toMatchObject({
      actor_name: 'planner',
      key_id: id,
      source: 'http',
      target_kind: 'task',
      outcome: 200,
    })
    expect(cancel.before.status).toMatch(/pending|in_progress/)
    expect(cancel.after.status).toBe('cancelled')
    const byKey = await until(async () => {
      const rows = await rowsOf(`key_id=${id}`)
      return rows.length === 3 && rows
    })
    expect(byKey.map((row: any) => [row.action, row.outcome])).toEqual([
      ['POST /v1/keys', 403],
      ['POST /tasks/:id/cancel', 200],
      ['POST /tasks', 200],
    ])
    expect(JSON.stringify(await rowsOf('limit=1000'))).not.toContain(secret)
  })

  it('has a row for what programs do over MCP and A2A, with their key', async () => {
    const { id, secret } = (await server.call('POST', '/v1/keys', { name: 'program', roles: ['Organizer'] }, admin))
      .body
    const headers = { 'x-api-key': secret }
    const mcp = new Client({ name: 'test', version: '1.0.0' })
    await mcp.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit: { headers } }))
    const tool = async (name: string, args: Record<string, unknown>) =>
      (await mcp.callTool({ name, arguments: args })) as any
    const { task_id } = (await tool('submit_task', { description: 'Calculate factorial of 10' })).structuredContent
    await tool('get_task', { id: task_id })
    await tool('cancel_task', { id: task_id })
    expect((await tool('cancel_task', { id: 'task_none' })).isError).toBe(true)
    await mcp.close()
    const sent = await server.call(
      'POST',
      '/a2a',
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'SendMessage',
        params: {
          configuration: { returnImmediately: true },
          message: { messageId: 'm1', role: 'ROLE_USER', parts: [{ text: 'Calculate factorial of 6' }] },
        },
      },
      { ...headers, 'a2a-version': '1.0' },
    )
    expect(sent.body.error, JSON.stringify(sent.body)).toBeUndefined()
    const rows = await until(async () => {
      const found = await rowsOf(`key_id=${id}`)
      return found.length >= 4 && found
    })
    expect(rows.map((row: any) => [row.source, row.action, row.target_kind, row.outcome])).toEqual([
      ['a2a', 'message/send', 'task', 200],
      ['mcp', 'cancel_task', 'task', 404],
      ['mcp', 'cancel_task', 'task', 200],
      ['mcp', 'submit_task', 'task', 200],
    ])
    const cancelled = rows[2]
    expect([cancelled.actor_name, cancelled.before.status, cancelled.after.status]).toEqual([
      'program',
      expect.stringMatching(/pending|in_progress/),
      'cancelled',
    ])
  })

  it('is not for everyone', async () => {
    const { secret } = (await server.call('POST', '/v1/keys', { name: 'eye', roles: ['Viewer'] }, admin)).body
    expect((await server.call('GET', '/v1/audit', undefined, { 'x-api-key': secret })).status).toBe(403)
    const auditor = (await server.call('POST', '/v1/keys', { name: 'auditor', roles: ['Auditor'] }, admin)).body
    expect((await server.call('GET', '/v1/audit/verify', undefined, { 'x-api-key': auditor.secret })).status).toBe(200)
  })

  it('seals batches into a chain that verifies here, by command, and as an exported file', async () => {
    const first = await seal()
    expect(first).toMatchObject({ no: 1, from_n: 1, previous: '0'.repeat(64) })
    await server.call('POST', '/v1/keys', { name: 'more', roles: [] }, admin)
    await until(async () => (await rowsOf('action=POST%20/v1/keys')).some((row: any) => row.after?.name === 'more'))
    const second = await seal()
    expect(second).toMatchObject({ no: 2, from_n: first.to_n + 1, previous: first.seal })
    expect(await verify()).toMatchObject({ ok: true, seals: 2, head: second.seal, problems: [] })
    const file = path.join(server.dir, 'audit.ndjson')
    expect((await cli('export', file)).code).toBe(0)
    expect(await cli('verify', file)).toMatchObject({ code: 0, out: expect.stringContaining(second.seal) })
    expect((await cli('verify')).out).toContain('The chain is whole')
    const lines = fs.readFileSync(file, 'utf8').split('\n')
    const forged = lines.map((line) => line.replace('"more"', '"less"'))
    expect(forged).not.toEqual(lines)
    expect(await verifyExport(forged)).toMatchObject({
      ok: false,
      problems: [{ seal: 2, problem: 'a row was changed after it was sealed' }],
    })
    const missing = lines.filter((line) => !line.includes('"POST /tasks"'))
    expect((await verifyExport(missing)).problems[0]!.problem).toMatch(/rows were sealed/)
  })

  it('refuses every change of rows and seals in the database, and notices one that was forced', async () => {
    const { db } = server.kernel
    for (const sql of [
      `update kernel.audit_rows set actor_name = 'nobody'`,
      'delete from kernel.audit_rows',
      'delete from kernel.audit_seals',
      'truncate kernel.audit_rows',
    ])
      await expect(db.query(sql)).rejects.toThrow('only ever added')
    await db.query('alter table kernel.audit_rows disable trigger audit_rows_append_only')
    await db.query(`update kernel.audit_rows set outcome = 299 where n = 1`)
    const report = await verify()
    expect(report.ok).toBe(false)
    expect(report.problems).toEqual([{ seal: 1, problem: 'a row was changed after it was sealed' }])
    expect((await cli('verify')).code).toBe(1)
    await db.query('alter table kernel.audit_rows enable trigger audit_rows_append_only')
  })

  it('leaves the rows of an unfinished hour open, and waits for transactions that could still write below the border', async () => {
    const { db } = server.kernel
    await server.call('POST', '/v1/keys', { name: 'late', roles: [] }, admin)
    await until(async () => (await rowsOf('q=keys')).some((row: any) => row.after?.name === 'late'))
    const now = new Date()
    expect(await sealAudit(db, now)).toBeUndefined()
    const anHourLater = new Date(now.getTime() + 3_600_000)
    const other = await db.connect()
    await other.query('begin')
    await other.query('select pg_current_xact_id()')
    expect(await sealAudit(db, anHourLater)).toBeUndefined()
    await other.query('commit')
    other.release()
    const sealed = await until(async () => sealAudit(db, anHourLater))
    expect(sealed.no).toBe(3)
  })
})
