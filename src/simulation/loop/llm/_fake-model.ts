import http from 'node:http'
import type { AddressInfo } from 'node:net'

export type Seen = { path: string; headers: http.IncomingHttpHeaders; body: any }
/** What the fake does with one request: answer content, another status, silence, or a broken connection. */
export type Reply = { content: string } | { status: number; text?: string } | 'silence' | 'reset' | { raw: string }

const sendJson = (response: http.ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** A loopback server that speaks Ollama's and OpenAI's chat protocols as they are. Replies are taken in order; the last stays. */
export async function fakeModel(replies: (Reply | ((seen: Seen) => Reply))[]) {
  const seen: Seen[] = []
  const server = http.createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      const call: Seen = { path: request.url ?? '', headers: request.headers, body: JSON.parse(text) }
      seen.push(call)
      const planned = replies[Math.min(seen.length, replies.length) - 1]!
      const reply = typeof planned === 'function' ? planned(call) : planned
      if (reply === 'silence') return
      if (reply === 'reset') return void request.socket.destroy()
      if ('raw' in reply) return sendJson(response, 200, reply.raw)
      if ('status' in reply) return sendJson(response, reply.status, { error: reply.text ?? 'no' })
      const { model } = call.body
      if (call.path === '/api/chat')
        return sendJson(response, 200, {
          model,
          created_at: new Date().toISOString(),
          message: { role: 'assistant', content: reply.content },
          done: true,
        })
      if (call.path.endsWith('/chat/completions'))
        return sendJson(response, 200, {
          id: 'chatcmpl-1',
          object: 'chat.completion',
          model,
          choices: [{ index: 0, message: { role: 'assistant', content: reply.content }, finish_reason: 'stop' }],
        })
      sendJson(response, 404, { error: 'unknown path' })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
