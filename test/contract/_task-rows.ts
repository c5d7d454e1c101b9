// What the contract's tables say an answer looks like, written down once more by hand, so that a change of the product's own schemas shows.
import { expect } from 'vitest'
import { z } from 'zod'

const text = z.string()
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const count = z.int().min(0)
const share = z.number().min(0).max(100)
const object = z.record(z.string(), z.unknown())
const capability = z.enum([
  'data_analysis',
  'web_scraping',
  'code_generation',
  'file_processing',
  'database_operations',
  'api_integration',
])
const taskId = z.string().regex(/^task_\d{12}_[0-9a-f]{12}$/)
const taskStatus = z.enum(['pending', 'in_progress', 'completed', 'failed', 'cancelled'])

const progress = z.strictObject({
  completed: count,
  failed: count,
  blocked: count,
  cancelled: count,
  running: count,
  total: count,
  percent: share,
})
const attachment = z.strictObject({
  filename: text,
  original_filename: text,
  file_path: z.string().regex(/^artifacts\/uploads\/task_[^/]+\/[^/]+$/),
  file_size: count,
  mime_type: text,
  uploaded_at: time,
})
const subtask = z.strictObject({
  id: z.string().regex(/^subtask_[0-9a-f]{12}$/),
  description: z.string().min(10).max(1000),
  required_capabilities: z.array(capability).min(1),
  dependencies: z.array(text),
  priority: z.int().min(0).max(10),
  estimated_duration: z.int().positive().nullable(),
  input_data: object,
  status: z.enum(['pending', 'queued', 'running', 'completed', 'failed', 'blocked', 'cancelled']),
  assigned_agent: text.nullable(),
  attempts: count,
  queued_at: time.nullable(),
  started_at: time.nullable(),
  finished_at: time.nullable(),
  waiting_reason: text.nullable(),
  blocked_by: z.array(text),
})
const output = z.looseObject({
  success: z.boolean(),
  data: object,
  summary: text,
  result: text,
  html_file: text,
  files_created: z.array(text),
})
const subtaskResult = z
  .strictObject({
    task_id: taskId,
    subtask_id: text,
    agent_id: text,
    status: z.enum(['completed', 'failed']),
    output: output.nullable(),
    error: z
      .string()
      .regex(/^[A-Z_]+: /)
      .nullable(),
    execution_time: z.number().min(0.001),
    attempt: z.int().min(1),
    created_at: time,
  })
  .refine(({ status, output, error }) => (status === 'completed') === (output !== null && error === null))
const taskResult = z.strictObject({
  subtask_results: z.array(
    z.strictObject({ subtask_id: text, agent_id: text, status: text, output, execution_time: z.number() }),
  ),
  outputs: z.record(z.string(), object),
  data: object,
  files: z.array(text),
  total_execution_time: z.number(),
  wall_time: z.number(),
  summary: z.string().regex(/^Completed \d+ subtasks$/),
})
const task = z
  .strictObject({
    id: taskId,
    user_id: z.string().min(1).max(100),
    description: z.string().min(10).max(5000),
    status: taskStatus,
    created_at: time,
    updated_at: time,
    subtasks: z.array(subtask).min(1).max(200),
    result: taskResult.nullable(),
    error: text.nullable(),
    attachments: z.array(attachment),
    uploads_folder: text.nullable(),
    decomposition_method: z.enum(['model', 'rules', 'fallback']),
    progress,
  })
  .refine((one) => (one.status === 'completed') === (one.result !== null), 'a result iff completed')
  .refine((one) => (one.status === 'failed') === (one.error !== null), 'an error iff failed')
  .refine((one) => one.updated_at >= one.created_at, 'updated_at before created_at')
const agent = z
  .strictObject({
    agent_id: z.string().regex(/^agent_\d+$/),
    port: z.int().min(1).max(65_535),
    base_url: text,
    is_available: z.boolean(),
    current_task: text.nullable(),
    capabilities: z.array(capability).min(1),
    cpu_usage: share,
    memory_usage: share,
    process_memory_bytes: count,
    tasks_completed: count,
    last_heartbeat: time,
    sdk_enabled: z.literal(true),
  })
  .refine((one) => one.is_available || one.current_task !== null, 'not available without a current task')
