import { z } from 'zod'

// The agent protocol (spec task-execution, annex 10): what agents send.

export const RegistrationBody = z.object({
  agent_id: z.string().min(1).max(100),
  pool: z.string().default('tasks'),
  endpoint: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
  capabilities: z
    .array(z.string())
    .min(1, 'needs at least one capability')
    .refine((words) => new Set(words).size === words.length, 'must be unique'),
  slots: z.number().int().min(1).default(1),
  instance: z.string().min(8).max(64),
  execute_token: z.string().max(500).optional(),
  sdk_version: z.string().max(100).optional(),
})

export const HeartbeatBody = z.object({
  instance: z.string().min(8).max(64),
  is_available: z.boolean(),
  current_task: z.string().nullable().default(null),
  cpu_usage: z.number().min(0).max(100).default(0),
  memory_usage: z.number().min(0).max(100).default(0),
  process_memory_bytes: z.number().int().min(0).default(0),
  running: z.array(z.object({ assignment_id: z.string(), attempt: z.number().int().min(1) })).default([]),
  draining: z.boolean().optional(),
})

export const ProgressBody = z.object({
  message: z.string().max(4000).optional(),
  percent: z.number().min(0).max(100).optional(),
})
export const CheckpointBody = z.object({ state: z.record(z.string(), z.unknown()) })
export const LogsBody = z.object({
  call_id: z.string().max(200).optional(),
  entries: z
    .array(
      z.object({
        level: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
        message: z.string(),
        metadata: z.record(z.string(), z.unknown()).nullish(),
        created_at: z.string().optional(),
      }),
    )
    .max(500),
})
export const StateKey = z.string().regex(/^[A-Za-z0-9:_.-]{1,200}$/, 'must be 1 to 200 of A-Z a-z 0-9 : _ . -')
export const StateBody = z.object({
  value: z.unknown(),
  ttl_seconds: z.number().int().min(1).max(86_400).default(3600),
})
export const LockBody = z.object({
  ttl_seconds: z.number().min(1).max(60).default(10),
  wait_seconds: z.number().min(0).max(10).default(0),
})
export const ToolBody = z.object({
  arguments: z.record(z.string(), z.unknown()).default({}),
  call_id: z.string().min(1).max(200),
})
export const ApprovalBody = z.object({
  tool: z.string().min(1).max(200),
  arguments: z.record(z.string(), z.unknown()).default({}),
  call_id: z.string().min(1).max(200),
  wait_seconds: z.number().min(0).max(30).default(0),
})
export type LogEntry = z.infer<typeof LogsBody>['entries'][number]
