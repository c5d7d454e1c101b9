import { randomUUID } from 'node:crypto'
import * as A2A from '@a2a-js/sdk'
import { ClientFactory } from '@a2a-js/sdk/client'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { finished, startAgents } from '../_agents.ts'
import { type TestServer, testServer } from '../_server.ts'

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
    const message = {
      messageId: randomUUID(),
      contextId: '',
      taskId: '',
      role: A2A.Role.ROLE_USER,
      parts: [
        {
          content: { $case: 'text' as const, value: 'Calculate factorial of 6' },
          metadata: undefined,
          filename: '',
          mediaType: 'text/plain',
        },
      ],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    }
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
})
