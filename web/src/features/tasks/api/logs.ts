import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import type { AgentLog } from '../types.ts'

export type LogFilter = {
  agent_id?: string
  task_id?: string
  log_level?: string[]
  from?: string
  to?: string
  q?: string
  limit?: number
  offset?: number
}

/** Log lines, newest first. */
export function useLogs(filter: LogFilter, auto: boolean) {
  return useQuery({
    queryKey: ['logs', filter],
    queryFn: () => api<{ logs: AgentLog[]; total_count: number }>('/logs', { query: filter }),
    refetchInterval: auto ? 5000 : false,
    placeholderData: keepPreviousData,
  })
}
