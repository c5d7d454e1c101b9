import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ComparedRow, Comparison, StepBrief } from '../../../../../src/kernel/runs/compare-runs.ts'
import type { RunBorder, RunCost, RunLimits, RunStep, RunView } from '../../../../../src/kernel/runs/schema.ts'
import { api } from '../../../api/client.ts'
import { listOf } from '../../../lib/list-of.ts'
import { isFinal } from '../../../lib/states.ts'

export type { RunBorder, RunStep, RunView }
export type RunFilter = {
  domain?: string
  status?: string
  kind?: string
  owner?: string
  q?: string
  waiting_for?: string
}
export type { ComparedRow, RunCost, StepBrief }
export type ComparedRuns = Comparison & { left: RunView; right: RunView }

/** Runs of all domains, newest first. */
export function useRuns(filter: RunFilter = {}) {
  return useQuery({
    queryKey: ['runs', 'list', filter],
    queryFn: async () => listOf<RunView>(await api('/v1/runs', { query: { limit: 500, ...filter } }), 'runs'),
    refetchInterval: 10_000,
  })
}

/** One run; read again by itself until it is final. */
export function useRun(id: string) {
  return useQuery({
    queryKey: ['runs', 'one', id],
    queryFn: async () => {
      const reply = await api<RunView | { run: RunView }>(`/v1/runs/${encodeURIComponent(id)}`)
      return 'run' in reply ? reply.run : reply
    },
    refetchInterval: (query) => (isFinal(query.state.data?.status ?? '') ? false : 3000),
  })
}

/** What a run did, in order. `version` changes when there is more. */
export function useRunSteps(id: string, live: boolean) {
  return useQuery({
    queryKey: ['runs', 'steps', id],
    queryFn: async () => listOf<RunStep>(await api(`/v1/runs/${encodeURIComponent(id)}/steps`), 'steps'),
    refetchInterval: live ? 3000 : false,
  })
}

const bordersOf = (id: string, query: { no?: number }) =>
  api<{ borders: RunBorder[] }>(`/v1/runs/${encodeURIComponent(id)}/borders`, { query })

/** Where a run may be forked. */
export const useBorders = (id: string) =>
  useQuery({ queryKey: ['runs', 'borders', id], queryFn: async () => (await bordersOf(id, {})).borders })

/** One border with the input that may be edited there. */
export const useBorder = (id: string, no: number | undefined) =>
  useQuery({
    queryKey: ['runs', 'borders', id, no],
    queryFn: async () => (await bordersOf(id, { no: no ?? 0 })).borders[0] ?? null,
    enabled: no !== undefined,
    // Somebody may be editing it.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })

export type RunVerb = 'pause' | 'resume' | 'cancel' | 'retry'

/** Pauses, resumes or cancels a run. */
export function useRunVerb() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, verb }: { id: string; verb: RunVerb }) =>
      api<RunView>(`/v1/runs/${encodeURIComponent(id)}/${verb}`, {
        method: 'POST',
        ...(verb === 'retry' ? { body: {} } : {}),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['runs'] }),
  })
}

/** Which verbs a run in this state takes. */
export function verbsOf({ status, pausable }: Pick<RunView, 'status' | 'pausable'>): RunVerb[] {
  if (status === 'failed') return ['retry']
  if (isFinal(status)) return []
  if (pausable === false) return ['cancel']
  return status === 'paused' ? ['resume', 'cancel'] : ['pause', 'cancel']
}

export type Fork = { id: string; stageNo: number; state?: Record<string, unknown>; model?: string; limits?: RunLimits }

/** Starts a new run from a border, with an edited input, another model or other limits. */
export function useForkRun() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, stageNo, ...more }: Fork) =>
      api<RunView>(`/v1/runs/${encodeURIComponent(id)}/fork`, { method: 'POST', body: { stage_no: stageNo, ...more } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['runs'] }),
  })
}

/** Two runs side by side. */
export const useComparison = (left: string, right: string) =>
  useQuery({
    queryKey: ['runs', 'compare', left, right],
    queryFn: () => api<ComparedRuns>('/v1/runs/compare', { query: { left, right } }),
    enabled: left !== '' && right !== '',
    refetchInterval: 5000,
    retry: false,
  })

/** What models of a run could cost, may cost and cost. */
export const useRunCost = (id: string) =>
  useQuery({
    queryKey: ['runs', 'cost', id],
    queryFn: () => api<RunCost>(`/v1/runs/${encodeURIComponent(id)}/cost`),
    refetchInterval: 5000,
    retry: false,
  })

export type BulkResult = { done: number; results: { id: string; ok: boolean; message?: string }[] }

/** One verb for many runs; each stands for itself. */
export function useBulk() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { verb: RunVerb; ids: string[] }) => api<BulkResult>('/v1/runs/bulk', { method: 'POST', body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['runs'] }),
  })
}
