import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import { defineTool, type ToolContext, type ToolDescriptor } from '../../kernel/tools/tool-descriptor.ts'
import { createToolRegistry, type ToolRegistry } from '../../kernel/tools/tool-registry.ts'
import type { Capability, JsonObject } from '../schema.ts'
import type { TaskLink, ToolAnswer } from './task-link.ts'

/** The tools of contract 3.11 as a model in this process sees them. All but the shell run in the server, which also asks for approvals. */

type Offered = Pick<ToolDescriptor, 'name' | 'title' | 'description' | 'input' | 'touches' | 'approval'> & {
  aliases?: readonly string[]
}

const path = z.string().min(1).max(1000)
const SERVER_TOOLS: readonly Offered[] = [
  {
    name: 'database_query',
    aliases: ['query_database'],
    title: 'Query the database',
    description:
      'One read-only SQL statement with $1… parameters over the system tables and schema agent_data. At most 1,000 rows.',
    input: z.object({ query: z.string().min(1), params: z.array(z.unknown()).default([]) }),
    touches: ['database'],
    approval: 'never',
  },
  {
    name: 'store_rows',
    title: 'Store rows',
    description:
      'Inserts records into a table of schema agent_data; makes the table when it is new. Names in lower case with _.',
    input: z.object({ table: z.string(), rows: z.array(z.record(z.string(), z.unknown())).max(10_000) }),
    touches: ['database'],
    approval: 'edits',
  },
  {
    name: 'read_file',
    title: 'Read a file',
    description:
      'A file of the task: output/…, context/…, temp/… or uploads/… as text, base64 when binary. Read long files in pieces with offset and max_bytes.',
    input: z.object({ path, offset: z.int().min(0).default(0), max_bytes: z.int().min(1).default(100_000) }),
    touches: ['files'],
    approval: 'never',
  },
  {
    name: 'write_file',
    title: 'Write a file',
    description: 'Writes a file; the path is relative to output/.',
    input: z.object({ path, content: z.string(), encoding: z.enum(['utf8', 'base64']).default('utf8') }),
    touches: ['files'],
    approval: 'edits',
  },
  {
    name: 'list_files',
    title: 'List files',
    description: 'Names and sizes of the files of the task below a folder.',
    input: z.object({ path: z.string().default('.') }),
    touches: ['files'],
    approval: 'never',
  },
  {
    name: 'get_shared_state',
    aliases: ['get_shared_data'],
    title: 'Read shared state',
    description: 'A value that another step of this task shared.',
    input: z.object({ key: z.string() }),
    touches: ['state'],
    approval: 'never',
  },
  {
    name: 'set_shared_state',
    aliases: ['share_data'],
    title: 'Share a value',
    description: 'Shares a JSON value with the other steps of this task for ttl seconds.',
    input: z.object({ key: z.string(), value: z.unknown(), ttl: z.int().min(1).max(86_400).default(3600) }),
    touches: ['state'],
    approval: 'never',
  },
  {
    name: 'http_request',
    title: 'HTTP request',
    description:
      'Calls an http or https address. auth: {"type":"bearer","token"}, {"type":"basic","username","password"} or {"type":"header","name","value"}. extract: a path such as data[*].email. paginate: true, {"type":"link"}, {"type":"next","path"} or {"type":"page","param"}.',
    input: z.object({
      method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
      url: z.string(),
      query: z.record(z.string(), z.unknown()).optional(),
      headers: z.record(z.string(), z.string()).default({}),
      body: z.unknown().optional(),
      auth: z.record(z.string(), z.string()).optional(),
      extract: z.string().optional(),
      paginate: z.unknown().optional(),
    }),
    touches: ['network'],
    approval: 'edits',
  },
  {
    name: 'embedding_search',
    title: 'Search stored texts',
    description: 'Texts of this task that are nearest in meaning, with scores; empty without an embedding service.',
    input: z.object({ query: z.string().min(1), limit: z.int().min(1).max(50).default(5) }),
    touches: ['database'],
    approval: 'never',
  },
  {
    name: 'generate_embedding',
    title: 'Embed a text',
    description: 'The vector of a text of at most 8,000 characters.',
    input: z.object({ text: z.string().min(1).max(8000) }),
    touches: ['network'],
    approval: 'never',
  },
  {
    name: 'web_search',
    title: 'Search the web',
    description: 'Searches the web.',
    input: z.object({ query: z.string().min(1) }),
    touches: ['network'],
    approval: 'never',
  },
  {
    name: 'log_progress',
    title: 'Log progress',
    description: 'Tells people how far the step is.',
    input: z.object({ message: z.string().min(1).max(4000), percent: z.number().min(0).max(100).optional() }),
    touches: ['people'],
    approval: 'exempt',
  },
]

