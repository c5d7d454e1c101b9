import { z } from 'zod'
import { characters, FileAttachment, JsonObject, STATE_KEY, SubTask, SubTaskOutput } from './entities.ts'
import { Capability, LogLevel, ResultStatus, TaskStatus } from './enums.ts'

export const MAX_INPUT_DATA_BYTES = 64 * 1024

const readJson = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  if (value.trim() === '') return {}
  try {
    return JSON.parse(value)
  } catch {
    return value // the type check below names the field
  }
}

/** 2.2.1 `input_data`: an object, or its JSON text in forms and query. */
export const InputData = z.preprocess(
  readJson,
  JsonObject.refine(
    (data) => new TextEncoder().encode(JSON.stringify(data)).length <= MAX_INPUT_DATA_BYTES,
    'must be at most 64 KB of JSON: attach larger data as a file',
  )
    .refine((data) => !JSON.stringify(data).includes('\\u0000'), 'must not contain NUL characters')
    .superRefine((data, ctx) => {
      const limit = data['timeout_seconds']
      if (limit === undefined) return
      if (typeof limit !== 'number' || !(limit >= 1 && limit <= 3600))
        ctx.addIssue({ code: 'custom', path: ['timeout_seconds'], message: 'must be a number from 1 to 3600' })
    }),
)

const userId = z
  .string('must be text')
  .refine((text) => text.trim() !== '', 'must not be blank: leave it out or name someone')
  .refine((text) => [...text].length <= 100, 'must have at most 100 characters')
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must not contain NUL or broken characters')
  .meta({ minLength: 1, maxLength: 100 })

/** 2.2.1 */
export const SubmitTaskRequest = z.object({
  description: characters(10, 5000, 'description'),
  user_id: userId.default('default_user'),
  input_data: InputData.optional().transform((data) => data ?? {}),
})
export type SubmitTaskRequest = z.infer<typeof SubmitTaskRequest>

const limit = (max: number, fallback: number) =>
  z.coerce
    .number(`must be a whole number from 1 to ${max}`)
    .int(`must be a whole number from 1 to ${max}`)
    .min(1, `must be from 1 to ${max}`)
    .max(max, `must be from 1 to ${max}`)
    .default(fallback)
const offset = z.coerce
  .number('must be a whole number, 0 or more')
  .int('must be a whole number, 0 or more')
  .min(0, 'must be 0 or more')
  .max(Number.MAX_SAFE_INTEGER)
  .default(0)
/** An ISO 8601 time; without a zone it is UTC. */
export const TimeFilter = z
  .string()
  .trim()
  .regex(
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/,
    'must be an ISO 8601 time, for example 2025-06-01T12:00:00Z',
  )
  .transform((text) => {
    const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) || text.length === 10
    return new Date(zoned ? text : `${text.replace(' ', 'T')}Z`)
  })
  .refine((date) => !Number.isNaN(date.getTime()), 'is no time that exists')

/** 2.2.3 */
export const ListTasksQuery = z.object({
  status: TaskStatus.optional(),
  user_id: z.string().optional(),
  created_from: TimeFilter.optional(),
  created_to: TimeFilter.optional(),
  limit: limit(100, 20),
  offset,
})
export type ListTasksQuery = z.infer<typeof ListTasksQuery>

/** 2.2.4 */
export const RetrySubTaskRequest = z.object({
  input_data: InputData.optional(),
  description: characters(10, 1000, 'description').optional(),
  required_capabilities: z
    .array(Capability)
    .min(1, 'must name at least one capability')
    .refine((list) => new Set(list).size === list.length, 'must not name a capability twice')
    .optional(),
})
export type RetrySubTaskRequest = z.infer<typeof RetrySubTaskRequest>

const queryFlag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0', ''], 'must be true or false')])
  .transform((value) => value === true || value === 'true' || value === '1')

/** 2.2.6 */
export const ListAgentsQuery = z.object({ include_dead: queryFlag.default(false) })
export const AvailableAgentsQuery = z.object({ capability: Capability.optional() })

/** 2.2.7. `log_level` may repeat. */
export const ListLogsQuery = z.object({
  agent_id: z.string().optional(),
  task_id: z.string().optional(),
  log_level: z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(LogLevel).optional(),
  ),
  from: TimeFilter.optional(),
  to: TimeFilter.optional(),
  q: z.string().max(1000).optional(),
  limit: limit(500, 100),
  offset,
})
export type ListLogsQuery = z.infer<typeof ListLogsQuery>

