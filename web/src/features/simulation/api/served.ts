import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import { useServerKind } from '../../../api/server-kind.ts'
import { isFinal } from '../../../lib/states.ts'
import type { Changes } from '../lib/changes.ts'
import type { ConfigProblem, ServedRun } from '../types.ts'

const at = (id: string) => `/v1/simulations/${encodeURIComponent(id)}`

/** The platform's record of a run it serves; undefined for runs of the command line and for a server without control. */
export function useServed(id: string) {
  const platform = useServerKind() === 'platform'
  return useQuery({
    queryKey: ['simulations', 'served', id],
    queryFn: () => api<ServedRun>(at(id)),
    enabled: id !== '' && platform,
    retry: false,
    refetchInterval: (query) => (query.state.error || isFinal(query.state.data?.status ?? '') ? false : 2000),
  })
}

/** Runs the platform serves, for those that have written nothing yet (queued). */
export function useServedList() {
  const platform = useServerKind() === 'platform'
  return useQuery({
    queryKey: ['simulations', 'served'],
    enabled: platform,
    queryFn: async () =>
      (await api<{ simulations: ServedRun[] }>('/v1/simulations', { query: { limit: 100 } })).simulations,
    retry: false,
    refetchInterval: 5000,
  })
}

export type StartInput = { config: string; turns?: number; seed?: number; verbosity?: string }
export type BranchInput = { turn: number | 'last'; turns?: number; seed?: number; changes?: Changes }

/** Checks a configuration without starting anything. */
export const useValidateConfig = () =>
  useMutation({
    mutationFn: (config: string) =>
      api<{ valid: boolean; problems: ConfigProblem[] }>('/v1/simulations/validate', {
        method: 'POST',
        body: { config },
      }),
  })

/** Starts, branches, pauses, continues, stops. */
export function useSimActions(id = '') {
  const client = useQueryClient()
  const done = () => client.invalidateQueries({ queryKey: ['simulations'] })
  return {
    start: useMutation({
      mutationFn: (body: StartInput) => api<ServedRun>('/v1/simulations', { method: 'POST', body }),
      onSuccess: done,
    }),
    branch: useMutation({
      mutationFn: (body: BranchInput) => api<ServedRun>(`${at(id)}/branch`, { method: 'POST', body }),
      onSuccess: done,
    }),
    control: useMutation({
      mutationFn: (verb: 'pause' | 'resume' | 'stop') => api<ServedRun>(`${at(id)}/${verb}`, { method: 'POST' }),
      onSettled: done,
    }),
  }
}

export type AgentReply = { ok?: boolean | null; added?: boolean | null; name?: string; reason?: string }
export type AgentChange =
  | { verb: 'add'; name: string; type: string; initial_state: Record<string, unknown>; location?: string }
  | { verb: 'remove' | 'resume'; name: string }
  | { verb: 'pause'; name: string; auto_resume_turns?: number }

/** Changes the population of a run under way. */
export function useAgentChange(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: AgentChange) => {
      const { verb, name, ...body } = change
      if (verb === 'add') return api<AgentReply>(`${at(id)}/agents`, { method: 'POST', body: { name, ...body } })
      const path = `${at(id)}/agents/${encodeURIComponent(name)}`
      return verb === 'remove'
        ? api<AgentReply>(path, { method: 'DELETE' })
        : api<AgentReply>(`${path}/${verb}`, { method: 'POST', body })
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['simulations', id] }),
  })
}