const name = z.string().min(1).max(100)
/** Offered where the operator named other programs. */
const OTHER_PROGRAMS: readonly (Offered & { of: 'a2a' | 'mcp' })[] = [
  {
    of: 'a2a',
    name: 'ask_agent',
    title: 'Ask another agent',
    description: 'Gives a job to an agent of another system over A2A and waits for its answer and artifacts.',
    input: z.object({ agent: name, message: z.string().min(1).max(20_000) }),
    touches: ['network'],
    approval: 'edits',
  },
  {
    of: 'mcp',
    name: 'mcp_tools',
    title: 'Tools of another program',
    description: 'The tools that an MCP server offers, with their inputs.',
    input: z.object({ server: name }),
    touches: ['network'],
    approval: 'never',
  },
  {
    of: 'mcp',
    name: 'mcp_call',
    title: 'Use a tool of another program',
    description: 'Calls a tool of an MCP server; mcp_tools names them.',
    input: z.object({ server: name, tool: name, arguments: z.record(z.string(), z.unknown()).default({}) }),
    touches: ['network'],
    approval: 'edits',
  },
]

/** The agent protocol takes 1 MB of JSON; larger files go as bytes. */
const MAX_CALL = 900_000

function readAnswer({ content, isError }: ToolAnswer): string {
  const text = content?.find((part) => part.type === 'text')?.text ?? ''
  if (!isError) return text
  const match = /^([A-Z_]+):\s*([\s\S]*)$/.exec(text)
  throw new AppError(match?.[1] ?? 'TOOL_ERROR', match?.[2] ?? text)
}

/** A large file by the file call; the person is asked as for the tool. */
async function writeLarge(link: TaskLink, args: JsonObject): Promise<string> {
  const name = `output/${String(args['path']).replace(/^output\//, '')}`
  const bytes = Buffer.from(String(args['content']), args['encoding'] === 'base64' ? 'base64' : 'utf8')
  const { decision, reason } = await link.approve('write_file', { path: name, bytes: bytes.length })
  if (decision !== 'approved')
    throw new AppError(
      decision === 'denied' ? 'APPROVAL_DENIED' : 'APPROVAL_TIMEOUT',
      reason ?? `write_file was ${decision}`,
    )
  await link.writeFile(name, bytes)
  return JSON.stringify({ path: name, bytes: bytes.length })
}

export type ModelToolOptions = {
  link: TaskLink
  capabilities: readonly Capability[]
  /** Runs a command in the task's files; absent when commands are switched off. */
  shell: ((command: string, signal: AbortSignal) => Promise<JsonObject>) | undefined
  /** Names of the agents and MCP servers that may be asked; none: the tools are not offered. */
  others?: { a2a: readonly string[]; mcp: readonly string[] }
  /** Keeps the paths that the model wrote. */
  onFile(path: string): void
}

export function createModelTools({ link, capabilities, shell, others, onFile }: ModelToolOptions): ToolRegistry {
  const more = OTHER_PROGRAMS.filter(({ of }) => (others?.[of].length ?? 0) > 0).map(({ of, ...tool }) => ({
    ...tool,
    description: `${tool.description} There are: ${others?.[of].join(', ')}.`,
  }))
  const offered = [
    ...SERVER_TOOLS.filter(({ name }) => name !== 'web_search' || capabilities.includes('web_scraping')),
    ...more,
  ]
  const remote = offered.map((tool) =>
    defineTool<JsonObject, string, ToolContext>({
      ...tool,
      input: tool.input as z.ZodType<JsonObject>,
      async run({ callId }, args) {
        const isLarge = tool.name === 'write_file' && String(args['content']).length > MAX_CALL
        const text = isLarge ? await writeLarge(link, args) : readAnswer(await link.tool(tool.name, args, callId))
        if (tool.name === 'write_file') onFile(`output/${String(args['path']).replace(/^output\//, '')}`)
        return text
      },
    }),
  )
  if (!shell) return createToolRegistry(remote)
  const command = defineTool<{ command: string }, JsonObject, ToolContext>({
    name: 'shell',
    title: 'Run a command',
    description:
      'Runs a shell command in a copy of the task files: no network, 60 seconds. Files it leaves below output/ are kept.',
    input: z.object({ command: z.string().min(1).max(10_000) }),
    touches: ['process', 'files'],
    approval: 'edits',
    async run({ callId, signal }, args) {
      const { decision, reason } = await link.approve('shell', args, callId)
      if (decision !== 'approved')
        throw new AppError(
          decision === 'denied' ? 'APPROVAL_DENIED' : 'APPROVAL_TIMEOUT',
          reason ?? `the command was ${decision}`,
        )
      return shell(args.command, signal)
    },
  })
  return createToolRegistry([...remote, command])
}
