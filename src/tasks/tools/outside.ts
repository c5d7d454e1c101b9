import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import { guardedFetch } from '../../kernel/tools/guarded-fetch.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import { writeLogs } from '../store/write-logs.ts'
import type { TaskToolContext } from './context.ts'

const EMBEDDING_TIMEOUT_MS = 10_000
export const generateEmbedding = defineTool<{ text: string }, { embedding: number[] }, TaskToolContext>({
  name: 'generate_embedding',
  title: 'Embed a text',
  description: 'Turns a text into a vector by the configured embedding service.',
  input: z.object({ text: z.string().min(1).max(8_000) }),
  touches: ['network'],
  approval: 'never',
  run: async ({ kernel, signal }, { text }) => ({
    embedding: await embed(kernel.config.tasks.embeddingApiUrl, text, signal),
  }),
})

async function embed(url: string | undefined, text: string, signal: AbortSignal): Promise<number[]> {
  if (!url) throw new AppError('TOOL_ERROR', 'No embedding service is configured: set EMBEDDING_API_URL')
  const answer = await guardedFetch(url, {
    method: 'POST',
    allowPrivate: [new URL(url).origin], // the operator named this address
    timeoutMs: EMBEDDING_TIMEOUT_MS,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
    signal,
  })
  if (answer.status >= 400) throw new AppError('TOOL_ERROR', `The embedding service answered HTTP ${answer.status}`)
  const embedding = embeddingIn(Buffer.from(answer.body).toString('utf8'))
  if (!embedding) throw new AppError('TOOL_ERROR', 'The embedding service did not answer {"embedding": [numbers]}')
  return embedding
}

function embeddingIn(text: string): number[] | undefined {
  try {
    const { embedding } = JSON.parse(text) as { embedding?: unknown }
    const isVector = Array.isArray(embedding) && embedding.every((value) => typeof value === 'number')
    return isVector ? embedding : undefined
  } catch {
    return undefined // no JSON at all
  }
}

/** Cosine similarity; 0 for a zero vector. */
export function cosine(a: readonly number[], b: readonly number[]): number {
  let [dot, normA, normB] = [0, 0, 0]
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    dot += a[i]! * b[i]!
    normA += a[i]! ** 2
    normB += b[i]! ** 2
  }
  return normA === 0 || normB === 0 ? 0 : dot / Math.sqrt(normA * normB)
}

export const embeddingSearch = defineTool<{ query: string; limit: number }, unknown, TaskToolContext>({
  name: 'embedding_search',
  title: 'Search stored texts',
  description: 'The stored texts of this task that are nearest in meaning; empty without an embedding service.',
  input: z.object({ query: z.string().min(1).max(8_000), limit: z.number().int().min(1).max(50).default(5) }) as never,
  touches: ['network', 'database'],
  approval: 'never',
  async run({ kernel, assignment, signal }, { query, limit }) {
    const url = kernel.config.tasks.embeddingApiUrl
    if (!url) return []
    const { rows } = await kernel.db.query(
      `select subtask_id, output ->> 'summary' as text from tasks.subtask_results where task_id = $1 and status = 'completed' order by created_at desc limit 100`,
      [assignment.subject],
    )
    const wanted = await embed(url, query, signal)
    const scored = []
    for (const row of rows)
      scored.push({
        subtask_id: row['subtask_id'],
        text: row['text'],
        score: cosine(wanted, await embed(url, row['text'], signal)),
      })
    return scored.sort((a, b) => b.score - a.score).slice(0, limit)
  },
})

export const logProgress = defineTool<{ message: string; percent?: number | undefined }, string, TaskToolContext>({
  name: 'log_progress',
  title: 'Log progress',
  description: 'Tells people how far the step is.',
  input: z.object({ message: z.string().min(1).max(4000), percent: z.number().min(0).max(100).optional() }),
  touches: ['people'],
  approval: 'exempt',
  async run({ kernel, assignment }, { message, percent }) {
    await writeLogs(kernel.db, kernel, [
      {
        agentId: assignment.agent_id ?? 'unknown',
        taskId: assignment.subject,
        level: 'DEBUG',
        message,
        metadata: { subtask_id: assignment.key, ...(percent === undefined ? {} : { percent }) },
      },
    ])
    return 'logged'
  },
})
