import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Log } from '../telemetry/logger.ts'
import { callTool, type ToolHook, toMcpContent } from './call-tool.ts'
import { exportTool, type ToolContext } from './tool-descriptor.ts'
import type { ToolRegistry } from './tool-registry.ts'

export type McpMount<P, C extends ToolContext = ToolContext> = {
  /** Default /mcp. */
  path?: string
  name: string
  version: string
  instructions?: string
  /** Who calls; undefined answers 401. The protocol library checks nothing itself. */
  authenticate(request: FastifyRequest): Promise<P | undefined>
  /** What this caller may see and use. */
  toolsFor(principal: P): ToolRegistry
  contextOf(principal: P, call: { callId: string; signal: AbortSignal }): C
  hooks?: readonly ToolHook<C>[]
  log: Pick<Log, 'warn'>
}

const MAX_BODY_BYTES = 4 * 1024 * 1024

/**
 * Serves tools to other programs over MCP at one route, for clients of the 2026 and the 2025 revisions. Each request is authenticated, sees the tools of its
 * caller, and goes through the same pipeline as an agent's call. Nothing is kept between requests. Host and origin are the server's to check.
 */
export function mountMcp<P, C extends ToolContext = ToolContext>(app: FastifyInstance, mount: McpMount<P, C>): void {
  const { path = '/mcp', name, version, instructions, log } = mount

  const handler = createMcpHandler(
    ({ authInfo }) => {
      const principal = authInfo?.extra?.['principal'] as P
      const registry = mount.toolsFor(principal)
      const server = new McpServer(
        { name, version },
        { ...(instructions && { instructions }), capabilities: { tools: {} } },
      )
      for (const tool of registry.list()) {
        const { title, description, readOnly } = exportTool(tool)
        server.registerTool(
          tool.name,
          {
            title,
            description,
            inputSchema: tool.input,
            ...(tool.output && { outputSchema: tool.output }),
            annotations: {
              readOnlyHint: readOnly,
              destructiveHint: !readOnly,
              openWorldHint: tool.touches.includes('network'),
            },
          },
          async (args: unknown, { mcpReq }) => {
            const callId = `mcp_${crypto.randomUUID()}`
            const outcome = await callTool(
              tool.name,
              args,
              mount.contextOf(principal, { callId, signal: mcpReq.signal }),
              {
                registry,
                ...(mount.hooks && { hooks: mount.hooks }),
              },
            )
            return toMcpContent(outcome)
          },
        )
      }
      return server
    },
    { onerror: (error) => log.warn({ reason: error.message }, 'an MCP request failed') },
  )
  const handle = toNodeHandler(handler, { maxRequestBodySize: MAX_BODY_BYTES })
  app.addHook('onClose', () => handler.close())

  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: path,
    bodyLimit: MAX_BODY_BYTES,
    handler: async (request, reply) => {
      const principal = await mount.authenticate(request)
      if (principal === undefined)
        return reply
          .code(401)
          .header('www-authenticate', 'Bearer')
          .send({ error: { code: 'UNAUTHORIZED', message: 'Send an API key or token as Authorization: Bearer.' } })
      reply.hijack()
      const auth = { token: '', clientId: name, scopes: [], extra: { principal } }
      await handle(Object.assign(request.raw, { auth }), reply.raw, request.body)
      return reply
    },
  })
}
