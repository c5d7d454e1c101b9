import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import { listOf } from '../../../lib/list-of.ts'

/** An agent of any pool as the platform lists it. */
export type PlatformAgent = {
  id: string
  pool: string
  title?: string | null
  domain?: string | null
  transport: 'http' | 'mcp' | 'builtin'
  endpoint: string | null
  capabilities: string[]
  slots: number
  running: number
  status: 'available' | 'busy' | 'draining' | 'maintenance' | 'offline'
  current_work: string | null
  cpu_usage: number | null
  memory_usage: number | null
  completed?: number | null
  failed?: number | null
  errors?: number | null
  mean_seconds?: number | null
  last_error?: string | null
  seen_at: string | null
  registered_at?: string | null
  sdk_version?: string | null
  success_rate?: number | null
  alive?: boolean
}

/** The whole fleet. */
export function useFleet() {
  return useQuery({
    queryKey: ['agents', 'fleet'],
    queryFn: async () => listOf<PlatformAgent>(await api('/v1/agents', { query: { include_dead: true } }), 'agents'),
    refetchInterval: 5000,
  })
}

export type AgentVerb = 'drain' | 'offline' | 'resume'

/** Takes an agent out of service or back into it. */
export function useAgentVerb() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ agent, verb }: { agent: PlatformAgent; verb: AgentVerb }) =>
      api(`/v1/agents/${encodeURIComponent(agent.pool)}/${encodeURIComponent(agent.id)}/${verb}`, { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['agents'] }),
  })
}

export type NewAgent = {
  agent_id: string
  pool: string
  endpoint: string
  capabilities: string[]
  slots: number
  instance: string
}

/** Registers an agent at its address; the reply carries its token once. */
export function useRegisterAgent() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (agent: NewAgent) =>
      api<{ agent_id: string; agent_token: string }>('/v1/agents', { method: 'POST', body: agent }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['agents'] }),
  })
}
