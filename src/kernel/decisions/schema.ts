import { z } from 'zod'

export const DECISION_KINDS = ['approve', 'choose', 'answer'] as const
export const DECISION_STATUSES = ['open', 'answered', 'expired', 'withdrawn', 'superseded'] as const
export const TIMEOUT_ACTIONS = ['escalate', 'hold', 'default', 'deny'] as const

export const DecisionOption = z.object({
  id: z.string(),
  label: z.string(),
  description: z.string().optional(),
  recommended: z.boolean().optional(),
})
export type DecisionOption = z.infer<typeof DecisionOption>

/** What the reader needs to decide: artifact versions, costs, scores, text. `href` is a screen or API path. */
export const Evidence = z.object({
  title: z.string(),
  kind: z.enum(['artifact', 'text', 'table', 'diff', 'image', 'link', 'money']),
  value: z.unknown(),
  href: z.string().optional(),
})
export type Evidence = z.infer<typeof Evidence>

/** After `afterSeconds` without an answer the question goes to these roles or people too. */
export const EscalationStep = z.object({
  afterSeconds: z.number().nonnegative(),
  roles: z.array(z.string()).optional(),
  users: z.array(z.string()).optional(),
})
export type EscalationStep = z.infer<typeof EscalationStep>

/** approve: `choice` is approve or deny (or a domain's own words among the options); choose: an option's id; answer: `value`. */
export const AnswerInput = z.object({
  choice: z.string().max(200).optional(),
  value: z.unknown().optional(),
  comment: z.string().max(10_000).optional(),
})
export type AnswerInput = z.infer<typeof AnswerInput>

/** An answer that can still be taken back: who gave it. */
export const StagedAnswer = z.object({
  answer: AnswerInput,
  by: z.string(),
  by_name: z.string(),
  /** The actor as it was, to apply the answer in its name. */
  actor: z.record(z.string(), z.unknown()),
})
export type StagedAnswer = z.infer<typeof StagedAnswer>

/** Who handed a question on to whom. */
export const Delegation = z.object({
  from: z.string(),
  users: z.array(z.string()),
  roles: z.array(z.string()),
  note: z.string().optional(),
  at: z.string(),
})

export const Decision = z.object({
  id: z.string(),
  domain: z.string(),
  kind: z.enum(DECISION_KINDS),
  status: z.enum(DECISION_STATUSES),
  type: z.string(),
  title: z.string(),
  prompt: z.string(),
  options: z.array(DecisionOption),
  form: z.record(z.string(), z.unknown()).nullable(),
  evidence: z.array(Evidence),
  blocks: z.string().nullable(),
  subject_type: z.string().nullable(),
  subject_id: z.string().nullable(),
  scope: z.string().nullable(),
  run_id: z.string().nullable(),
  assignment_id: z.string().nullable(),
  roles: z.array(z.string()),
  users: z.array(z.string()),
  deadline: z.string().nullable(),
  on_timeout: z.enum(TIMEOUT_ACTIONS),
  default_answer: AnswerInput.nullable(),
  escalation: z.array(EscalationStep),
  escalation_step: z.number().int(),
  escalated_at: z.string().nullable(),
  answer: AnswerInput.nullable(),
  answered_by: z.string().nullable(),
  answered_at: z.string().nullable(),
  automatic: z.boolean(),
  superseded_by: z.string().nullable(),
  /** Given, but not yet in effect: it can be taken back until `staged_until`. */
  staged: StagedAnswer.nullish(),
  staged_until: z.string().nullish(),
  data: z.record(z.string(), z.unknown()),
  correlation_id: z.string(),
  event_id: z.string().nullable(),
  created_by: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
})
export type Decision = z.infer<typeof Decision>

/** A question before it is asked. */
export type NewDecision = {
  /** Default: generated `dec_…`. */
  id?: string
  domain: string
  kind: (typeof DECISION_KINDS)[number]
  /** The domain's word for it, e.g. `tool_approval`, `budget_decision`, `story_approval`. */
  type: string
  title: string
  prompt: string
  options?: readonly DecisionOption[]
  /** The shape of an answer; of an `approve`, the shape of `data.proposal`, which may then be edited before it is approved. */
  form?: Record<string, unknown>
  evidence?: readonly Evidence[]
  /** Keeps the evidence encrypted in the database. */
  confidential?: boolean
  /** What waits for it, in plain words. */
  blocks?: string
  subject?: { type: string; id: string }
  /** Brief, project or task it belongs to. */
  scope?: string
  runId?: string
  assignmentId?: string
  /** Who may answer: any of the roles or named people; nobody named = whoever may approve. */
  roles?: readonly string[]
  users?: readonly string[]
  /** ISO time. */
  deadline?: string
  onTimeout?: (typeof TIMEOUT_ACTIONS)[number]
  defaultAnswer?: AnswerInput
  escalation?: readonly EscalationStep[]
  data?: Record<string, unknown>
}
