import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Decision } from '../../../../../src/kernel/decisions/schema.ts'
import { api } from '../../../api/client.ts'
import type { Approval } from '../types.ts'

/** Tool calls that wait for a person, read every three seconds since they expire. */
export function useApprovals() {
  return useQuery({
    queryKey: ['approvals'],
    queryFn: () => api<{ approvals: Approval[] }>('/approvals', { query: { status: 'pending' } }),
    refetchInterval: 3000,
  })
}

/** What may be answered to a waiting call, as the inbox asks it: some may be approved for the whole job. */
export function useApprovalOptions(id: string) {
  return useQuery({
    queryKey: ['decisions', id],
    queryFn: async () => (await api<Decision>(`/v1/decisions/${encodeURIComponent(id)}`)).options,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Answers a waiting call with one of its own options, such as approving all of its kind in the job. */
export function useAnswerApproval() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, choice }: { id: string; choice: string }) =>
      api(`/v1/decisions/${encodeURIComponent(id)}/answer`, { method: 'POST', body: { choice } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['approvals'] }),
  })
}

/** Approves or denies a waiting tool call. */
export function useDecideApproval() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, decision, reason }: { id: string; decision: 'approve' | 'deny'; reason?: string }) =>
      api<Approval>(`/approvals/${encodeURIComponent(id)}`, {
        method: 'POST',
        body: { decision, ...(reason ? { reason } : {}) },
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['approvals'] }),
  })
}
