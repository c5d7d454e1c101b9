import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'

export type TriableAgent = { domain: 'tasks' | 'planning' | 'movies'; agent: string; title: string; tasks: string[] }
export type TriedFile = { path: string; bytes: number; text: string | null }
export type Tried = {
  agent: string
  made_by: 'model' | 'craft'
  duration_ms: number
  output: unknown
  notes: string[]
  tools: { name: string; about: Record<string, unknown>; duration_ms: number; ok: boolean }[]
  files: TriedFile[]
  usage: { input_tokens: number; output_tokens: number; cost_usd: number | null } | null
}
export type TryInput = {
  domain: string
  agent: string
  subject?: string
  task?: string
  input?: string
  files?: { name: string; text: string }[]
}

/** Who can be tried alone. */
export const useTriable = () =>
  useQuery({
    queryKey: ['agents', 'try'],
    queryFn: async () => (await api<{ agents: TriableAgent[] }>('/v1/agents/try')).agents,
    staleTime: Number.POSITIVE_INFINITY,
  })

type Subject = { kind: 'event' | 'film'; id: string; title: string; about: string }

/** Events and films there are, newest first: real material for an agent. */
export const useSubjects = () =>
  useQuery({
    queryKey: ['templates', 'subjects'],
    queryFn: async () => (await api<{ templates: Subject[] }>('/v1/templates', { query: { limit: 50 } })).templates,
  })

/** Lets one agent work; nothing is saved. */
export const useTry = () =>
  useMutation({ mutationFn: (body: TryInput) => api<Tried>('/v1/agents/try', { method: 'POST', body }) })
