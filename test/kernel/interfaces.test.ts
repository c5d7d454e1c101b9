import { randomUUID } from 'node:crypto'
import * as A2A from '@a2a-js/sdk'
import { ClientFactory } from '@a2a-js/sdk/client'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { finished, startAgents } from '../_agents.ts'
import { type TestServer, testServer, until } from '../_server.ts'

let server: TestServer
let agents: RunningAgent[]
beforeAll(async () => {
  server = await testServer()
  agents = await startAgents(server, 1)
})
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.stop(0)))
  await server[Symbol.asyncDispose]()
})

const asking = (text: string) => ({
  messageId: randomUUID(),
  contextId: '',
  taskId: '',
  role: A2A.Role.ROLE_USER,
  parts: [
    {
      content: { $case: 'text' as const, value: text },
      metadata: undefined,
      filename: '',
      mediaType: 'text/plain',
    },
  ],
  metadata: undefined,
  extensions: [],
  referenceTaskIds: [],
})

describe('other programs', () => {
  it('start a task over MCP, follow it and read its result', async () => {
    const client = new Client({ name: 'test', version: '1.0.0' })
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)))
    const { tools } = await client.listTools()
    expect(tools.map((tool) => tool.name)).toEqual(
      expect.arrayContaining(['submit_task', 'get_task', 'list_decisions', 'answer_decision', 'why']),
    )
    const started = (await client.callTool({
      name: 'submit_task',
      arguments: { description: 'Calculate factorial of 10' },
    })) as any
    const id = started.structuredContent.task_id as string
    await finished(server, id)
    const read = (await client.callTool({ name: 'get_task', arguments: { id } })) as any
    expect(read.structuredContent.task.result.data.factorial_10).toBe(3628800)
    const wrong = (await client.callTool({ name: 'get_task', arguments: { id: 'task_none' } })) as any
    expect(wrong.isError).toBe(true)
    await client.close()
  })

  it('give a job over A2A and get its artifacts', async () => {
    const client = await new ClientFactory().createFromUrl(server.url)
    const message = asking('Calculate factorial of 6')
    const states: string[] = []
    let artifact: any
    for await (const event of client.sendMessageStream({
      tenant: '',
      metadata: undefined,
      configuration: undefined,
      message,
    }) as AsyncIterable<any>) {
      const payload = event.payload ?? event
      if (payload.$case === 'statusUpdate') states.push(A2A.taskStateToJSON(payload.value.status.state))
      if (payload.$case === 'artifactUpdate') artifact = payload.value.artifact
    }
    expect(states.at(-1)).toBe('TASK_STATE_COMPLETED')
    expect(JSON.stringify(artifact)).toContain('720')
  })

  it('find a job they gave over A2A at another server and after a restart, follow it and cancel it', async () => {
    const at = async (url: string) => new ClientFactory().createFromUrl(url)
    const configuration = { returnImmediately: true } as never
    const give = async (text: string): Promise<any> =>
      (await at(server.url)).sendMessage({ tenant: '', metadata: undefined, configuration, message: asking(text) })
    const state = (task: any) => A2A.taskStateToJSON(task.status.state)
    const id = { tenant: '' }
    const { databaseUrl } = server
    const env = { DATABASE_URL: databaseUrl }
    // Nobody takes work: both jobs are still waiting when their server goes.
    expect((await server.call('POST', '/v1/agents/tasks/agent_1/drain')).status).toBe(200)
    const [kept, dropped] = [await give('Calculate factorial of 7'), await give('Calculate factorial of 8')]
    const bound = (task: any) =>
      until(async () => (await (await at(server.url)).getTask({ ...id, id: task.id })).metadata?.['troupe_task_id'])
    const troupe = [await bound(kept), await bound(dropped)]
    await Promise.all(agents.map((agent) => agent.stop(0)))
    await server.stop()

    const [first, second] = [
      await testServer({ databaseUrl, env }),
      await testServer({ databaseUrl, env, roles: ['api'] }),
    ]
    server = first
    const other = await at(second.url)
    expect(state(await other.getTask({ ...id, id: kept.id }))).toBe('TASK_STATE_WORKING')
    expect(state(await other.cancelTask({ ...id, metadata: undefined, id: dropped.id }))).toBe('TASK_STATE_CANCELED')
    expect((await first.call('GET', `/tasks/${troupe[1]}`)).body.task.status).toBe('cancelled')
    expect(state(await (await at(first.url)).getTask({ ...id, id: dropped.id }))).toBe('TASK_STATE_CANCELED')
    const told: any[] = []
    const follow = (async () => {
      for await (const event of other.resubscribeTask({ ...id, id: kept.id }) as AsyncIterable<any>)
        told.push(event.payload ?? event)
    })()
    await until(() => told.length > 0)
    agents = await startAgents(first, 1)
    await follow
    expect(told.map(({ $case }) => $case)).toEqual(['task', 'artifactUpdate', 'statusUpdate'])
    expect(state(told.at(-1).value)).toBe('TASK_STATE_COMPLETED')
    expect(JSON.stringify(told[1].value.artifact)).toContain('5040')
    await expect(other.getTask({ ...id, id: 'none' })).rejects.toThrow(/not found/i)
    await second[Symbol.asyncDispose]()
  })
})
