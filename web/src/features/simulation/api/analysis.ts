import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import { useServerKind } from '../../../api/server-kind.ts'
import type { Comparison, RunSeries, Sweep, SweepSummary } from '../types.ts'

const at = (id: string) => `/simulations/${encodeURIComponent(id)}`

export type SeriesQuery = { variables?: string[]; from?: number; to?: number; points?: number; lines?: number }

/** Histories of variables, thinned by the server: as fast for a million events as for a thousand. */
export const useSeries = (id: string, version: number, { variables, from, to, points, lines }: SeriesQuery = {}) =>
  useQuery({
    queryKey: ['simulations', id, 'series', version, variables?.join(), from, to, points, lines],
    queryFn: () =>
      api<RunSeries>(`${at(id)}/series`, {
        query: {
          ...(variables?.length ? { variables: variables.join(',') } : {}),
          turn_start: from,
          turn_end: to,
          points,
          lines,
        },
      }),
    enabled: id !== '',
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
    retry: false,
  })

/** Two runs to their first divergence. */
export const useComparison = (a: string, b: string) =>
  useQuery({
    queryKey: ['simulations', a, 'compare', b],
    queryFn: () => api<Comparison>(`${at(a)}/compare/${encodeURIComponent(b)}`),
    enabled: a !== '' && b !== '',
    retry: false,
  })

/** A state as a checkpoint holds it. */
export const useCheckpoint = (id: string, turn: string) =>
  useQuery({
    queryKey: ['simulations', id, 'checkpoint', turn],
    queryFn: () =>
      api<{ state: { agents: Record<string, Record<string, unknown>>; global_state: Record<string, unknown> } }>(
        `${at(id)}/checkpoints/${turn}`,
      ),
    enabled: id !== '',
    staleTime: turn === 'last' ? 0 : Number.POSITIVE_INFINITY,
    retry: false,
  })

export const metricsPath = (id: string) => `${at(id)}/metrics.csv`
export const tracePath = (id: string) => `${at(id)}/trace.json`
export const manifestPath = (id: string) => `${at(id)}/manifest`
export const sweepCsvPath = (id: string) => `/v1/sweeps/${encodeURIComponent(id)}/results.csv`

/** Sweeps of the platform, newest first; none on a server without control. */
export function useSweeps() {
  const platform = useServerKind() === 'platform'
  return useQuery({
    queryKey: ['sweeps'],
    queryFn: async () => (await api<{ sweeps: SweepSummary[] }>('/v1/sweeps')).sweeps,
    enabled: platform,
    retry: false,
    refetchInterval: (query) => (query.state.data?.some(({ status }) => status === 'running') ? 2000 : 30_000),
  })
}

export const useSweep = (id: string) =>
  useQuery({
    queryKey: ['sweeps', id],
    queryFn: () => api<Sweep>(`/v1/sweeps/${encodeURIComponent(id)}`),
    enabled: id !== '',
    refetchInterval: (query) => (query.state.data?.status === 'running' ? 1500 : false),
  })

export type SweepInput = {
  config: string
  name?: string
  parameters: { path: string; values: unknown[] }[]
  seeds: number[]
  measures: string[]
}

export function useSweepActions() {
  const client = useQueryClient()
  const done = () => client.invalidateQueries({ queryKey: ['sweeps'] })
  return {
    start: useMutation({
      mutationFn: (body: SweepInput) => api<Sweep>('/v1/sweeps', { method: 'POST', body }),
      onSuccess: done,
    }),
    stop: useMutation({
      mutationFn: (id: string) => api<Sweep>(`/v1/sweeps/${encodeURIComponent(id)}/stop`, { method: 'POST' }),
      onSettled: done,
    }),
  }
}
