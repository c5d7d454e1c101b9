import { z } from 'zod'

/** Words of the tasks domain. The contract's section is beside each. */

/** 4.1 */
export const CAPABILITIES = [
  'data_analysis',
  'web_scraping',
  'code_generation',
  'file_processing',
  'database_operations',
  'api_integration',
] as const
export const Capability = z.enum(CAPABILITIES)
export type Capability = z.infer<typeof Capability>

/** 1.4 */
export const TASK_STATUSES = ['pending', 'in_progress', 'completed', 'failed', 'cancelled'] as const
export const TaskStatus = z.enum(TASK_STATUSES)
export type TaskStatus = z.infer<typeof TaskStatus>

/** 1.5 */
export const SUBTASK_STATUSES = ['pending', 'queued', 'running', 'completed', 'failed', 'blocked', 'cancelled'] as const
export const SubTaskStatus = z.enum(SUBTASK_STATUSES)
export type SubTaskStatus = z.infer<typeof SubTaskStatus>

export const RESULT_STATUSES = ['completed', 'failed'] as const
export const ResultStatus = z.enum(RESULT_STATUSES)
export type ResultStatus = z.infer<typeof ResultStatus>

/** 3.1.6 */
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const
export const LogLevel = z.enum(LOG_LEVELS)
export type LogLevel = z.infer<typeof LogLevel>

/** 5.5 */
export const DECOMPOSITION_METHODS = ['model', 'rules', 'fallback'] as const
export const DecompositionMethod = z.enum(DECOMPOSITION_METHODS)
export type DecompositionMethod = z.infer<typeof DecompositionMethod>

/** 3.12 */
export const PERMISSION_MODES = ['auto', 'approveEdits', 'approveAll', 'bypassPermissions'] as const
export const TaskPermissionMode = z.enum(PERMISSION_MODES)
export type TaskPermissionMode = z.infer<typeof TaskPermissionMode>

/** 3.4 */
export const WAITING_REASONS = ['agents_busy', 'no_capable_agent'] as const
export type WaitingReason = (typeof WAITING_REASONS)[number]

export const APPROVAL_STATUSES = ['pending', 'approved', 'denied', 'expired'] as const
export const ApprovalStatus = z.enum(APPROVAL_STATUSES)
export type ApprovalStatus = z.infer<typeof ApprovalStatus>

/** 3.7.3: how a subtask's `error` begins, and what the person is offered. */
export const SUBTASK_ERRORS = {
  INVALID_INPUT: 'Edit the step or its input, then retry',
  MODEL_NOT_CONFIGURED: 'Configure a language model, then retry',
  MODEL_ERROR: 'Retry',
  TIMEOUT: 'Retry with a longer limit',
  NO_CAPABLE_AGENT: 'Start an agent with the missing capability, then retry',
  AGENT_LOST: 'Retry',
  TOOL_ERROR: 'See the message, then retry',
  NETWORK_ERROR: 'Check the address, then retry',
  FILE_NOT_FOUND: 'Name or attach the right file, then retry',
  UNSUPPORTED_FORMAT: 'Use a supported format, then retry',
  PATH_NOT_ALLOWED: 'Use a path inside the task folder, then retry',
  SQL_NOT_ALLOWED: 'Correct the query, then retry',
  SQL_ERROR: 'Correct the query, then retry',
  APPROVAL_DENIED: 'Approve the call and retry',
  APPROVAL_TIMEOUT: 'Approve the call and retry',
  CANCELLED: 'Nothing to do',
  INTERNAL: 'Report it',
} as const
export type SubTaskErrorCode = keyof typeof SUBTASK_ERRORS
export const SUBTASK_ERROR_CODES = Object.keys(SUBTASK_ERRORS) as SubTaskErrorCode[]

/** The code an `error` text begins with; INTERNAL when it begins otherwise. */
export function subTaskErrorCode(error: string): SubTaskErrorCode {
  const code = /^([A-Z_]+):/.exec(error)?.[1] ?? ''
  return code in SUBTASK_ERRORS ? (code as SubTaskErrorCode) : 'INTERNAL'
}