const file = z.strictObject({ path: text, size: count, mime_type: text, subtask_id: text.nullable() })
const folder = z.strictObject({ count, size_mb: z.number() })
const approval = z.strictObject({
  id: text,
  task_id: taskId,
  subtask_id: text,
  agent_id: text,
  tool: text,
  arguments: object,
  requested_at: time,
  expires_at: time,
  status: z.enum(['pending', 'approved', 'denied', 'expired']),
})
const summary = z.strictObject({
  id: taskId,
  user_id: text,
  description: z.string().max(200),
  status: taskStatus,
  created_at: time,
  updated_at: time,
  progress,
})
const retried = z.strictObject({
  task_id: taskId,
  status: z.literal('in_progress'),
  requeued: z.array(text).min(1),
  unblocked: z.array(text),
})
const log = z.strictObject({
  id: z.int(),
  agent_id: text,
  task_id: text.nullable(),
  log_level: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  message: z.string().max(4000),
  metadata: object.nullable(),
  created_at: time,
})

/** Bodies by their section. Strict: a field the contract does not name is a difference too. */
export const SHAPES = {
  created: z.strictObject({
    task_id: taskId,
    status: z.literal('created'),
    subtasks_count: z.int().min(1),
    initial_subtasks_queued: z.int().min(1),
    files_uploaded: count,
  }),
  task: z.strictObject({ task, subtask_results: z.array(subtaskResult) }),
  tasks: z.strictObject({ tasks: z.array(summary), total_count: count, limit: count, offset: count }),
  cancelled: z.strictObject({ task_id: taskId, status: z.literal('cancelled'), cancelled_subtasks: z.int().min(1) }),
  retried,
  deleted: z.strictObject({ task_id: taskId, deleted: z.literal(true) }),
  files: z.strictObject({ attachments: z.array(attachment), outputs: z.array(file), artifacts: z.array(file) }),
  output: output.omit({ html_file: true, files_created: true, result: true }),
  agents: z.strictObject({ agents: z.array(agent) }),
  agent,
  available: z
    .strictObject({ available_agents: z.array(text), count })
    .refine((one) => one.count === one.available_agents.length),
  logs: z.strictObject({ logs: z.array(log), total_count: count }),
  folders: z.strictObject({
    folders: z.array(z.strictObject({ name: text, task_id: taskId, created_at: time, files: count, size: count })),
  }),
  folder: z.strictObject({
    name: text,
    files: z.array(z.strictObject({ name: text, subtask_id: text, agent_id: text, size: count })),
  }),
  info: z.strictObject({
    base_directory: text,
    results: folder,
    uploads: folder,
    reports: folder,
    data: folder,
    images: folder,
    total_files: count,
    total_size_mb: z.number(),
  }),
  approvals: z.strictObject({ approvals: z.array(approval) }),
  approval,
  agentHealth: z.looseObject({
    status: z.literal('healthy'),
    agent_id: z.string().regex(/^agent_/),
    is_available: z.boolean(),
    current_task: text.nullable(),
    sdk_version: z.string().regex(/claude-agent-sdk/i),
    model_configured: z.boolean(),
    skills: z.array(text),
  }),
  agentStatus: agent,
  accepted: z.strictObject({ status: z.literal('accepted'), agent_id: text }),
} as const

export type Answer = { status: number; body: any; headers: Headers }
export type Wanted =
  | { shape: keyof typeof SHAPES; status?: number }
  | { status: number; code: string; field?: string; allow?: string }
  | { header: string; like: RegExp }

/** One row of a table: the answer has the status, and the body the shape or the refusal, that the contract names. */
export function checkRow(answer: Answer, wanted: Wanted): void {
  if ('shape' in wanted) {
    expect([answer.status, answer.body?.detail]).toEqual([wanted.status ?? 200, undefined])
    expect(SHAPES[wanted.shape].safeParse(answer.body).error?.issues ?? []).toEqual([])
  } else if ('header' in wanted) {
    expect(answer.status).toBe(200)
    expect(answer.headers.get(wanted.header)).toMatch(wanted.like)
  } else {
    expect([answer.status, answer.body?.code]).toEqual([wanted.status, wanted.code])
    expect(answer.body.detail).toMatch(/\S{3,}/)
    if (wanted.field)
      expect(answer.body.errors.map((error: { field: string }) => error.field).join()).toContain(wanted.field)
    if (wanted.allow) expect(answer.headers.get('allow')).toBe(wanted.allow)
  }
  expect(answer.headers.get('x-request-id')).toMatch(/\S/)
}
