import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../schema.ts'

export type SeenCall = { method: string; path: string; token: string | undefined; body: any }
type Reply = { status?: number; json?: unknown; bytes?: Uint8Array }
type Handler = (call: SeenCall) => Reply | undefined | Promise<Reply | undefined>

/** Test helper: the server's side of the agent protocol (contract 10), in memory. A test's handler answers first. */
export async function startFakeServer(handler: Handler = () => undefined) {
  const calls: SeenCall[] = []
  const files = new Map<string, Buffer>()
  const waiting: { matches(call: SeenCall): boolean; resolve(call: SeenCall): void }[] = []
  let handle = handler

  const standard = ({ method, path }: SeenCall): Reply => {
    if (method === 'POST' && path === '/v1/agents')
      return { status: 201, json: { agent_token: 'at_1', heartbeat_seconds: 10, ttl_seconds: 60, requeued: [] } }
    if (path.endsWith('/heartbeat')) return { json: { status: 'ok', stop: [] } }
    if (method === 'DELETE' && path.startsWith('/v1/agents/')) return { json: { deregistered: true, requeued: [] } }
    if (path.endsWith('/result') || path.endsWith('/results'))
      return { json: { accepted: true, outcome: 'stored', subtask_status: 'completed' } }
    if (path.endsWith('/logs')) return { json: { stored: 1 } }
    if (path.endsWith('/progress')) return { status: 204 }
    if (path.endsWith('/checkpoint')) return { json: { saved_at: 'now' } }
    if (path.endsWith('/approvals')) return { json: { decision: 'approved', approval_id: null } }
    if (path.includes('/locks/')) return { json: { name: 'x', owner: 'y', expires_at: 'z' } }
    return { status: 404, json: { detail: `no ${path}`, code: 'NOT_FOUND' } }
  }
  const fileCall = ({ method, path }: SeenCall, raw: Buffer): Reply | undefined => {
    const [, name] = /\/files\/(.+)$/.exec(path) ?? []
    if (method === 'GET' && path.endsWith('/files'))
      return { json: { files: [...files].map(([file, bytes]) => ({ path: file, size: bytes.length })) } }
    if (name === undefined) return undefined
    const file = decodeURIComponent(name)
    if (method === 'PUT') {
      files.set(file, raw)
      return { json: { path: file, bytes: raw.length, sha256: 'x' } }
    }
    const bytes = files.get(file)
    return bytes ? { bytes } : { status: 404, json: { detail: `There is no file ${file}`, code: 'FILE_NOT_FOUND' } }
  }

  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    const isJson = request.headers['content-type'] === 'application/json'
    const call: SeenCall = {
      method: request.method!,
      path: new URL(request.url!, 'http://x').pathname,
      token: /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1],
      body: isJson ? JSON.parse(raw.toString()) : undefined,
    }
    calls.push(call)
    for (const waiter of [...waiting])
      if (waiter.matches(call)) {
        waiting.splice(waiting.indexOf(waiter), 1)
        waiter.resolve(call)
      }
    const reply = (await handle(call)) ?? fileCall(call, raw) ?? standard(call)
    response.writeHead(reply.status ?? 200, {
      'content-type': reply.bytes ? 'application/octet-stream' : 'application/json',
    })
    response.end(reply.bytes ?? (reply.json === undefined ? '' : JSON.stringify(reply.json)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const seen = (end: string, method = 'POST') =>
    calls.filter((call) => call.path.endsWith(end) && call.method === method)

  return {
    url,
    calls,
    files,
    seen,
    answer(next: Handler) {
      handle = next
    },
    /** The next call that matches, or one that came already. */
    waitFor(matches: (call: SeenCall) => boolean): Promise<SeenCall> {
      const known = calls.find(matches)
      if (known) return Promise.resolve(known)
      return new Promise((resolve) => waiting.push({ matches, resolve }))
    },
    /** The body of POST /execute for an attempt whose callbacks come here. */
    work(description: string, more: JsonObject = {}, subtask: JsonObject = {}) {
      const attempt = Number(more['attempt'] ?? 1)
      const id = String(more['assignment_id'] ?? 'a1')
      return {
        task_id: 'task_250101000000_0123456789ab',
        subtask: { id: 'subtask_0123456789ab', description, required_capabilities: ['data_analysis'], ...subtask },
        attempt,
        assignment_id: id,
        callback_url: `${url}/v1/assignments/${id}/attempts/${attempt}`,
        callback_token: 'ct_1',
        ...more,
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
export type FakeServer = Awaited<ReturnType<typeof startFakeServer>>
