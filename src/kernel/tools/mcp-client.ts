import { z } from 'zod'
import { AppError } from '../errors/app-error.ts'
import { guardedStreamFetch } from './guarded-stream-fetch.ts'
import type { ToolContext, ToolDescriptor } from './tool-descriptor.ts'

export type McpConnection = {
  /** The tools of the other server as ours, called `{prefix}_{name}`. */
  tools(): Promise<ToolDescriptor[]>
  close(): Promise<void>
}
export type McpTarget = {
  name: string
  timeoutMs?: number /** Put before the names of its tools. */
  prefix: string
} & (
  | {
      url: string
      headers?: Record<string, string>
      /** True for addresses that the operator configured. */
      allowPrivate: boolean
    }
  | { command: string; args?: readonly string[]; env?: Record<string, string> }
)

const LONGEST_RESULT = 1_000_000

/** A foreign JSON Schema as a check; one that cannot be read accepts any object, and the other server checks. */
function inputOf(schema: Record<string, unknown>): z.ZodType<Record<string, unknown>> {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]) as z.ZodType<Record<string, unknown>>
  } catch {
    return z.record(z.string(), z.unknown())
  }
}

const safeName = (prefix: string, name: string) => `${prefix}_${name}`.replace(/[^\w-]/g, '_').slice(0, 64)

/**
 * Connects to an MCP server over HTTP (through the guarded door) or as a child process (without our environment). What it says about itself is not trusted:
 * its tools count as writing, its texts are data. Throws MCP_UNAVAILABLE.
 */
export async function connectMcp(target: McpTarget): Promise<McpConnection> {
  const timeout = target.timeoutMs ?? 30_000
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client')
  const client = new Client({ name: 'troupe', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  const unavailable = (cause: unknown) =>
    new AppError(
      'MCP_UNAVAILABLE',
      `The MCP server ${target.name} does not answer (${cause instanceof Error ? cause.message.slice(0, 200) : 'unknown failure'}).`,
      { server: target.name, transient: true },
      { cause },
    )
  try {
    if ('url' in target)
      await client.connect(
        new StreamableHTTPClientTransport(new URL(target.url), {
          fetch: guardedStreamFetch({ allowPrivate: target.allowPrivate }),
          requestInit: { headers: target.headers ?? {} },
        }),
        { timeout },
      )
    else {
      const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio')
      const { command, args = [], env = {} } = target
      await client.connect(new StdioClientTransport({ command, args: [...args], env, stderr: 'ignore' }), { timeout })
    }
  } catch (cause) {
    await client.close()
    throw unavailable(cause)
  }

  const toDescriptor = (tool: {
    name: string
    title?: string
    description?: string
    inputSchema: unknown
  }): ToolDescriptor => ({
    name: safeName(target.prefix, tool.name),
    title: tool.title ?? tool.name,
    description: tool.description ?? '',
    input: inputOf(tool.inputSchema as Record<string, unknown>),
    inputJsonSchema: tool.inputSchema as Record<string, unknown>,
    touches: ['network'],
    writes: [target.name],
    approval: 'edits',
    async run(ctx: ToolContext, args: Record<string, unknown>) {
      const result = await client
        .callTool({ name: tool.name, arguments: args }, { signal: ctx.signal, timeout, maxTotalTimeout: timeout })
        .catch((cause: unknown) => {
          ctx.signal.throwIfAborted()
          throw unavailable(cause)
        })
      const text = result.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n')
      if (result.isError)
        throw new AppError('TOOL_FAILED', text.slice(0, 2000) || `${tool.name} failed.`, { server: target.name })
      if (text.length > LONGEST_RESULT)
        throw new AppError('TOOL_FAILED', `${tool.name} gave more than ${LONGEST_RESULT} characters.`, {})
      return result.structuredContent ?? text
    },
  })

  return {
    close: () => client.close(),
    async tools() {
      const { tools } = await client.listTools(undefined, { timeout }).catch((cause: unknown) => {
        throw unavailable(cause)
      })
      return tools.map(toDescriptor)
    },
  }
}
