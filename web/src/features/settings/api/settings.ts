import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import { listOf } from '../../../lib/list-of.ts'

export type Me = { id: string; name: string; kind: string; roles: string[]; scopes: string[]; auth_mode: string }
export type Health = {
  status: string
  version: string
  uptime_seconds: number
  dependencies: Record<string, string>
  workers: Record<string, string>
  metrics?: Record<string, number>
  model_configured?: boolean
}
export type ApiKey = {
  id: string
  name: string
  prefix?: string
  roles: string[]
  scopes: string[]
  created_at: string
  expires_at: string | null
  last_used_at: string | null
  revoked_at: string | null
}
export type NewKey = { name: string; roles: string[]; expires_in_days?: number }

/** Who the server takes this browser for. */
export const useMe = () => useQuery({ queryKey: ['me'], queryFn: () => api<Me>('/v1/me') })

/** Whether everything works; a 503 answer is read as well, since it says what does not. */
export const useServerHealth = () =>
  useQuery({
    queryKey: ['health', 'all'],
    queryFn: () => api<Health>('/health'),
    refetchInterval: 10_000,
    retry: false,
  })

/** API keys, without their secrets. */
export const useKeys = () =>
  useQuery({ queryKey: ['keys'], queryFn: async () => listOf<ApiKey>(await api('/v1/keys'), 'keys'), retry: false })

/** Makes a key, whose secret is in the reply only, and ends one. */
export function useKeyActions() {
  const client = useQueryClient()
  const done = () => client.invalidateQueries({ queryKey: ['keys'] })
  return {
    create: useMutation({
      mutationFn: (body: NewKey) => api<ApiKey & { secret: string }>('/v1/keys', { method: 'POST', body }),
      onSuccess: done,
    }),
    revoke: useMutation({
      mutationFn: (id: string) => api(`/v1/keys/${encodeURIComponent(id)}`, { method: 'DELETE' }),
      onSuccess: done,
    }),
  }
}

/** What models cost today. */
export const useSpent = () =>
  useQuery({
    queryKey: ['home', 'spent'],
    queryFn: async () =>
      (await api<{ spent_today: { usd: number; tokens: number; calls: number } }>('/v1/home')).spent_today,
  })