export const DownloadQuery = z.object({ download: queryFlag.default(false) })

/** 2.2.9 */
export const ListApprovalsQuery = z.object({
  status: z.enum(['pending', 'approved', 'denied', 'expired']).optional(),
})
export const DecideApprovalRequest = z.object({
  decision: z.enum(['approve', 'deny'], 'must be approve or deny'),
  reason: z.string().max(2000).optional(),
})
export type DecideApprovalRequest = z.infer<typeof DecideApprovalRequest>

const count = z.int().min(0).max(1_000_000_000)

/** One turn of a language model, as an agent in a process of its own tells it with its result. `id` is new for each turn. */
export const ModelCallReport = z.object({
  id: z.string().min(1).max(100),
  provider: z.string().max(100),
  model: z.string().max(200),
  outcome: z.string().max(100),
  input_tokens: count,
  output_tokens: count,
  /** Null when the price is not known. */
  cost_usd: z.number().min(0).max(10_000).nullish(),
  duration_ms: count.default(0),
  estimated_tokens: count.default(0),
  estimated_usd: z.number().min(0).max(10_000).nullish(),
})
export type ModelCallReport = z.infer<typeof ModelCallReport>
export const MAX_MODEL_CALLS = 1000

/** 2.3 `task_context` */
export const TaskContext = z.looseObject({
  previous_results: z.record(z.string(), z.unknown()).default({}),
  attachments: z.array(FileAttachment.partial().required({ filename: true })).default([]),
  uploads_folder: z.string().nullish(),
  checkpoint: JsonObject.nullish(),
  /** A model of this task's own, from a fork that tries another one; otherwise the agent's. */
  model: z.string().nullish(),
  /** What the models may use for this step at most: its share of what is left of the limits of its run. */
  model_budget: z
    .object({ usd: z.number().min(0), tokens: z.number().min(0), turns: z.number().min(0) })
    .partial()
    .nullish(),
})
export type TaskContext = z.infer<typeof TaskContext>

/** 2.3 `POST /execute` */
export const TaskExecutionRequest = z.object({
  task_id: z.string('must be text').trim().min(1, 'must not be empty').max(200),
  subtask: SubTask,
  task_context: TaskContext.nullish().transform((context) => context ?? TaskContext.parse({})),
  attempt: z.int('must be a whole number').min(1, 'must be 1 or more').default(1),
  timeout: z.int('must be a whole number of seconds').min(1, 'must be 1 or more').max(86_400).default(300),
  assignment_id: z.string().min(1).optional(),
  callback_url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  callback_token: z.string().min(1).optional(),
})
export type TaskExecutionRequest = z.infer<typeof TaskExecutionRequest>

/** 2.3 `POST /cancel` */
export const CancelExecutionRequest = z.object({
  task_id: z.string('must be text').min(1, 'must not be empty'),
  subtask_id: z.string('must be text').min(1, 'must not be empty'),
})
export type CancelExecutionRequest = z.infer<typeof CancelExecutionRequest>

/** 10.5 */
export const AttemptResultRequest = z
  .object({
    status: ResultStatus,
    output: SubTaskOutput.nullish(),
    error: z.string().min(1).nullish(),
    execution_time: z.number().positive('must be greater than 0'),
    /** What its models used; counted once for the run, whether the result counts or not. */
    model_calls: z.array(ModelCallReport).max(MAX_MODEL_CALLS).default([]),
  })
  .superRefine(({ status, output, error }, ctx) => {
    const issue = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message })
    if (status === 'completed' && !output) issue('output', 'is required when status is completed')
    if (status === 'completed' && error) issue('error', 'must be absent when status is completed')
    if (status === 'failed' && !error) issue('error', 'is required when status is failed')
    if (status === 'failed' && output) issue('output', 'must be absent when status is failed')
  })
export type AttemptResultRequest = z.infer<typeof AttemptResultRequest>

/** 10.5 without callback fields */
export const AgentResultRequest = z
  .object({ task_id: z.string().min(1), subtask_id: z.string().min(1), attempt: z.int().min(1) })
  .and(AttemptResultRequest)
export type AgentResultRequest = z.infer<typeof AgentResultRequest>

export const StateKey = z
  .string()
  .regex(STATE_KEY, 'must be 1 to 200 letters, digits, colons, underscores, dots or hyphens')
