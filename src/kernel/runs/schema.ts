import { z } from 'zod'

export const RUN_STATUSES = ['queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'cancelled'] as const
export const RunStatus = z.enum(RUN_STATUSES)
export type RunStatus = z.infer<typeof RunStatus>

export const RunView = z.object({
  id: z.string(),
  domain: z.string(),
  kind: z.string(),
  key: z.string().nullable(),
  title: z.string(),
  owner: z.string(),
  status: RunStatus,
  holds: z.array(z.string()),
  stage: z.string(),
  stage_no: z.number().int(),
  progress: z.number(),
  result: z.unknown(),
  error: z
    .object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() })
    .nullable(),
  cost: z.record(z.string(), z.unknown()),
  limits: z.record(z.string(), z.unknown()),
  waiting_since: z.string().nullable(),
  wake_at: z.string().nullable(),
  correlation_id: z.string(),
  forked_from: z.string().nullable(),
  parent_id: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
})
export type RunView = z.infer<typeof RunView>

export const RunStep = z.object({
  run_id: z.string(),
  stage_no: z.number().int(),
  stage: z.string(),
  step: z.string(),
  kind: z.enum(['stage', 'step', 'write', 'perform']),
  status: z.enum(['running', 'completed', 'failed']),
  attempts: z.number().int(),
  agent_id: z.string().nullable(),
  input: z.unknown(),
  output: z.unknown(),
  error: z.unknown(),
  usage: z.unknown(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
})
export type RunStep = z.infer<typeof RunStep>
