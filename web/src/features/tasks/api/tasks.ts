import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../api/client.ts'
import { isFinal } from '../../../lib/states.ts'
import type { Health, RetryReply, Submitted, TaskFiles, TaskListReply, TaskReply } from '../types.ts'

export type TaskListFilter = { status?: string; user_id?: string; limit?: number; offset?: number }

/** Recent tasks, newest first; read again by itself while one of them is under way. */
export function useTaskList(filter: TaskListFilter = {}) {
  return useQuery({
    queryKey: ['tasks', 'list', filter],
    queryFn: () => api<TaskListReply>('/tasks', { query: { limit: 50, ...filter } }),
    refetchInterval: (query) => (query.state.data?.tasks.some((task) => !isFinal(task.status)) ? 2000 : 15_000),
  })
}

/** One task with its results; read every 2 s until it is final, unless `auto` is off. */
export function useTask(id: string, auto = true) {
  return useQuery({
    queryKey: ['tasks', 'one', id],
    queryFn: () => api<TaskReply>(`/tasks/${encodeURIComponent(id)}`),
    enabled: id !== '',
    refetchInterval: (query) =>
      auto && !isFinal(query.state.data?.task.status ?? '') && !query.state.error ? 2000 : false,
  })
}

/** Attachments, outputs and published files of a task. `version` changes when there may be new ones. */
export function useTaskFiles(id: string, version: string) {
  return useQuery({
    queryKey: ['tasks', 'files', id, version],
    queryFn: () => api<TaskFiles>(`/tasks/${encodeURIComponent(id)}/files`),
    placeholderData: (before) => before,
  })
}

/** Whether a model is configured. */
export function useHealth() {
  return useQuery({ queryKey: ['health'], queryFn: () => api<Health>('/health'), staleTime: 60_000 })
}

export type Submission = {
  description: string
  userId: string
  files: File[]
  inputData?: Record<string, unknown> | undefined
  key: string
}

/** Submits a task. The same `key` never makes a second one. */
export function useSubmitTask() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ description, userId, files, inputData, key }: Submission) => {
      const form = new FormData()
      form.set('description', description)
      form.set('user_id', userId)
      if (inputData) form.set('input_data', JSON.stringify(inputData))
      for (const file of files) form.append('files', file, file.name)
      return api<Submitted>('/tasks', { method: 'POST', body: form, headers: { 'idempotency-key': key } })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['tasks'] }),
  })
}

export type SubtaskRetry = {
  subtaskId: string
  description?: string
  input_data?: Record<string, unknown>
  required_capabilities?: string[]
}

/** Cancel, retry and delete of one task, and the retry of one of its subtasks. */
export function useTaskActions(id: string) {
  const client = useQueryClient()
  const path = `/tasks/${encodeURIComponent(id)}`
  const done = () => client.invalidateQueries({ queryKey: ['tasks'] })
  return {
    cancel: useMutation({
      mutationFn: () => api<{ cancelled_subtasks: number }>(`${path}/cancel`, { method: 'POST' }),
      onSuccess: done,
    }),
    retry: useMutation({ mutationFn: () => api<RetryReply>(`${path}/retry`, { method: 'POST' }), onSuccess: done }),
    remove: useMutation({ mutationFn: () => api<{ deleted: boolean }>(path, { method: 'DELETE' }), onSuccess: done }),
    retrySubtask: useMutation({
      mutationFn: ({ subtaskId, ...body }: SubtaskRetry) =>
        api<RetryReply>(`${path}/subtasks/${encodeURIComponent(subtaskId)}/retry`, { method: 'POST', body }),
      onSuccess: done,
    }),
  }
}
