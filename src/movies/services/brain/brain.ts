import type { KnowledgeItem, KnowledgeService, ServiceCaller } from '../../services-port.ts'
import { ServiceOutageError } from '../../services-port.ts'
import { CallError } from '../core/call-error.ts'
import type { OutboxEntry } from '../core/outbox.ts'
import type { ServiceLine } from '../core/service-line.ts'
import { McpPool, type PoolOptions } from './mcp-pool.ts'
import { type BrainInput, type BrainOperation, toolFor } from './tools.ts'

/** A text agent waits for what the Brain knows no longer than this. */
const READ_DEADLINE_SECONDS = 30

export type BrainOptions = { line: ServiceLine; pool: PoolOptions; warn(fields: object, message: string): void }

/** `http://host/base` -> `ws://host/base/mcp`. */
export const socketUrl = (base: string) => `${base.replace(/^http/i, 'ws').replace(/\/+$/, '')}/mcp`

/** The Brain: knowledge over MCP. Reads never fail; writes arrive from the outbox. */
export function createBrain({ line, pool: poolOptions, warn }: BrainOptions) {
  const pool = new McpPool(poolOptions)
  const missing = new Set<BrainOperation>()

  /** undefined: the Brain offers no tool for it. */
  async function use(
    operation: BrainOperation,
    input: BrainInput,
    signal: AbortSignal,
    repeat = false,
  ): Promise<unknown> {
    const tool = toolFor(operation, await pool.tools(signal))
    if (!tool) {
      if (!missing.has(operation)) warn({ operation }, 'the Brain offers no tool for an operation; it is left out')
      missing.add(operation)
      return undefined
    }
    const result = await pool.request(
      'tools/call',
      { name: tool.name, arguments: tool.arguments(input) },
      signal,
      repeat,
    )
    if ((result as { isError?: unknown } | null)?.isError === true)
      throw new CallError('tool_error', `${tool.name}: ${textOf(result)}`, { transient: false })
    return result ?? null
  }

  async function read(operation: 'find_similar' | 'get_knowledge', input: BrainInput, caller: ServiceCaller) {
    try {
      const result = await line.call(operation, caller, (signal) => use(operation, input, signal, true), {
        deadlineSeconds: READ_DEADLINE_SECONDS,
      })
      return { items: itemsOf(result).slice(0, input.limit ?? 5) }
    } catch (error) {
      if (!(error instanceof ServiceOutageError) && !(error instanceof CallError)) throw error
      return { items: [], warning: `nothing from the Brain Service: ${error.message}` }
    }
  }

  const service: KnowledgeService = {
    findSimilar: (query, limit, caller) =>
      read('find_similar', { project_id: caller.project_id, query, limit }, caller),
    getKnowledge: (kind, query, caller) =>
      read('get_knowledge', { project_id: caller.project_id, knowledge_type: kind, query, limit: 5 }, caller),
  }

  const deliver = async (entry: OutboxEntry, caller: ServiceCaller): Promise<void> => {
    const operation = entry.operation as BrainOperation
    const input = { workflow_id: entry.workflow_id, ...entry.payload } as BrainInput
    await line.call(operation, caller, (signal) => use(operation, input, signal), { retries: 0 })
  }

  const probe = (caller: ServiceCaller, timeoutSeconds: number) =>
    line.call(
      'probe',
      caller,
      async (signal) => {
        const tools = await pool.tools(signal)
        if (tools.has('health_check'))
          return pool.request('tools/call', { name: 'health_check', arguments: {} }, signal)
        return pool.request('tools/list', {}, signal)
      },
      { retries: 0, timeoutSeconds },
    )

  return { service, deliver, probe, close: () => pool.close(), connections: () => pool.connections }
}

const textOf = (result: unknown): string => {
  const content = (result as { content?: { text?: unknown }[] } | null)?.content
  return Array.isArray(content) ? String(content[0]?.text ?? '').slice(0, 300) : ''
}

/** Results wherever the tool put them: structured, plain, or as JSON text. A text that is no JSON counts as none. */
export function itemsOf(result: unknown): KnowledgeItem[] {
  const found = resultsIn(result)
  return found.flatMap((one) => {
    if (typeof one === 'string') return one.trim() ? [{ text: one, score: null, metadata: {} }] : []
    if (typeof one !== 'object' || one === null) return []
    const item = one as Record<string, unknown>
    const said = item['content'] ?? item['text'] ?? item['document'] ?? item['summary']
    const text = typeof said === 'string' ? said : said === undefined ? '' : JSON.stringify(said)
    const score = [item['score'], item['similarity'], item['similarity_score']].find((n) => typeof n === 'number')
    const metadata = typeof item['metadata'] === 'object' ? (item['metadata'] as Record<string, unknown>) : {}
    return text.trim() ? [{ text, score: (score as number | undefined) ?? null, metadata }] : []
  })
}

function resultsIn(value: unknown, depth = 0): unknown[] {
  if (depth > 4 || value === null || value === undefined) return []
  if (Array.isArray(value)) return value.flatMap((one) => (Array.isArray(one) ? one : (nested(one, depth) ?? [one])))
  if (typeof value !== 'object') return []
  const record = value as Record<string, unknown>
  if (record['structuredContent'] !== undefined) return resultsIn(record['structuredContent'], depth + 1)
  for (const key of ['results', 'items', 'matches', 'workflows'])
    if (Array.isArray(record[key])) return resultsIn(record[key], depth + 1)
  if (!Array.isArray(record['content'])) return []
  const texts = (record['content'] as { text?: unknown }[]).map((one) => one?.text)
  return texts.flatMap((text) => {
    if (typeof text !== 'string') return []
    try {
      return resultsIn(JSON.parse(text), depth + 1)
    } catch {
      return []
    }
  })
}

/** One entry per query, each with its own results (batch_similarity_search). */
const nested = (one: unknown, depth: number): unknown[] | null => {
  const results = (one as { results?: unknown } | null)?.results
  return Array.isArray(results) ? resultsIn(results, depth + 1) : null
}
