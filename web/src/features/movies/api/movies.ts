import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type * as M from '../../../../../src/movies/schema.ts'
import { ApiError } from '../../../api/api-error.ts'
import { api, storedToken } from '../../../api/client.ts'
import { isFinal } from '../../../lib/states.ts'

export type WorkflowPage = { workflows: M.WorkflowResponse[]; total_count: number; has_more: boolean }

/** This API takes its key in a header of its own. */
export function movieApi<T>(path: string, options: Parameters<typeof api>[1] = {}): Promise<T> {
  const token = storedToken()
  return api<T>(`/api/v1${path}`, {
    ...options,
    headers: { ...(token ? { 'x-api-key': token } : {}), ...options.headers },
  })
}
export const workflowPath = (id: string) => `/workflows/${encodeURIComponent(id)}`

export type WorkflowFilter = {
  status?: string
  workflow_type?: string
  project_id?: string
  limit?: number
  offset?: number
}

/** Productions, newest first; read again every 5 s while one is under way. */
export function useWorkflows(filter: WorkflowFilter) {
  return useQuery({
    queryKey: ['movies', 'list', filter],
    queryFn: () => movieApi<WorkflowPage>('/workflows', { query: filter }),
    placeholderData: (before) => before,
    refetchInterval: (query) => (query.state.data?.workflows.some((one) => !isFinal(one.status)) ? 5000 : 30_000),
  })
}

export function useWorkflow(id: string, poll: number | false) {
  return useQuery({
    queryKey: ['movies', id, 'workflow'],
    queryFn: () => movieApi<M.WorkflowResponse>(workflowPath(id)),
    refetchInterval: poll,
  })
}

/** All tasks of a production. */
export function useMovieTasks(id: string, poll: number | false) {
  return useQuery({
    queryKey: ['movies', id, 'tasks'],
    queryFn: () => movieApi<{ tasks: M.TaskResponse[] }>(`${workflowPath(id)}/tasks`, { query: { limit: 500 } }),
    refetchInterval: poll,
    select: (page) => page.tasks,
  })
}

/** One artifact in its current version, or null while it does not exist. `version` is anything that changes when it may be newer. */
export function useMovieArtifact(id: string, name: string, version: string | number, index?: number) {
  return useQuery({
    queryKey: ['movies', id, 'artifact', name, index ?? 'all', version],
    enabled: name !== '',
    placeholderData: (before) => before,
    queryFn: async (): Promise<M.Artifact | null> => {
      try {
        return await movieApi<M.Artifact>(`${workflowPath(id)}/artifacts/${encodeURIComponent(name)}`, {
          query: index === undefined ? {} : { index },
        })
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
  })
}

/** Any read below a production; null where the server has no such thing. */
export function useMovieRead<T>(id: string, part: string, enabled = true) {
  return useQuery({
    queryKey: ['movies', id, part],
    enabled,
    queryFn: async (): Promise<T | null> => {
      try {
        return await movieApi<T>(`${workflowPath(id)}/${part}`)
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
  })
}

/** Any write; everything shown of movies is read again after it. */
export function useMovieWrite<T = unknown>() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({
      path,
      method = 'POST',
      body,
      key,
    }: {
      path: string
      method?: 'POST' | 'PUT' | 'DELETE'
      body?: unknown
      key?: string
    }) =>
      movieApi<T>(path, {
        method,
        ...(body === undefined ? {} : { body }),
        ...(key ? { headers: { 'idempotency-key': key } } : {}),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['movies'] }),
  })
}

export type MovieHealth = { status: string; dependencies: Record<string, string>; model_configured?: boolean }
export function useMovieHealth() {
  return useQuery({ queryKey: ['movies', 'health'], queryFn: () => api<MovieHealth>('/health'), staleTime: 60_000 })
}

export function useMovieAgents(query: Record<string, string>) {
  return useQuery({
    queryKey: ['movies', 'agents', query],
    queryFn: () =>
      movieApi<{ agents: M.AgentResponse[]; total_count: number }>('/agents', { query: { limit: 200, ...query } }),
    refetchInterval: 10_000,
  })
}

/** A format in which a production can be handed out, and whether its artifacts exist. */
export type ExportRow = {
  format: string
  title: string
  ending: string
  available: boolean
  bytes?: number | null
  name?: string | null
  loss?: string[]
}
