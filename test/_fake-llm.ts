// Loopback model servers that speak the true protocols, with faults on demand. The scenario is the model id, so one server serves
// many tests: `ok`, `object`, `tool`, or a fault from FAULTS; a `-N` suffix limits a fault to the first N requests (`rate-limit-2`).
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Asked, protocols, type Reply } from './_fake-llm-protocols.ts'

export type { Asked, Reply } from './_fake-llm-protocols.ts'

export const FAULTS = [
  'rate-limit',
  'overloaded',
  'unavailable',
  'unauthorized',
  'bad-request',
  'no-temperature',
  'no-schema',
  'truncated-json',
  'broken-frame',
  'midstream-error',
  'cut-off-connection',
  'wrong-schema',
  'not-json',
  'fenced',
  'empty',
  'cut-off-answer',
  'refused',
  'slow',
] as const
export type Fault = (typeof FAULTS)[number]

export type FakeLlm = {
  /** Base address of each protocol, as a client wants it. */
  urls: { anthropic: string; openai: string }
  seen: Asked[]
  /** Answers of requests without a fault. Default: greets, gives OBJECT when an object is wanted, calls the first tool in scenario `tool`. */
  reply: (asked: Asked) => Reply | Promise<Reply>
  /** Connections that clients closed before the end. */
  aborted(): number
  close(): Promise<void>
}
export const OBJECT = { city: 'Oslo', seats: 42 }

export const defaultReply = (asked: Asked): Reply => {
  if (asked.model.startsWith('tool') && asked.tools[0] && asked.toolResults.length === 0)
    return { toolCalls: [{ name: asked.tools[0], input: { city: 'Oslo' } }] }
  if (asked.toolResults.length > 0) return { text: `The tool said: ${asked.toolResults.join(' | ')}` }
  return {
    text: asked.wantsObject || asked.model.startsWith('object') ? JSON.stringify(OBJECT) : 'Hello from the fake model',
  }
}

/** The fault a request meets, if any. */
function faultOf({ model, count }: Asked): Fault | undefined {
  const fault = FAULTS.find((name) => model === name || model.startsWith(`${name}-`))
  const times = Number(/-(\d+)$/.exec(model)?.[1] ?? Infinity)
  return fault && count <= times ? fault : undefined
}

const STATUS: Partial<Record<Fault, readonly [status: number, type: string, message: string]>> = {
  'rate-limit': [429, 'rate_limit_error', 'Slow down'],
  overloaded: [529, 'overloaded_error', 'Overloaded'],
  unavailable: [503, 'api_error', 'Service unavailable'],
  unauthorized: [401, 'authentication_error', 'invalid x-api-key'],
  'bad-request': [400, 'invalid_request_error', 'max_tokens: too large'],
}
const REFUSED_PART: Partial<Record<Fault, readonly [has: (body: any) => boolean, message: string]>> = {
  'no-temperature': [(body) => body.temperature !== undefined, "Unsupported parameter: 'temperature'"],
  'no-schema': [
    (body) =>
      body.response_format !== undefined ||
      body.text?.format !== undefined ||
      body.tools?.some((t: any) => t.name === 'json'),
    "Invalid parameter: 'response_format' of type 'json_schema' is not supported",
  ],
}
const WRONG_REPLY: Partial<Record<Fault, Reply>> = {
  'wrong-schema': { text: JSON.stringify({ city: 5, seats: 'many' }) },
  'not-json': { text: 'I would rather write prose.' },
  fenced: { text: `Here you are:\n\`\`\`json\n${JSON.stringify(OBJECT)}\n\`\`\`\nAnything else?` },
  empty: { text: '' },
  'cut-off-answer': { text: '{"city": "Os', finish: 'length' },
  refused: { text: 'I cannot help with that.', finish: 'refused' },
}

function sendJson(res: http.ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers })
  res.end(typeof body === 'string' ? body : JSON.stringify(body))
}

async function answer(asked: Asked, res: http.ServerResponse, reply: FakeLlm['reply']): Promise<void> {
  const protocol = protocols[asked.protocol]
  const fault = faultOf(asked)
  const failure = fault && STATUS[fault]
  if (failure) {
    const [status, type, message] = failure
    return sendJson(res, status, protocol.error(type, message), status === 429 ? { 'retry-after': '2' } : {})
  }
  const refused = fault && REFUSED_PART[fault]
  if (refused?.[0](asked.body)) return sendJson(res, 400, protocol.error('invalid_request_error', refused[1]))
  if (fault === 'slow') await new Promise((done) => res.on('close', done)) // answers never; ends when the client goes
  const content = (fault && WRONG_REPLY[fault]) ?? (await reply(asked))
  if (!asked.stream) {
    const text = JSON.stringify(protocol.whole(asked, content))
    if (fault === 'cut-off-connection') return void res.destroy()
    return sendJson(
      res,
      200,
      fault === 'truncated-json' || fault === 'broken-frame' || fault === 'midstream-error'
        ? text.slice(0, text.length / 2)
        : text,
    )
  }
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  let sent = 0
  const complete = protocol.events(asked, content, (data) => {
    const name = protocol.namesEvents ? `event: ${data['type']}\n` : ''
    if (sent++ === 4) {
      if (fault === 'broken-frame' || fault === 'truncated-json') res.write(`${name}data: {"type": "broken\n\n`)
      if (fault === 'midstream-error') {
        res.write(`${protocol.namesEvents ? 'event: error\n' : ''}data: ${JSON.stringify(protocol.midstream)}\n\n`)
        return false
      }
      if (fault === 'cut-off-connection') {
        setImmediate(() => res.destroy())
        return false
      }
    }
    return res.write(`${name}data: ${JSON.stringify(data)}\n\n`) || true
  })
  if (fault === 'cut-off-connection') return
  if (complete && protocol.done) res.write(`data: ${protocol.done}\n\n`)
  res.end()
}

export async function startFakeLlm(): Promise<FakeLlm> {
  let aborted = 0
  const counts = new Map<string, number>()
  const seen: Asked[] = []
  const server = http.createServer(async (req, res) => {
    let raw = ''
    for await (const piece of req) raw += piece
    res.on('close', () => {
      if (!res.writableEnded) aborted++
    })
    const path = req.url!.split('?')[0]!
    const found = Object.entries(protocols).find(([, protocol]) => path.endsWith(protocol.path))
    if (!found || req.method !== 'POST') return sendJson(res, 404, { error: { message: `no such path ${path}` } })
    const body = JSON.parse(raw)
    const name = found[0] as Asked['protocol']
    const key = `${name} ${body.model}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    const asked: Asked = {
      protocol: name,
      model: body.model,
      stream: body.stream === true,
      body,
      headers: req.headers,
      count,
      ...found[1].read(body),
    }
    seen.push(asked)
    await answer(asked, res, (request) => fake.reply(request))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const fake: FakeLlm = {
    urls: { anthropic: base, openai: base },
    seen,
    reply: defaultReply,
    aborted: () => aborted,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  return fake
}
