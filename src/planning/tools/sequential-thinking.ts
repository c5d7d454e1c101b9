import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import { connectMcp, type McpConnection } from '../../kernel/tools/mcp-client.ts'
import { defineTool, type ToolDescriptor } from '../../kernel/tools/tool-descriptor.ts'
import { planningTool } from './planning-tool.ts'

const input = z.looseObject({
  thought: z.string().min(1).max(10_000),
  nextThoughtNeeded: z.boolean().default(false),
  thoughtNumber: z.int().min(1).default(1),
  totalThoughts: z.int().min(1).default(1),
})
type Opened = { connection: McpConnection; tool: ToolDescriptor }

/** Step-by-step thinking on an MCP server over stdio. It never replaces an agent's output; where the server is away the thought is skipped. */
export function sequentialThinking(command: string, maxHistory: number) {
  let opened: Promise<Opened> | undefined
  const history: string[] = []
  const open = async (): Promise<Opened> => {
    const [program, ...args] = command.split(/\s+/)
    const connection = await connectMcp({
      name: 'sequential thinking',
      prefix: 'mcp',
      command: program!,
      args,
      env: { MAX_HISTORY_SIZE: String(maxHistory) },
      timeoutMs: 10_000,
    })
    const tool = (await connection.tools()).find(({ name }) => /sequential/i.test(name))
    if (tool) return { connection, tool }
    await connection.close()
    throw new AppError('TOOL_FAILED', 'The MCP server offers no sequential thinking')
  }
  return planningTool(
    defineTool({
      name: 'sequential_thinking',
      title: 'Step-by-step thinking',
      description: 'Notes one thought of a chain of reasoning. It does not replace the final answer.',
      input,
      touches: ['process'],
      approval: 'never',
      retry: { maxAttempts: 1, backoffMs: 0, factor: 1 },
      async run(ctx, thought) {
        opened ??= open()
        const { tool } = await opened.catch((error: Error) => {
          opened = undefined // the next call tries again
          throw error
        })
        history.push(thought.thought)
        if (history.length > maxHistory) history.splice(0, history.length - maxHistory)
        return tool.run(ctx, thought)
      },
      fallback: async () => 'skipped: the thinking server is not there',
    }) as never,
    { artifactMapping: [], tests: ['src/planning/tools/remote.test.ts'] },
  )
}
