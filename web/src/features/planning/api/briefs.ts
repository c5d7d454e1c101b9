import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import type { EventBrief, Gates, Page } from '../types.ts'

export const briefPath = (id: string) => `/api/event-briefs/${encodeURIComponent(id)}`

export type BriefFilter = { lifecycle_state?: string; event_type?: string; q?: string; limit?: number; offset?: number }
export type BriefInput = Pick<
  EventBrief,
  'title' | 'date_range_start' | 'date_range_end' | 'audience_size' | 'event_type' | 'objectives' | 'constraints'
>

/** The briefs that fit a filter, newest first, with their number; create, change and remove one. */
export function useEventBriefs(filter: BriefFilter) {
  const client = useQueryClient()
  const done = () => client.invalidateQueries({ queryKey: ['planning'] })
  const list = useQuery({
    queryKey: ['planning', 'briefs', filter],
    queryFn: () => api<Page<EventBrief>>('/api/event-briefs', { query: filter }),
    placeholderData: (before) => before,
    refetchInterval: 30_000,
  })
  return {
    list,
    remove: useMutation({ mutationFn: (id: string) => api(briefPath(id), { method: 'DELETE' }), onSuccess: done }),
  }
}

/** Creates a brief from the form's fields. The same key never makes a second one. */
export function useCreateBrief() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ input, key }: { input: BriefInput; key: string }) =>
      api<EventBrief>('/api/event-briefs', { method: 'POST', body: input, headers: { 'idempotency-key': key } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['planning', 'briefs'] }),
  })
}

export type IntakeReply = { event_brief: EventBrief; session_id: string; assumptions: string[] }

/** Creates a brief from free text and starts the team at once. */
export function useIntake() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ request, key }: { request: string; key: string }) =>
      api<IntakeReply>('/api/agents/intake', {
        method: 'POST',
        body: { request },
        headers: { 'idempotency-key': key },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['planning', 'briefs'] }),
  })
}

export function useBrief(id: string) {
  return useQuery({ queryKey: ['planning', id, 'brief'], queryFn: () => api<EventBrief>(briefPath(id)) })
}

/** What the next state still lacks. */
export function useGates(id: string) {
  return useQuery({
    queryKey: ['planning', id, 'gates'],
    queryFn: () => api<Gates>(`${briefPath(id)}/gates`),
    refetchInterval: 20_000,
  })
}

/** Any write below one event; everything shown of the event is read again after it. */
export function useEventWrite<T = unknown>(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({
      path,
      method = 'POST',
      body,
      version,
    }: {
      path: string
      method?: 'POST' | 'PATCH'
      body: unknown
      /** The version the change was made from; a newer one is refused. */
      version?: number
    }) =>
      api<T>(`${briefPath(id)}${path}`, {
        method,
        body,
        ...(version === undefined ? {} : { headers: { 'if-match': `"${version}"` } }),
      }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['planning'] })
      void client.invalidateQueries({ queryKey: ['approvals'] })
    },
  })
}
