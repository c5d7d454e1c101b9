import { z } from 'zod'
import {
  AgentLog,
  AgentStatus,
  FileAttachment,
  SubTaskResult,
  Task,
  TaskApproval,
  TaskSummary,
  Time,
} from './entities.ts'

/** 2.1 */
export const ErrorReply = z.object({
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
})
export type ErrorReply = z.infer<typeof ErrorReply>

export const SubmitTaskReply = z.object({
  task_id: z.string(),
  status: z.literal('created'),
  subtasks_count: z.int().min(1),
  initial_subtasks_queued: z.int().min(1),
  files_uploaded: z.int().min(0),
})
export type SubmitTaskReply = z.infer<typeof SubmitTaskReply>

export const GetTaskReply = z.object({ task: Task, subtask_results: z.array(SubTaskResult) })
export type GetTaskReply = z.infer<typeof GetTaskReply>

export const ListTasksReply = z.object({
  tasks: z.array(TaskSummary),
  total_count: z.int(),
  limit: z.int(),
  offset: z.int(),
})
export type ListTasksReply = z.infer<typeof ListTasksReply>

export const CancelTaskReply = z.object({
  task_id: z.string(),
  status: z.literal('cancelled'),
  cancelled_subtasks: z.int(),
})
export const RetryTaskReply = z.object({
  task_id: z.string(),
  status: z.literal('in_progress'),
  requeued: z.array(z.string()),
  unblocked: z.array(z.string()),
})
export const DeleteTaskReply = z.object({ task_id: z.string(), deleted: z.literal(true) })

/** 2.2.5 */
export const TaskFile = z.object({
  path: z.string(),
  size: z.int(),
  mime_type: z.string(),
  subtask_id: z.string().nullable(),
})
export type TaskFile = z.infer<typeof TaskFile>
export const TaskFilesReply = z.object({
  attachments: z.array(FileAttachment),
  outputs: z.array(TaskFile),
  artifacts: z.array(TaskFile),
})
export type TaskFilesReply = z.infer<typeof TaskFilesReply>

/** 2.2.6 */
export const ListAgentsReply = z.object({ agents: z.array(AgentStatus) })
export type ListAgentsReply = z.infer<typeof ListAgentsReply>
export const AvailableAgentsReply = z.object({ available_agents: z.array(z.string()), count: z.int() })
export type AvailableAgentsReply = z.infer<typeof AvailableAgentsReply>

/** 2.2.7 */
export const ListLogsReply = z.object({ logs: z.array(AgentLog), total_count: z.int() })
export type ListLogsReply = z.infer<typeof ListLogsReply>

/** 2.2.8 */
export const ResultFoldersReply = z.object({
  folders: z.array(
    z.object({ name: z.string(), task_id: z.string(), created_at: Time, files: z.int(), size: z.int() }),
  ),
})
export type ResultFoldersReply = z.infer<typeof ResultFoldersReply>
export const ResultFolderReply = z.object({
  name: z.string(),
  files: z.array(z.object({ name: z.string(), subtask_id: z.string(), agent_id: z.string(), size: z.int() })),
})
export type ResultFolderReply = z.infer<typeof ResultFolderReply>

/** 3.9.4 */
const FolderStatistics = z.object({ count: z.int(), size_mb: z.number() })
export const ArtifactsInfoReply = z.object({
  base_directory: z.string(),
  results: FolderStatistics,
  uploads: FolderStatistics,
  reports: FolderStatistics,
  data: FolderStatistics,
  images: FolderStatistics,
  total_files: z.int(),
  total_size_mb: z.number(),
})
export type ArtifactsInfoReply = z.infer<typeof ArtifactsInfoReply>

/** 2.2.9 */
export const ListApprovalsReply = z.object({ approvals: z.array(TaskApproval) })
export type ListApprovalsReply = z.infer<typeof ListApprovalsReply>

/** 2.2.10 */
export const TasksHealthReply = z.looseObject({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  version: z.string(),
  uptime_seconds: z.number(),
  dependencies: z.looseObject({ database: z.string(), coordination: z.string() }),
  model_configured: z.boolean(),
  workers: z.looseObject({ dispatcher: z.string(), results: z.string(), monitor: z.string() }),
})
export type TasksHealthReply = z.infer<typeof TasksHealthReply>

/** 2.3 */
export const AgentHealthReply = z.looseObject({
  status: z.literal('healthy'),
  agent_id: z.string(),
  is_available: z.boolean(),
  current_task: z.string().nullable(),
  sdk_version: z.string(),
  model_configured: z.boolean(),
  skills: z.array(z.string()),
})
export type AgentHealthReply = z.infer<typeof AgentHealthReply>
export const ExecuteReply = z.object({ status: z.literal('accepted'), agent_id: z.string() })
export const CancelExecutionReply = z.object({ status: z.literal('cancelling') })

/** 10.5 */
export const RESULT_OUTCOMES = ['stored', 'duplicate', 'superseded', 'cancelled', 'unknown_task'] as const
export const ResultReply = z.object({
  accepted: z.boolean(),
  outcome: z.enum(RESULT_OUTCOMES),
  subtask_status: z.string().nullable(),
})
export type ResultReply = z.infer<typeof ResultReply>
