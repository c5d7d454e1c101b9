import { z } from 'zod'

export const RUN_STATUSES = ['queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'cancelled'] as const
export const RunStatus = z.enum(RUN_STATUSES)
export type RunStatus = z.infer<typeof RunStatus>

/** What models may spend on one run, and which one works for it. Without a limit of its own the operator's holds. */
export const RunLimits = z.object({
  usd: z.number().nonnegative().optional(),
  tokens: z.number().int().nonnegative().optional(),
  turns: z.number().int().nonnegative().optional(),
  model: z.string().trim().min(1).max(200).optional(),
})
export type RunLimits = z.infer<typeof RunLimits>

/** Before, during, after: what the calls of a run could cost at most, what they may cost, what they cost. */
export const RunCost = z.object({
  estimated_usd: z.number().nullable(),
  estimated_tokens: z.number(),
  capped_usd: z.number().nullable(),
  capped_tokens: z.number().nullable(),
  spent_usd: z.number(),
  spent_tokens: z.number(),
  calls: z.number(),
})
export type RunCost = z.infer<typeof RunCost>

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
  forked_at: z.number().int().nullish(),
  /** What it waits for, on whom and since when, in one line. Null when it does not wait. */
  waiting_on: z.string().nullish(),
  /** The question it waits for, when it is one. */
  waiting_decision: z.string().nullish(),
  /** Path of the screen that shows its work. */
  screen: z.string().nullish(),
  /** Whether a person can keep it from going on. */
  pausable: z.boolean().optional(),
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
  /** What it is called, when its name is an id. */
  title: z.string().optional(),
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

/** A place where a run may be forked: before this stage, state, turn or step. */
export const RunBorder = z.object({
  no: z.number().int(),
  label: z.string(),
  at: z.string().nullable(),
  /** What the work behind it begins with: the parts that may be edited. Always there when one border is asked for. */
  input: z.record(z.string(), z.unknown()).optional(),
})
export type RunBorder = z.infer<typeof RunBorder>
