import http from 'node:http'
import type { AddressInfo } from 'node:net'

export type StubRequest = { method: string; path: string; body: any; headers: http.IncomingHttpHeaders }
export type StubAnswer = { status?: number; body?: unknown; delayMs?: number; hang?: boolean }

/** An agent host on loopback that speaks the execution contract (2.7); what it answers is the test's. */
export async function agentStub(answer: (request: StubRequest, count: number) => StubAnswer | Promise<StubAnswer>) {
  const requests: StubRequest[] = []
  const state = { healthy: true }
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const path = request.url ?? '/'
      const send = (status: number, body: unknown) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(body))
      }
      if (path.endsWith('/health'))
        return send(state.healthy ? 200 : 503, { status: state.healthy ? 'healthy' : 'unhealthy' })
      const text = Buffer.concat(chunks).toString()
      const asked = {
        method: request.method ?? 'GET',
        path,
        body: text ? JSON.parse(text) : undefined,
        headers: request.headers,
      }
      requests.push(asked)
      const { status = 200, body = {}, delayMs = 0, hang } = await answer(asked, requests.length)
      if (hang) return
      setTimeout(() => send(status, body), delayMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    state,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export const completed = (output: unknown, more: Record<string, unknown> = {}): StubAnswer => ({
  body: { status: 'completed', output_data: output, warnings: [], ...more },
})
