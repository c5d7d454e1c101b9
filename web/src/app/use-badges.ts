import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'

type Counted = { total?: number; total_count?: number; decisions?: unknown[]; items?: unknown[]; agents?: unknown[] }

const count = (reply: Counted | undefined): number | undefined =>
  reply?.total ?? reply?.total_count ?? (reply?.decisions ?? reply?.items ?? reply?.agents)?.length

/** What the navigation counts: questions waiting for a person, and agents. Absent while unknown. */
export function useBadges(enabled: boolean): { inbox: number | undefined; agents: number | undefined } {
  const inbox = useQuery({
    queryKey: ['decisions', 'count'],
    queryFn: () => api<Counted>('/v1/decisions', { query: { status: 'open', limit: 1 } }),
    refetchInterval: 30_000,
    enabled,
  })
  const agents = useQuery({
    queryKey: ['agents', 'count'],
    queryFn: () => api<Counted>('/v1/agents'),
    refetchInterval: 60_000,
    enabled,
  })
  return { inbox: count(inbox.data), agents: count(agents.data) }
}
