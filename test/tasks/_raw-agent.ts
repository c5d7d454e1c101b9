// An agent that is nothing but the protocol: it registers, keeps what it is sent, and the test says what it answers.
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestServer, until } from '../_server.ts'

export type Job = {
  task_id: string
  subtask: { id: string; description: string }
  attempt: number
  callback_url: string
  callback_token: string
  assignment_id: string
}
export const GOOD = {
  status: 'completed',
  output: { success: true, data: { n: 1 }, summary: 'Done' },
  execution_time: 0.1,
}

/** A registered agent of the test; what it answers to /execute is up to `reply`. */
export async function rawAgent(
  server: TestServer,
  reply: (response: http.ServerResponse) => void = (response) => response.end('{"status":"accepted"}'),
  id = 'agent_9',
) {
  const jobs: Job[] = []
  const service = http.createServer(async (request, response) => {
    if (request.method !== 'POST') return response.end('{"status":"healthy"}')
    const body = JSON.parse((await request.toArray()).join(''))
    if (request.url === '/execute') jobs.push(body)
    reply(response)
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const instance = randomUUID()
  const endpoint = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  const registration = { agent_id: id, endpoint, capabilities: ['code_generation'], instance }
  const registered = await server.call('POST', '/v1/agents', registration)
  const token = registered.body.agent_token as string
  const headers = { authorization: `Bearer ${token}` }
  const close = async () => {
    await server.call('DELETE', `/v1/agents/${id}`, undefined, headers)
    service.closeAllConnections()
    await new Promise((resolve) => service.close(resolve))
  }
  const beat = (running: object[] = []) =>
    server.call(
      'POST',
      `/v1/agents/${id}/heartbeat`,
      { instance, is_available: running.length === 0, running },
      headers,
    )
  return { id, jobs, close, beat, headers, registration, registered, next: (n: number) => until(() => jobs[n - 1]) }
}

/** A call of an attempt, below its callback address. */
export const below = (server: TestServer, job: Job, at: string, body?: unknown, method = 'POST') =>
  server.call(method, `${new URL(job.callback_url).pathname}/${at}`, body, {
    authorization: `Bearer ${job.callback_token}`,
  })
