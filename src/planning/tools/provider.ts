import { guardedFetch } from '../../kernel/tools/guarded-fetch.ts'

/** Asks the configured search service with GET and query parameters; throws what the call pipeline knows how to repeat. */
export type Ask = (path: string, query: Record<string, string>, signal: AbortSignal) => Promise<unknown>

class ProviderError extends Error {
  readonly status: number
  constructor(status: number) {
    super(`the search service answered ${status}`)
    this.status = status
  }
}

/** `SEARCH_ENDPOINT` as the operator set it: private addresses are theirs to choose. */
export const askEndpoint =
  (endpoint: string): Ask =>
  async (path, query, signal) => {
    const url = new URL(path, endpoint.endsWith('/') ? endpoint : `${endpoint}/`)
    for (const [name, value] of Object.entries(query)) if (value !== '') url.searchParams.set(name, value)
    const answer = await guardedFetch(url.href, { signal, timeoutMs: 10_000, allowPrivate: true })
    if (answer.status !== 200) throw new ProviderError(answer.status)
    return answer.json()
  }
