/** The task contract's shapes, from the domain's own vocabulary. */
import type {
  AgentLog,
  AgentStatus,
  ArtifactsInfoReply,
  Capability,
  FileAttachment,
  GetTaskReply,
  ListTasksReply,
  Progress,
  ResultFolderReply,
  ResultFoldersReply,
  SubmitTaskReply,
  SubTaskOutput,
  SubTaskResult,
  SubTaskView,
  Task,
  TaskApproval,
  TaskFilesReply,
  TaskSummary,
  TasksHealthReply,
} from '../../../../src/tasks/schema.ts'

export type { AgentLog, AgentStatus, Capability, Progress, SubTaskResult, Task, TaskSummary }
export type SubTask = SubTaskView
export type Output = SubTaskOutput
export type Attachment = FileAttachment
export type TaskReply = GetTaskReply
export type TaskListReply = ListTasksReply
export type TaskFiles = TaskFilesReply
export type TaskFile = TaskFilesReply['outputs'][number]
export type Submitted = SubmitTaskReply
export type ResultFolder = ResultFoldersReply['folders'][number]
export type ResultFile = ResultFolderReply['files'][number]
export type ArtifactsInfo = ArtifactsInfoReply
export type Approval = TaskApproval
export type Health = Partial<TasksHealthReply>
export type RetryReply = { task_id: string; status: string; requeued: string[]; unblocked: string[] }

/** The contract's six capabilities, in its order. */
export const CAPABILITIES: readonly Capability[] = [
  'data_analysis',
  'web_scraping',
  'code_generation',
  'file_processing',
  'database_operations',
  'api_integration',
]
