import { useQuery } from '@tanstack/react-query'
import { api, fetchText } from '../../../api/client.ts'
import type { ArtifactsInfo, ResultFile, ResultFolder } from '../types.ts'

/** Folders of result pages, newest first. */
export function useResultFolders() {
  return useQuery({
    queryKey: ['results', 'folders'],
    queryFn: () => api<{ folders: ResultFolder[] }>('/results'),
    refetchInterval: 15_000,
  })
}

/** The pages of one folder. */
export function useResultFolder(name: string) {
  return useQuery({
    queryKey: ['results', 'folder', name],
    queryFn: () => api<{ name: string; files: ResultFile[] }>(`/results/${encodeURIComponent(name)}`),
    enabled: name !== '',
  })
}

/** How much is stored where. */
export function useArtifactsInfo() {
  return useQuery({ queryKey: ['results', 'info'], queryFn: () => api<ArtifactsInfo>('/artifacts/info') })
}

/** A result page as text, to be shown in a sandboxed frame. */
export function useResultPage(path: string) {
  return useQuery({
    queryKey: ['results', 'page', path],
    queryFn: ({ signal }) => fetchText(path, signal),
    enabled: path !== '',
    staleTime: 60_000,
  })
}
