import { useQuery } from '@tanstack/react-query'
import { api } from './client.ts'

/** `platform` has everything; `reader` is `troupe simulate serve`: runs of simulations to look at, nothing else. */
export type ServerKind = 'platform' | 'reader'

/** What kind of server this page came from; undefined until it has said so. A server that does not answer counts as a platform. */
export function useServerKind(): ServerKind | undefined {
  const health = useQuery({
    queryKey: ['server-kind'],
    queryFn: () => api<{ version?: string }>('/health'),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  if (health.isPending) return undefined
  return health.data && health.data.version === undefined ? 'reader' : 'platform'
}
