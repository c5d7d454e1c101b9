import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError } from '../../../api/api-error.ts'
import { api } from '../../../api/client.ts'
import type { AgentSession, ChatMessage, Page } from '../types.ts'

export const sessionPath = (id: string) => `/api/agents/sessions/${encodeURIComponent(id)}`

/** The runs of the team for one event, newest first. */
export function useSessions(eventId: string) {
  return useQuery({
    queryKey: ['planning', eventId, 'sessions'],
    queryFn: () => api<Page<AgentSession>>('/api/agents/sessions', { query: { event_brief_id: eventId, limit: 20 } }),
    refetchInterval: 15_000,
  })
}

/** Everything that was said in a run, oldest first. `poll` is the interval while the socket is away. */
export function useMessages(sessionId: string, poll: number | false) {
  return useQuery({
    queryKey: ['planning', 'messages', sessionId],
    enabled: sessionId !== '',
    queryFn: () => api<{ messages: ChatMessage[] }>(`${sessionPath(sessionId)}/messages`, { query: { limit: 200 } }),
    refetchInterval: poll,
  })
}

export function useSession(sessionId: string, poll: number | false) {
  return useQuery({
    queryKey: ['planning', 'session', sessionId],
    enabled: sessionId !== '',
    queryFn: () => api<AgentSession>(sessionPath(sessionId)),
    refetchInterval: poll,
  })
}

export type StartInput = { instruction_level: string; target_phase: string; interaction_mode: string }

/** Start, message, answer, cancel and retry of the team's runs. */
export function useSessionActions(eventId: string, sessionId: string) {
  const client = useQueryClient()
  const onSettled = () => client.invalidateQueries({ queryKey: ['planning'] })
  const path = sessionPath(sessionId)
  return {
    start: useMutation({
      mutationFn: (input: StartInput) =>
        api<{ session_id: string }>('/api/agents/orchestrate', {
          method: 'POST',
          body: { event_brief_id: eventId, ...input },
        }),
      onSettled,
    }),
    send: useMutation({
      mutationFn: (content: string) => api(`${path}/messages`, { method: 'POST', body: { content } }),
      onSettled,
    }),
    answer: useMutation({
      mutationFn: ({ id, answer }: { id: string; answer: string }) =>
        api(`${path}/questions/${encodeURIComponent(id)}/answer`, { method: 'POST', body: { answer } }),
      onSettled,
    }),
    cancel: useMutation({ mutationFn: () => api(`${path}/cancel`, { method: 'POST' }), onSettled }),
    hold: useMutation({
      mutationFn: (pause: boolean) => api(`${path}/${pause ? 'pause' : 'resume'}`, { method: 'POST' }),
      onSettled,
    }),
    retry: useMutation({ mutationFn: () => api(`${path}/retry`, { method: 'POST' }), onSettled }),
  }
}

/** The final plan of a completed run; null before it is ready. */
export function useFinalPlan(sessionId: string) {
  return useQuery({
    queryKey: ['planning', 'plan', sessionId],
    enabled: sessionId !== '',
    queryFn: async () => {
      try {
        return await api<{ plan: string; sections: Record<string, string>; created_at: string; version: number }>(
          `${sessionPath(sessionId)}/plan`,
        )
      } catch (error) {
        if (error instanceof ApiError && (error.status === 409 || error.status === 404)) return null
        throw error
      }
    },
  })
}

/** Whether a model is configured; without one the team works by its rules. */
export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: () => api<{ model_configured?: boolean }>('/health'),
    staleTime: 60_000,
  })
}
