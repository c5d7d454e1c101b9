import { z } from 'zod'
import {
  ApprovalStatus,
  Capability,
  DecompositionMethod,
  LogLevel,
  ResultStatus,
  SubTaskStatus,
  TaskStatus,
} from './enums.ts'

/** 3.1.1: subtasks of one task. */
export const MAX_SUBTASKS = 200
/** 3.1.6: a longer message is cut. */
export const MAX_LOG_MESSAGE = 4000

/** ISO 8601 UTC with milliseconds. */
export const Time = z.iso.datetime({ precision: 3 })
export const JsonObject = z.record(z.string(), z.unknown(), 'must be a JSON object')
export type JsonObject = z.infer<typeof JsonObject>

export const TASK_ID = /^task_\d{12}_[0-9a-f]{12}$/
export const SUBTASK_ID = /^subtask_[0-9a-f]{12}$/
export const AGENT_ID = /^agent_\d+$/
export const STATE_KEY = /^[A-Za-z0-9:_.-]{1,200}$/

/** Characters as PostgreSQL counts them; NUL and lone surrogates cannot be stored. */
export const characters = (min: number, max: number, field: string) =>
  z
    .string(`must be text of ${min} to ${max} characters`)
    .trim()
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must not contain NUL or broken characters')
    .refine(
      (text) => [...text].length >= min,
      `${field} must have at least ${min} characters after trimming: say what is to be done`,
    )
    .refine((text) => [...text].length <= max, `${field} must have at most ${max} characters: shorten it`)
    .meta({ minLength: min, maxLength: max })

/** 3.1.2. Ids are free on `/execute`; generated ones match SUBTASK_ID. */
export const SubTask = z
  .object({
    id: z.string('must be text').trim().min(1, 'must not be empty').max(100, 'must have at most 100 characters'),
    description: characters(10, 1000, 'description'),
    required_capabilities: z
      .array(Capability, 'must be a list of capabilities')
      .min(1, 'must name at least one capability')
      .refine((list) => new Set(list).size === list.length, 'must not name a capability twice'),
    dependencies: z
      .array(z.string())
      .default([])
      .refine((list) => new Set(list).size === list.length, 'must not name a subtask twice'),
    priority: z.int('must be a whole number').min(0, 'must be from 0 to 10').max(10, 'must be from 0 to 10').default(5),
    estimated_duration: z.int().positive('must be greater than 0').nullable().default(null),
    input_data: JsonObject.default({}),
  })
  .refine((subtask) => !subtask.dependencies.includes(subtask.id), {
    path: ['dependencies'],
    message: 'a subtask must not depend on itself',
  })
export type SubTask = z.infer<typeof SubTask>

/** A SubTask as task JSON shows it (2.2.2). */
export const SubTaskView = SubTask.safeExtend({
  status: SubTaskStatus,
  assigned_agent: z.string().nullable(),
  attempts: z.int().min(0),
  queued_at: Time.nullable(),
  started_at: Time.nullable(),
  finished_at: Time.nullable(),
  waiting_reason: z.string().nullable(),
  blocked_by: z.array(z.string()),
})
export type SubTaskView = z.infer<typeof SubTaskView>

/** 3.1.5 */
export const FileAttachment = z.object({
  filename: z.string().min(1),
  original_filename: z.string(),
  file_path: z.string().regex(/^artifacts\/uploads\/[^/]+\/[^/]+$/, 'must be artifacts/uploads/{task_id}/{filename}'),
  file_size: z.int().min(0),
  mime_type: z.string(),
  uploaded_at: Time,
})
export type FileAttachment = z.infer<typeof FileAttachment>

export const ResultRef = z.object({
  path: z.string(),
  bytes: z.int().min(0),
  sha256: z.string(),
  content_type: z.string(),
})
export type ResultRef = z.infer<typeof ResultRef>

/** 3.1.4. What an agent sends must have `success`, `data`, `summary`; the server fills the rest. */
export const SubTaskOutput = z.looseObject({
  success: z.boolean(),
  data: JsonObject,
  summary: z.string(),
  result: z.string().optional(),
  html_file: z.string().optional(),
  files_created: z.array(z.string()).optional(),
  next_steps: z.string().optional(),
  result_ref: ResultRef.optional(),
  preview: z.string().optional(),
})
export type SubTaskOutput = z.infer<typeof SubTaskOutput>

