import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import type {
  CausalityReply,
  IntegrityReply,
  SimDetail,
  SimEvent,
  SimFacets,
  SimSummary,
  SimTurn,
  StateReply,
} from '../types.ts'

const at = (id: string) => `/simulations/${encodeURIComponent(id)}`

/** All runs under the output root, newest first. */
export const useSimulations = () =>
  useQuery({
    queryKey: ['simulations', 'list'],
    queryFn: async () => (await api<{ simulations: SimSummary[] }>('/simulations')).simulations,
    refetchInterval: (query) => (query.state.data?.some((run) => run.status === 'running') ? 2000 : 15_000),
  })

/** One run with its configuration and result. `expected`: it is about to write its first events, so it is asked for until it has. */
export const useSimulation = (id: string, expected = false) =>
  useQuery({
    queryKey: ['simulations', id, 'detail'],
    queryFn: () => api<SimDetail>(at(id)),
    enabled: id !== '',
    refetchInterval: (query) =>
      query.state.data?.status === 'running' ? 2000 : !query.state.data && expected ? 500 : false,
  })

/** Turns with their times and counts, while `enabled`. `version` changes when there is more. */
export const useTurns = (id: string, from: number, to: number, version: number, enabled: boolean) =>
  useQuery({
    queryKey: ['simulations', id, 'turns', from, to, version],
    queryFn: async () =>
      (await api<{ turns: SimTurn[] }>(`${at(id)}/turns`, { query: { turn_start: from, turn_end: to } })).turns,
    enabled: enabled && id !== '',
    placeholderData: keepPreviousData,
  })

/** The values filters can have, with counts. */
export const useFacets = (id: string, version: number) =>
  useQuery({
    queryKey: ['simulations', id, 'facets', version],
    queryFn: () => api<SimFacets>(`${at(id)}/facets`),
    enabled: id !== '',
    placeholderData: keepPreviousData,
  })

/** The world as it was at the end of a turn. */
export const useTurnState = (id: string, turn: number | undefined) =>
  useQuery({
    queryKey: ['simulations', id, 'state', turn],
    queryFn: () => api<StateReply>(`${at(id)}/state`, { query: { turn } }),
    enabled: id !== '' && turn !== undefined,
    staleTime: 60_000,
    retry: false,
    placeholderData: keepPreviousData,
  })

/** The newest state there is, looked at again every other second. */
export const useLatestState = (id: string) =>
  useQuery({
    queryKey: ['simulations', id, 'latest'],
    queryFn: () => api<StateReply>(`${at(id)}/state`),
    enabled: id !== '',
    refetchInterval: 2000,
    retry: false,
  })

type WindowFilter = Pick<SimEventFilter, 'event_types' | 'agent_ids' | 'text'>

/** The events of some turns, in order; `compact` leaves out the details. */
export const useTurnEvents = (
  id: string,
  from: number,
  to: number,
  version: number,
  compact: boolean,
  filter: WindowFilter = {},
) =>
  useQuery({
    queryKey: ['simulations', id, 'window', from, to, compact, filter, version],
    queryFn: () =>
      api<{ events: SimEvent[]; total: number; has_more: boolean }>(`${at(id)}/events`, {
        query: { ...filter, turn_start: from, turn_end: to, limit: 10_000, fields: compact ? 'compact' : 'full' },
      }),
    enabled: id !== '' && to >= from,
    placeholderData: keepPreviousData,
  })

/** One event in full. */
export const useSimEvent = (id: string, eventId: string) =>
  useQuery({
    queryKey: ['simulations', id, 'event', eventId],
    queryFn: () => api<SimEvent>(`${at(id)}/events/${encodeURIComponent(eventId)}`),
    enabled: eventId !== '',
    staleTime: 5 * 60_000,
    retry: false,
  })

/** Causes and effects of an event, to a depth. */
export const useSimCausality = (id: string, eventId: string, depth: number) =>
  useQuery({
    queryKey: ['simulations', id, 'causality', eventId, depth],
    queryFn: () => api<CausalityReply>(`${at(id)}/causality/${encodeURIComponent(eventId)}`, { query: { depth } }),
    enabled: eventId !== '',
    placeholderData: keepPreviousData,
    retry: false,
  })

/** Whether the event files are whole. */
export const useIntegrity = (id: string, version: number) =>
  useQuery({
    queryKey: ['simulations', id, 'integrity', version],
    queryFn: () => api<IntegrityReply>(`${at(id)}/integrity`),
    enabled: id !== '',
  })

/** The turns that can be branched from. */
export const useCheckpoints = (id: string) =>
  useQuery({
    queryKey: ['simulations', id, 'checkpoints'],
    queryFn: () => api<{ checkpoints: number[]; last: number | null }>(`${at(id)}/checkpoints`),
    enabled: id !== '',
  })

export type SimEventFilter = {
  event_types?: string[]
  agent_ids?: string[]
  text?: string
  turn_start?: string
  turn_end?: string
  start_timestamp?: string
  end_timestamp?: string
  order?: 'asc' | 'desc'
}

/** A page of the audit trail. */
export const useAudit = (id: string, filter: SimEventFilter, offset: number, limit: number, version: number) =>
  useQuery({
    queryKey: ['simulations', id, 'audit', filter, offset, limit, version],
    queryFn: () =>
      api<{ events: SimEvent[]; total: number; warnings?: Record<string, number> }>(`${at(id)}/events`, {
        query: { ...filter, offset, limit },
      }),
    placeholderData: keepPreviousData,
  })

export const exportPath = (id: string, format: 'jsonl' | 'csv') => `${at(id)}/export?format=${format}`
