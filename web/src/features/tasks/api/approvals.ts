import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
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
