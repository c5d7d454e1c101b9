import { useQuery } from '@tanstack/react-query'
import type * as M from '../../../../../src/movies/schema.ts'
import { movieApi } from './movies.ts'

export type ProjectPage = { projects: M.ProjectResponse[]; total_count: number; has_more: boolean }

export function useProjects(query: Record<string, string | number>) {
  return useQuery({
    queryKey: ['movies', 'projects', query],
    queryFn: () => movieApi<ProjectPage>('/projects', { query }),
    placeholderData: (before) => before,
  })
}

export function useProject(id: string) {
  return useQuery({
    queryKey: ['movies', 'project', id],
    queryFn: () => movieApi<M.ProjectResponse>(`/projects/${encodeURIComponent(id)}`),
    enabled: id !== '',
  })
}

export type AuditPage = { entries: M.AuditEntry[]; total_count: number; has_more: boolean }

export function useAudit(query: Record<string, string | number>) {
  return useQuery({
    queryKey: ['movies', 'audit', query],
    queryFn: () => movieApi<AuditPage>('/audit', { query }),
    placeholderData: (before) => before,
  })
}
