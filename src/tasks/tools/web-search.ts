import { z } from 'zod'
import { AppError } from '../../kernel/errors/app-error.ts'
import { guardedFetch } from '../../kernel/tools/guarded-fetch.ts'
import { defineTool } from '../../kernel/tools/tool-descriptor.ts'
import type { TaskToolContext } from './context.ts'

const TIMEOUT_MS = 15_000
const MAX_BYTES = 2_000_000
const MAX_RESULTS = 20
const LONGEST_TEXT = 1_000

export type SearchResult = { title: string; url: string; text: string }

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_TEXT).toWellFormed() : ''

/** `{"results": [{"title", "url", "content"}]}` as results; undefined when it is something else. Only http(s) addresses are kept. */
export function readSearchAnswer(body: string): SearchResult[] | undefined {
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    return undefined // a page for people: the service does not answer as JSON
  }
  const results = (answer as { results?: unknown } | null)?.results
  if (!Array.isArray(results)) return undefined
  return results
    .map((one: unknown) => {
      const { title, url, content } = (one ?? {}) as Record<string, unknown>
      return { title: textOf(title), url: textOf(url), text: textOf(content) }
    })
    .filter(({ url }) => /^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    .slice(0, MAX_RESULTS)
}

export const webSearch = defineTool<{ query: string }, { results: SearchResult[] }, TaskToolContext>({
  name: 'web_search',
  title: 'Search the web',
  description: 'Searches the web with the configured search service: titles, addresses and the beginning of the texts.',
  input: z.object({ query: z.string().trim().min(1).max(1000) }),
  touches: ['network'],
  approval: 'never',
  summarise: ({ query }) => query,
  async run({ kernel, assignment, signal }, { query }) {
    const { rows } = await kernel.db.query('select capabilities from kernel.agents where pool = $1 and id = $2', [
      'tasks',
      assignment.agent_id,
    ])
    if (!(rows[0]?.['capabilities'] ?? []).includes('web_scraping'))
      throw new AppError('TOOL_ERROR', 'web_search is only for agents with web_scraping')
    const service = kernel.config.tasks.webSearchUrl
    if (!service)
      throw new AppError(
        'TOOL_ERROR',
        'No search provider is configured: set WEB_SEARCH_URL to a SearXNG-compatible one',
      )
    const url = new URL(service)
    url.searchParams.set('q', query)
    url.searchParams.set('format', 'json')
    const answer = await guardedFetch(url, {
      allowPrivate: [url.origin], // the operator named this address
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      headers: { accept: 'application/json', 'user-agent': 'TroupeBot/1.0' },
      signal,
    })
    if (answer.status >= 400) throw new AppError('TOOL_ERROR', `The search service answered HTTP ${answer.status}`)
    const results = readSearchAnswer(answer.text())
    if (!results)
      throw new AppError('TOOL_ERROR', 'The search service did not answer {"results": […]}: does it allow format=json?')
    return { results }
  },
})
