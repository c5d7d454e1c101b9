import { useQuery } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import type { AgentStatus } from '../types.ts'

/** The agents of the task pool, read every five seconds. */
export function useAgents(includeDead = false) {
  return useQuery({
    queryKey: ['agents', 'tasks', includeDead],
    queryFn: () => api<{ agents: AgentStatus[] }>('/agents', { query: { include_dead: includeDead || undefined } }),
    refetchInterval: 5000,
  })
}
