import { loadConfig } from '../src/kernel/config/load-config.ts'
import { silentLog } from '../src/kernel/telemetry/logger.ts'
import { openModel } from '../src/tasks/agent/open-model.ts'
import { type RunningAgent, startAgent } from '../src/tasks/agent/start-agent.ts'
import type { TestServer } from './_server.ts'
import { until } from './_server.ts'

/** Starts own agents in this process against a test server and waits until they are registered. */
export async function startAgents(
  server: TestServer,
  count = 5,
  env: Record<string, string> = {},
): Promise<RunningAgent[]> {
  const agents: RunningAgent[] = []
  for (let n = 1; n <= count; n++) {
    const config = loadConfig({
      AGENT_ID: `agent_${n}`,
      AGENT_PORT: '0',
      ORCHESTRATOR_URL: server.url,
      AGENT_HEARTBEAT_INTERVAL: '1',
      ALLOW_PRIVATE_HOSTS: '1',
      DATA_PATH: `${server.dir}/data`,
      ...env,
    })
    const log = silentLog as never
    agents.push(await startAgent({ config, log, model: openModel(config, log) }))
  }
  await until(async () => (await server.call('GET', '/agents')).body.agents.length === count)
  return agents
}

export async function submit(
  server: TestServer,
  description: string,
  more: Record<string, unknown> = {},
): Promise<string> {
  const { status, body } = await server.call('POST', '/tasks', { description, ...more })
  if (status !== 200) throw new Error(`submission refused: ${JSON.stringify(body)}`)
  return body.task_id
}

/** The task when it has ended. */
export const finished = (server: TestServer, id: string): Promise<any> =>
  until(async () => {
    const { body } = await server.call('GET', `/tasks/${id}`)
    return ['completed', 'failed', 'cancelled'].includes(body.task.status) ? body : undefined
  })
