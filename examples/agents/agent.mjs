// An agent for Troupe in one page of plain JavaScript (Node 18 or newer, no packages): it registers, sends heartbeats and counts words.
import { randomUUID } from 'node:crypto'
import http from 'node:http'

const { ORCHESTRATOR_URL: server = 'http://127.0.0.1:8000', AGENT_ID: id = 'agent_7' } = process.env
const instance = randomUUID()
let running = []

async function call(url, body, token) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

async function work({ subtask, callback_url, callback_token }) {
  const words = subtask.description.split(/\s+/).length
  const output = { success: true, data: { words }, summary: `Counted ${words} words` }
  await call(`${callback_url}/result`, { status: 'completed', output, execution_time: 0.01 }, callback_token)
  running = []
}

const agent = http.createServer(async (request, response) => {
  const answer = (status, body) => response.writeHead(status).end(JSON.stringify(body))
  if (request.method === 'GET')
    return answer(200, { status: 'healthy', agent_id: id, is_available: running.length === 0 })
  const job = JSON.parse((await request.toArray()).join(''))
  if (running.length > 0) return answer(503, { detail: 'Agent busy', code: 'AGENT_BUSY' })
  running = [{ assignment_id: job.assignment_id, attempt: job.attempt }]
  answer(200, { status: 'accepted', agent_id: id })
  work(job).catch(console.error)
})

let token
async function beat() {
  const me = {
    agent_id: id,
    instance,
    capabilities: ['code_generation'],
    endpoint: `http://127.0.0.1:${agent.address().port}`,
  }
  token ??= (await call(`${server}/v1/agents`, me, process.env.AGENT_TOKEN ?? '')).agent_token
  await call(`${server}/v1/agents/${id}/heartbeat`, { instance, is_available: running.length === 0, running }, token)
}
const again = () => beat().catch((error) => (token = console.error(error.message))) // forgotten: register again
agent.listen(Number(process.env.AGENT_PORT ?? 9001), '127.0.0.1', () =>
  again().then(() => setInterval(again, (process.env.AGENT_HEARTBEAT_INTERVAL ?? 10) * 1000)),
)
