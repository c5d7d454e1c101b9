import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { TroupeEvent } from '../../../../src/kernel/events/schema.ts'
import { api } from '../../api/client.ts'
import { listOf } from '../../lib/list-of.ts'

export type { TroupeEvent }

export type EventFilter = {
  domain?: string
  run_id?: string
  agent_id?: string
  stream?: string
  type?: string
  level?: string
  q?: string
  from?: string
  to?: string
}
type Page = { events: TroupeEvent[]; next: string | null }

const PAGE = 200

/** Events newest first, a page at a time. */
export function useEvents(filter: EventFilter) {
  return useInfiniteQuery({
    queryKey: ['events', 'list', filter],
    initialPageParam: '',
    queryFn: async ({ pageParam }): Promise<Page> => {
      const reply = await api<{ next_cursor?: string | null }>('/v1/events', {
        query: { ...filter, limit: PAGE, after: pageParam },
      })
      return { events: listOf<TroupeEvent>(reply, 'events'), next: reply.next_cursor ?? null }
    },
    getNextPageParam: (last) => last.next ?? undefined,
  })
}

/** One event. */
export function useEvent(id: string) {
  return useQuery({
    queryKey: ['event', id],
    queryFn: () => api<TroupeEvent | { event: TroupeEvent }>(`/v1/events/${encodeURIComponent(id)}`),
    select: (reply) => ('event' in reply ? reply.event : reply),
    enabled: id !== '',
    staleTime: 60_000,
  })
}

export type Traversal = { event: TroupeEvent; depth: number }

/** What made an event happen and what it led to, to a depth. */
export function useCausality(id: string, depth: number) {
  const read = async (side: 'causes' | 'effects') =>
    listOf<Traversal>(await api(`/v1/events/${encodeURIComponent(id)}/${side}`, { query: { depth } }), 'related')
  return useQuery({
    queryKey: ['event', id, 'causality', depth],
    queryFn: async () => {
      const [causes, effects] = await Promise.all([read('causes'), read('effects')])
      return { causes, effects }
    },
    enabled: id !== '',
    placeholderData: (before) => before,
  })
}
