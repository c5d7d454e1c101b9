// Agents that do nothing, each with an address of its own: node _no-op-agents.mjs SERVER FIRST COUNT
import { randomUUID } from 'node:crypto'
import http from 'node:http'

const [, , server, first, count] = process.argv
const keepAlive = new http.Agent({ keepAlive: true })

const call = (url, body, token) =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(body)
    const request = http.request(
      url,
      {
        method: 'POST',
        agent: keepAlive,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          authorization: `Bearer ${token}`,
        },
      },
      (response) => {
        let answer = ''
        response.on('data', (chunk) => (answer += chunk))
        response.on('end', () =>
          response.statusCode < 300
            ? resolve(JSON.parse(answer))
            : reject(new Error(`${url}: ${response.statusCode} ${answer}`)),
        )
      },
    )
    request.on('error', reject)
    request.end(text)
  })

async function start(id) {
  const instance = randomUUID()
  let running = []
  let reporting
  const agent = http.createServer(async (request, response) => {
    const job = request.method === 'POST' ? JSON.parse((await request.toArray()).join('')) : undefined
    if (!job) return response.end('{"status":"healthy"}')
    await reporting // the server may know of the result before its answer has come back
    running = [{ assignment_id: job.assignment_id, attempt: job.attempt }]
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ status: 'accepted', agent_id: id }))
    reporting = call(
      `${job.callback_url}/result`,
      {
        status: 'completed',
        output: { success: true, data: {}, summary: 'Done', result: '<p>Done</p>' },
        execution_time: 0.001,
      },
      job.callback_token,
    ).catch((error) => console.error(error.message))
    await reporting
    running = []
  })
  await new Promise((resolve) => agent.listen(0, '127.0.0.1', resolve))
  const me = {
    agent_id: id,
    instance,
    capabilities: ['data_analysis'],
    endpoint: `http://127.0.0.1:${agent.address().port}`,
  }
  const { agent_token } = await call(`${server}/v1/agents`, me, 'bench')
  setInterval(() => {
    call(
      `${server}/v1/agents/${id}/heartbeat`,
      { instance, is_available: running.length === 0, running },
      agent_token,
    ).catch((error) => console.error(error.message))
  }, 5_000)
}

for (let n = 0; n < Number(count); n++) await start(`agent_${Number(first) + n}`)
