import { randomUUID, timingSafeEqual } from 'node:crypto'
import http from 'node:http'
import type { z } from 'zod'
import { createFailureWindow } from '../../kernel/access/failure-window.ts'
import { OUTBOUND_HEADER } from '../../kernel/tools/outbound-header.ts'
import { CancelExecutionRequest, TaskExecutionRequest } from '../schema.ts'
import type { Worker } from './worker.ts'

/** The HTTP face of an agent (contract 2.3), on plain node:http to stay small. */

export type ServiceOptions = {
  agentId: string
  worker: Worker
  health(): object
  status(): object
  /** Required from callers when set; `GET /health` stays open. */
  token: string | undefined
  /** Host names besides loopback under which this agent may be addressed while it asks for no token. */
  allowedHosts: readonly string[]
}

type Reply = { status: number; body: object; headers?: Record<string, string> }
type Problem = { field: string; message: string }

const MAX_BODY = 50 * 1024 * 1024
const reply = (status: number, body: object, headers: Record<string, string> = {}): Reply => ({ status, body, headers })
const refusal = (status: number, code: string, detail: string, errors?: Problem[]): Reply =>
  reply(status, { detail, code, ...(errors && { errors }) })

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/i
const hostOf = (text: string | undefined) => (text ?? '').replace(/:\d+$/, '').toLowerCase()

function parseBody<S extends z.ZodType>(schema: S, text: string): { value: z.output<S> } | { problem: Reply } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return {
      problem: refusal(
        400,
        'VALIDATION_ERROR',
        'The body is not JSON: send an object with content-type application/json',
      ),
    }
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return { value: parsed.data }
  const errors = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'body', message }))
  const shown = errors.slice(0, 3).map(({ field, message }) => `${field}: ${message}`)
  return { problem: refusal(400, 'VALIDATION_ERROR', shown.join('; '), errors) }
}

class TooLargeError extends Error {}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MAX_BODY) throw new TooLargeError()
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString()
}

type Route = Partial<Record<string, (body: () => Promise<string>) => Reply | Promise<Reply>>>

export function createService(options: ServiceOptions): http.Server {
  const { agentId, worker, token } = options
  const failures = createFailureWindow()

  async function execute(body: () => Promise<string>): Promise<Reply> {
    const read = parseBody(TaskExecutionRequest, await body())
    if ('problem' in read) return worker.isDraining ? draining() : read.problem
    switch (await worker.acceptSoon(read.value)) {
      case 'accepted':
        return reply(200, { status: 'accepted', agent_id: agentId })
      case 'draining':
        return draining()
      case 'mismatch':
        return refusal(
          409,
          'CAPABILITY_MISMATCH',
          `${agentId} has none of the required capabilities ${read.value.subtask.required_capabilities.join(', ')}: send it to another agent`,
        )
      case 'busy':
        return refusal(503, 'AGENT_BUSY', 'Agent busy')
    }
  }
  const draining = () => refusal(410, 'DRAINING', `${agentId} is shutting down and accepts nothing more`)

  async function cancel(body: () => Promise<string>): Promise<Reply> {
    const read = parseBody(CancelExecutionRequest, await body())
    if ('problem' in read) return read.problem
    const { task_id, subtask_id } = read.value
    if (worker.cancel(task_id, subtask_id)) return reply(200, { status: 'cancelling' })
    return refusal(404, 'SUBTASK_NOT_FOUND', `${agentId} is not running ${subtask_id} of ${task_id}`)
  }

  const routes: Record<string, Route> = {
    '/health': { GET: () => reply(200, options.health()) },
    '/status': { GET: () => reply(200, options.status()) },
    '/execute': { POST: execute },
    '/cancel': { POST: cancel },
  }

  function refuseCaller(request: http.IncomingMessage, path: string): Reply | undefined {
    const { authorization, host, origin } = request.headers
    if (token !== undefined) {
      const given = Buffer.from(/^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1] ?? '')
      const wanted = Buffer.from(token)
      const isRight = given.length === wanted.length && timingSafeEqual(given, wanted)
      if (path === '/health') return undefined
      const address = request.socket.remoteAddress ?? ''
      if (failures.isShut(address))
        return refusal(429, 'RATE_LIMITED', 'Too many wrong tokens from this address: wait a minute')
      if (isRight) return undefined
      failures.failed(address)
      return refusal(401, 'UNAUTHORIZED', 'This agent needs Authorization: Bearer <token>')
    }
    // Without a token anyone on this machine may call, so a web page must not be able to.
    const isKnown = (name: string) => LOOPBACK.test(name) || options.allowedHosts.includes(name)
    if (!isKnown(hostOf(host)))
      return refusal(403, 'FORBIDDEN', `Host "${hostOf(host)}" is not this agent: use 127.0.0.1 or set API_TOKEN`)
    const isSafe = request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS'
    const originHost = origin === undefined ? undefined : hostOf(URL.parse(origin)?.host)
    const isForeign =
      originHost !== undefined ? !isKnown(originHost) : request.headers['sec-fetch-site'] === 'cross-site'
    if (!isSafe && request.headers[OUTBOUND_HEADER] !== undefined)
      return refusal(403, 'FORBIDDEN', 'A tool of an agent may not give work to agents')
    if (!isSafe && isForeign)
      return refusal(403, 'FORBIDDEN', `A page of ${origin ?? 'another site'} may not give work to agents`)
    return undefined
  }

  async function answer(request: http.IncomingMessage): Promise<Reply> {
    const path = URL.parse(request.url ?? '/', 'http://agent')?.pathname.replace(/(.)\/$/, '$1') ?? '/'
    const refused = refuseCaller(request, path)
    if (refused) return refused
    const route = routes[path]
    if (!route) return refusal(404, 'NOT_FOUND', `There is no ${path} here: use ${Object.keys(routes).join(', ')}`)
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
    const allow = Object.keys(route).join(', ')
    if (method === 'OPTIONS') return { status: 204, body: {}, headers: { allow } }
    const handler = route[method]
    if (!handler) return { ...refusal(405, 'METHOD_NOT_ALLOWED', `${path} answers ${allow}`), headers: { allow } }
    return handler(() => readBody(request))
  }

  const server = http.createServer((request, response) => {
    const id = request.headers['x-request-id']
    const requestId = typeof id === 'string' && /^[\x21-\x7e]{1,200}$/.test(id) ? id : randomUUID()
    answer(request)
      .catch((error: unknown) =>
        error instanceof TooLargeError
          ? refusal(413, 'PAYLOAD_TOO_LARGE', 'The body is larger than 50 MB')
          : refusal(500, 'INTERNAL_ERROR', 'The agent failed to answer: see its log'),
      )
      .then(({ status, body, headers }) => {
        const text = status === 204 ? '' : JSON.stringify(body)
        response.writeHead(status, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(text),
          'x-request-id': requestId,
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'GET, POST, OPTIONS',
          'access-control-allow-headers': '*',
          ...(status === 413 && { connection: 'close' }),
          ...headers,
        })
        response.end(request.method === 'HEAD' ? '' : text)
        if (status === 413) request.destroy()
      })
  })
  server.keepAliveTimeout = 65_000
  return server
}
