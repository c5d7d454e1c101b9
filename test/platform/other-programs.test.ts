import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningAgent } from '../../src/tasks/agent/start-agent.ts'
import { taskTools } from '../../src/tasks/tools/index.ts'
import { startAgents } from '../_agents.ts'
import { type TestServer, testServer } from '../_server.ts'

let server: TestServer
let agents: RunningAgent[]
beforeAll(async () => {
  server = await testServer()
  agents = await startAgents(server, 1)
  // It asks itself: both sides of the protocols are the real ones.
  const { core } = server.kernel.config
  core.a2aAgents.push(`twin=${server.url}`)
  core.mcpServers.push(`twin=${server.url}/mcp`)
}, 120_000)
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.stop(0)))
  await server[Symbol.asyncDispose]()
})

const use = async (tool: string, args: Record<string, unknown>) =>
  taskTools
    .get(tool)
    .run({ kernel: server.kernel, callId: tool, signal: AbortSignal.timeout(60_000) }, args) as Promise<any>

describe('an agent', { timeout: 120_000 }, () => {
  it('gives a job to another agent over A2A 1.0 and reads its artifacts', async () => {
    const answer = await use('ask_agent', { agent: 'twin', message: 'Calculate factorial of 6' })
    expect(answer.state).toBe('completed')
    expect(JSON.stringify(answer.artifacts)).toContain('720')
  })

  it('lists and uses the tools of another program over MCP', async () => {
    const { tools } = await use('mcp_tools', { server: 'twin' })
    expect(tools.map((tool: any) => tool.name)).toContain('twin_list_runs')
    const runs = await use('mcp_call', { server: 'twin', tool: 'list_runs', arguments: { limit: 5 } })
    expect(runs).toHaveProperty('runs')
    await expect(use('mcp_call', { server: 'twin', tool: 'get_task', arguments: { id: 'none' } })).rejects.toThrow()
  })

  it('asks nobody that the operator did not name', async () => {
    await expect(use('ask_agent', { agent: 'stranger', message: 'hello' })).rejects.toThrow(
      'No stranger in A2A_AGENTS: there are twin',
    )
    await expect(use('mcp_tools', { server: 'stranger' })).rejects.toThrow('MCP_SERVERS')
  })
})
