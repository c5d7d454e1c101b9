import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import { askA2aAgent } from '../../kernel/tools/a2a-client.ts'
import { callTool } from '../../kernel/tools/call-tool.ts'
import { connectMcp } from '../../kernel/tools/mcp-client.ts'
import { defineTool, exportTool } from '../../kernel/tools/tool-descriptor.ts'
import { createToolRegistry } from '../../kernel/tools/tool-registry.ts'
import type { TaskToolContext } from './context.ts'

const TIMEOUT_MS = 150_000

/** `name=address` pairs of a setting; the operator's word that these may be asked, also on private addresses. */
function addressOf(pairs: readonly string[], name: string, setting: string): string {
  const known = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
  const url = known.get(name)
  if (!url)
    throw new AppError(
      'TOOL_ERROR',
      known.size > 0 ? `No ${name} in ${setting}: there are ${[...known.keys()].join(', ')}` : `Set ${setting} first`,
    )
  return url
}

export const askAgentTool = defineTool<{ agent: string; message: string }, unknown, TaskToolContext>({
  name: 'ask_agent',
  title: 'Ask another agent',
  description: 'Gives a job to an agent of another system over A2A and waits for its answer and artifacts.',
  input: z.object({ agent: z.string().min(1).max(100), message: z.string().min(1).max(20_000) }),
  touches: ['network'],
  approval: 'edits',
  timeoutMs: TIMEOUT_MS,
  summarise: ({ agent, message }) => `ask ${agent}: ${message.slice(0, 100)}`,
  run: ({ kernel, signal }, { agent, message }) =>
    askA2aAgent({
      name: agent,
      url: addressOf(kernel.config.core.a2aAgents, agent, 'A2A_AGENTS'),
      message,
      signal,
      allowPrivate: true,
    }),
})

const connect = (config: TaskToolContext['kernel']['config'], server: string) =>
  connectMcp({
    name: server,
    prefix: server,
    url: addressOf(config.core.mcpServers, server, 'MCP_SERVERS'),
    allowPrivate: true,
  })

export const listMcpToolsTool = defineTool<{ server: string }, unknown, TaskToolContext>({
  name: 'mcp_tools',
  title: 'Tools of another program',
  description: 'The tools that an MCP server offers, with their inputs.',
  input: z.object({ server: z.string().min(1).max(100) }),
  touches: ['network'],
  approval: 'never',
  timeoutMs: TIMEOUT_MS,
  async run({ kernel }, { server }) {
    const connection = await connect(kernel.config, server)
    try {
      return { tools: (await connection.tools()).map(exportTool) }
    } finally {
      await connection.close()
    }
  },
})

export const callMcpTool = defineTool<
  { server: string; tool: string; arguments: Record<string, unknown> },
  unknown,
  TaskToolContext
>({
  name: 'mcp_call',
  title: 'Use a tool of another program',
  description: 'Calls a tool of an MCP server; mcp_tools names them.',
  input: z.object({
    server: z.string().min(1).max(100),
    tool: z.string().min(1).max(100),
    arguments: z.record(z.string(), z.unknown()).default({}),
  }) as never,
  touches: ['network'],
  approval: 'edits',
  timeoutMs: TIMEOUT_MS,
  summarise: ({ server, tool }) => `${server}: ${tool}`,
  async run(ctx, { server, tool, arguments: args }) {
    const connection = await connect(ctx.kernel.config, server)
    try {
      const registry = createToolRegistry(await connection.tools())
      const name = tool.startsWith(`${server}_`) ? tool : `${server}_${tool}`
      const outcome = await callTool(name, args, ctx, { registry })
      if (!outcome.ok) throw new AppError(outcome.code, outcome.message)
      return outcome.value
    } finally {
      await connection.close()
    }
  },
})
