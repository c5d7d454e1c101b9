import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'

export type ModelStatus = {
  configured: boolean
  method: string
  provider: string | null
  model: string | null
  reachable: boolean | null
  last_failure: { code: string; message: string; at: string } | null
  suggestion: string | null
  recording: { folder: string; mode: string; calls: number } | null
  budget: { usd: number | null; tokens: number | null }
}
export type ModelTest = {
  ok: boolean
  answer: string | null
  model: string | null
  duration_ms: number
  message: string | null
  suggestion: string | null
}

export const useModel = () =>
  useQuery({ queryKey: ['model'], queryFn: () => api<ModelStatus>('/v1/model'), retry: false })
export const useModelTest = () =>
  useMutation({ mutationFn: () => api<ModelTest>('/v1/model/test', { method: 'POST', body: {} }) })