const SubTaskResultFields = z.object({
  task_id: z.string(),
  subtask_id: z.string(),
  agent_id: z.string(),
  status: ResultStatus,
  output: SubTaskOutput.nullable(),
  error: z.string().nullable(),
  execution_time: z.number().positive(),
  attempt: z.int().min(1),
  created_at: Time,
})
export const SubTaskResult = SubTaskResultFields.refine(
  ({ status, output }) => (status === 'completed') === (output !== null),
  { path: ['output'], message: 'must be there exactly when the subtask completed' },
).refine(({ status, error }) => (status === 'failed') === (error !== null), {
  path: ['error'],
  message: 'must be there exactly when the subtask failed',
})
export type SubTaskResult = z.infer<typeof SubTaskResult>

export const Progress = z.object({
  completed: z.int(),
  failed: z.int(),
  blocked: z.int(),
  cancelled: z.int(),
  running: z.int(),
  total: z.int(),
  percent: z.number(),
})
export type Progress = z.infer<typeof Progress>

/** 3.1.1 `result` */
export const TaskResult = z.object({
  subtask_results: z.array(
    SubTaskResultFields.pick({ subtask_id: true, agent_id: true, status: true, output: true, execution_time: true }),
  ),
  outputs: z.record(z.string(), JsonObject),
  data: JsonObject,
  files: z.array(z.string()),
  total_execution_time: z.number(),
  wall_time: z.number(),
  summary: z.string(),
})
export type TaskResult = z.infer<typeof TaskResult>

/** 3.1.1 */
const TaskFields = z.object({
  id: z.string().regex(TASK_ID),
  user_id: z
    .string()
    .min(1)
    .max(100)
    .refine((text) => text.trim() !== '', 'must not be blank'),
  description: characters(10, 5000, 'description'),
  status: TaskStatus,
  created_at: Time,
  updated_at: Time,
  subtasks: z.array(SubTaskView).min(1).max(MAX_SUBTASKS),
  result: TaskResult.nullable(),
  error: z.string().nullable(),
  attachments: z.array(FileAttachment),
  uploads_folder: z.string().nullable(),
  decomposition_method: DecompositionMethod,
  progress: Progress,
})
export const Task = TaskFields.refine(({ status, result }) => (status === 'completed') === (result !== null), {
  path: ['result'],
  message: 'must be there exactly when the task completed',
})
  .refine(({ status, error }) => (status === 'failed') === (error !== null), {
    path: ['error'],
    message: 'must be there exactly when the task failed',
  })
  .refine(({ created_at, updated_at }) => updated_at >= created_at, {
    path: ['updated_at'],
    message: 'must not precede created_at',
  })
  .refine(({ attachments, uploads_folder }) => attachments.length > 0 === (uploads_folder !== null), {
    path: ['uploads_folder'],
    message: 'must be there exactly when there are attachments',
  })
export type Task = z.infer<typeof Task>

export const TaskSummary = TaskFields.pick({
  id: true,
  user_id: true,
  description: true,
  status: true,
  created_at: true,
  updated_at: true,
  progress: true,
})
export type TaskSummary = z.infer<typeof TaskSummary>

/** 3.1.3 */
export const AgentStatus = z
  .object({
    agent_id: z.string().regex(AGENT_ID),
    port: z.int().min(1).max(65_535),
    base_url: z.string(),
    is_available: z.boolean(),
    current_task: z.string().nullable(),
    /** It ends what it has and takes nothing more. */
    draining: z.boolean().optional(),
    capabilities: z.array(Capability).min(1),
    cpu_usage: z.number().min(0).max(100),
    memory_usage: z.number().min(0).max(100),
    process_memory_bytes: z.number().min(0),
    tasks_completed: z.int().min(0),
    last_heartbeat: Time,
    sdk_enabled: z.literal(true).default(true),
  })
  .refine(({ is_available, current_task }) => is_available || current_task !== null, {
    path: ['current_task'],
    message: 'must be there when the agent is not available',
  })
export type AgentStatus = z.infer<typeof AgentStatus>

/** 3.1.6 */
export const AgentLog = z.object({
  id: z.int(),
  agent_id: z.string(),
  task_id: z.string().nullable(),
  log_level: LogLevel,
  message: z.string().max(MAX_LOG_MESSAGE),
  metadata: JsonObject.nullable(),
  created_at: Time,
})
export type AgentLog = z.infer<typeof AgentLog>

/** 2.2.9 */
export const TaskApproval = z.object({
  id: z.string(),
  task_id: z.string(),
  subtask_id: z.string(),
  agent_id: z.string(),
  tool: z.string(),
  arguments: JsonObject,
  requested_at: Time,
  expires_at: Time,
  status: ApprovalStatus,
})
export type TaskApproval = z.infer<typeof TaskApproval>
