import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import type { Approval, Page } from '../types.ts'

export type Verdict = { id: string; decision: 'approved' | 'rejected'; comments?: string }

/** What waits for a person, oldest first, and the answer to it. Read again every 30 s and after each answer. */
export function useApprovals() {
  const client = useQueryClient()
  const pending = useQuery({
    queryKey: ['approvals', 'planning', 'pending'],
    queryFn: () => api<Approval[]>('/api/approvals/pending'),
    refetchInterval: 30_000,
  })
  const decide = useMutation({
    mutationFn: ({ id, ...body }: Verdict) =>
      api<{ approval_id: string; status: string }>(`/api/approvals/${encodeURIComponent(id)}`, {
        method: 'POST',
        body,
      }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['approvals'] })
      void client.invalidateQueries({ queryKey: ['planning'] })
    },
  })
  return { pending, decide }
}

/** Answered and superseded approvals, newest first. */
export function useApprovalHistory(query: { status?: string; approval_type?: string; offset?: number }) {
  return useQuery({
    queryKey: ['approvals', 'planning', 'history', query],
    queryFn: () => api<Page<Approval>>('/api/approvals', { query: { limit: 50, ...query } }),
  })
}
