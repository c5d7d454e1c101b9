import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AuditRow, AuditSeal } from '../../../../src/kernel/audit/audit-row.ts'
import type { AuditReport } from '../../../../src/kernel/audit/verify-audit.ts'
import { api } from '../../api/client.ts'

export type { AuditReport, AuditRow, AuditSeal }
export type AuditQuery = { q?: string; actor?: string; target_kind?: string; target_id?: string }

/** Rows of the audit, newest first, a page at a time. */
export const useAudit = (query: AuditQuery) =>
  useInfiniteQuery({
    queryKey: ['audit', 'rows', query],
    queryFn: ({ pageParam }) =>
      api<{ rows: AuditRow[]; next: number | null }>('/v1/audit', {
        query: { ...query, after: pageParam, limit: 100 },
      }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: 10_000,
    retry: false,
  })

export const useSeals = () =>
  useQuery({
    queryKey: ['audit', 'seals'],
    queryFn: async () => (await api<{ seals: AuditSeal[] }>('/v1/audit/seals')).seals,
    retry: false,
  })

/** Recomputes the chain, or seals what is open. */
export function useAuditActions() {
  const client = useQueryClient()
  return {
    verify: useMutation({ mutationFn: () => api<AuditReport>('/v1/audit/verify') }),
    seal: useMutation({
      mutationFn: () => api<{ seal: AuditSeal | null }>('/v1/audit/seal', { method: 'POST', body: {} }),
      onSuccess: () => client.invalidateQueries({ queryKey: ['audit'] }),
    }),
  }
}
