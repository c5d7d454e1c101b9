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

/** Answers a question; the first valid answer wins, a later one is refused with the winner's name. */
export function useAnswer() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, answer }: { id: string; answer: AnswerInput }) =>
      api<Decision>(`/v1/decisions/${encodeURIComponent(id)}/answer`, { method: 'POST', body: answer }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['decisions'] })
      void client.invalidateQueries({ queryKey: ['runs'] })
    },
  })
}
