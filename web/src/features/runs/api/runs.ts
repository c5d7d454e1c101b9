import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { RunStep, RunView } from '../../../../../src/kernel/runs/schema.ts'
import { api } from '../../../api/client.ts'
import { listOf } from '../../../lib/list-of.ts'
import { isFinal } from '../../../lib/states.ts'

export type { RunStep, RunView }
export type RunFilter = { domain?: string; status?: string; kind?: string }

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

export type RunVerb = 'pause' | 'resume' | 'cancel' | 'retry'

/** Pauses, resumes or cancels a run. */
export function useRunVerb() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, verb }: { id: string; verb: RunVerb }) =>
      api(`/v1/runs/${encodeURIComponent(id)}/${verb}`, { method: 'POST', ...(verb === 'retry' ? { body: {} } : {}) }),
    onSettled: () => client.invalidateQueries({ queryKey: ['runs'] }),
  })
}

/** Which verbs a run in this state takes. */
export function verbsOf(status: string): RunVerb[] {
  if (status === 'failed') return ['retry']
  if (isFinal(status)) return []
  return status === 'paused' ? ['resume', 'cancel'] : ['pause', 'cancel']
}

/** Starts a new run from the border before a stage. */
export function useForkRun() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, stageNo }: { id: string; stageNo: number }) =>
      api<RunView>(`/v1/runs/${encodeURIComponent(id)}/fork`, { method: 'POST', body: { stage_no: stageNo } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['runs'] }),
  })
}
