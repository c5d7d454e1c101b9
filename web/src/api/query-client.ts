import { QueryClient } from '@tanstack/react-query'
import { asApiError } from './api-error.ts'

/** Reads are retried when the server did not answer or failed inside; a refusal is final. Writes are never repeated. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: true,
      networkMode: 'always',
      retry: (count, error) => {
        const { status } = asApiError(error)
        return count < 2 && (status === 0 || status >= 500)
      },
      retryDelay: (count) => Math.min(500 * 2 ** count, 4000),
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})
