import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AnswerInput, Decision as Question } from '../../../../../src/kernel/decisions/schema.ts'
import { api } from '../../../api/client.ts'
import { listOf } from '../../../lib/list-of.ts'

export type { AnswerInput }
/** A question as the inbox lists it; `may_answer` says whether this person may. */
export type Decision = Question & { may_answer?: boolean }

/** Questions with a status, as the server orders them. */
export function useDecisions(status: 'open' | 'answered') {
  return useQuery({
    queryKey: ['decisions', status],
    queryFn: async () =>
      listOf<Decision>(
        await api('/v1/decisions', {
          query: { status: status === 'answered' ? 'answered,expired,withdrawn,superseded' : 'open', limit: 200 },
        }),
        'decisions',
      ),
    refetchInterval: 10_000,
  })
}

/** Room for second thoughts in the inbox. */
export const UNDO_SECONDS = 8

function useTouch() {
  const client = useQueryClient()
  return () => {
    for (const topic of ['decisions', 'runs', 'home']) void client.invalidateQueries({ queryKey: [topic] })
  }
}

const at = (id: string, verb: string) => `/v1/decisions/${encodeURIComponent(id)}/${verb}`

/** Answers a question; the first valid answer wins, and it can be taken back for a few seconds. */
export function useAnswer() {
  const onSettled = useTouch()
  return useMutation({
    mutationFn: ({ id, answer }: { id: string; answer: AnswerInput }) =>
      api<Decision>(at(id, 'answer'), { method: 'POST', body: { ...answer, undo_seconds: UNDO_SECONDS } }),
    onSettled,
  })
}

/** Takes an answer back while the next stage has not started. */
export function useUndo() {
  const onSettled = useTouch()
  return useMutation({
    mutationFn: (id: string) => api<Decision>(at(id, 'undo'), { method: 'POST', body: {} }),
    onSettled,
  })
}

export type Handover = { users: string[]; roles: string[]; note?: string }

/** Hands a question on to other people or roles. */
export function useDelegate() {
  const onSettled = useTouch()
  return useMutation({
    mutationFn: ({ id, to }: { id: string; to: Handover }) =>
      api<Decision>(at(id, 'delegate'), { method: 'POST', body: to }),
    onSettled,
  })
}

export type BatchResult = { results: { id: string; ok: boolean; code?: string; message?: string }[] }

/** Answers or hands on several questions; each stands for itself. */
export function useBatch() {
  const onSettled = useTouch()
  return useMutation({
    mutationFn: (body: { ids: string[]; answer?: AnswerInput; delegate?: Handover }) =>
      api<BatchResult>('/v1/decisions/batch', {
        method: 'POST',
        body: { ...body, ...(body.answer ? { undo_seconds: UNDO_SECONDS } : {}) },
      }),
    onSettled,
  })
}
