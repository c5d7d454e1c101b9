import { z } from 'zod'
import { ArtifactRef, date, freeText, list, name, requiredText, timestamp } from './common.ts'
import {
  ApprovalStatus,
  ApprovalType,
  ExecutionStatus,
  IncidentStatus,
  InstructionLevel,
  InteractionMode,
  LifecycleState,
  Outcome,
  QuestionRequestType,
  QuestionType,
  SessionStatus,
  Severity,
} from './enums.ts'

export const Approval = z.object({
  approval_id: z.string(),
  approval_type: ApprovalType,
  event_brief_id: z.string(),
  artifact_type: z.string(),
  artifact_id: z.string(),
  artifact_version: z.int(),
  covers: z.array(ArtifactRef),
  status: ApprovalStatus,
  requested_at: z.string(),
  requested_by: z.string(),
  session_id: z.string().nullable(),
  assigned_to: z.string().nullable(),
  escalation_level: z.int().min(0),
  escalation_path: z.array(z.string()),
  due_at: z.string(),
  timeout_minutes: z.number(),
  reminded_at: z.string().nullable(),
  decided_at: z.string().nullable(),
  decided_by: z.string().nullable(),
  comments: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
})
export type Approval = z.infer<typeof Approval>

export const Incident = z.object({
  id: z.string(),
  event_brief_id: z.string(),
  title: z.string(),
  kind: z.string(),
  severity: Severity,
  description: z.string(),
  status: IncidentStatus,
  occurred_at: z.string(),
  resolved_at: z.string().nullable(),
  resolution: z.string().nullable(),
  resolution_minutes: z.number().nullable(),
  risk_id: z.string().nullable(),
  injected: z.boolean(),
})
export type Incident = z.infer<typeof Incident>
export const IncidentInput = z.object({
  title: name,
  severity: Severity,
  kind: name,
  description: freeText.default(''),
  occurred_at: timestamp.optional(),
  risk_id: z.string().max(200).nullish(),
})
export type IncidentInput = z.infer<typeof IncidentInput>
export const IncidentPatch = z
  .object({
    status: IncidentStatus,
    resolution: freeText,
    contingency_worked: z.boolean(),
    trigger_key: z.string().min(1).max(200),
  })
  .partial()
export type IncidentPatch = z.infer<typeof IncidentPatch>

export const Execution = z.object({
  id: z.string(),
  contingency_plan_id: z.string(),
  incident_id: z.string(),
  scenario: z.string(),
  trigger_key: z.string(),
  status: ExecutionStatus,
  started_at: z.string(),
  resolved_at: z.string().nullable(),
  resolution_time: z.number().nullable(),
  actions: z.array(z.string()),
  decision_id: z.string().nullable(),
  change_log_ids: z.array(z.string()),
})
export type Execution = z.infer<typeof Execution>

const anything = z.record(z.string(), z.unknown())
export const Runbook = z.object({
  event_brief_id: z.string(),
  version: z.int(),
  generated_at: z.string(),
  schedule: z.array(anything),
  roles_and_contacts: z.array(anything),
  workflows: z.array(anything),
  vendors: z.array(anything),
  contingencies: z.array(anything),
  communications: z.array(anything),
  checklist: z.array(z.string()),
  change_log_from: z.string().nullable(),
})
export type Runbook = z.infer<typeof Runbook>

export const Lesson = z.object({ topic: requiredText, finding: requiredText, recommendation: requiredText })
export const ActionItem = z.object({ title: name, owner: name, due_date: date })
export const PostmortemInput = z.object({
  lessons: list(Lesson, 1),
  action_items: list(ActionItem, 1),
  summary: freeText.default(''),
})
export type PostmortemInput = z.infer<typeof PostmortemInput>
export const PostmortemReport = z.object({
  event_brief_id: z.string(),
  summary: z.string(),
  metrics: anything,
  incident_summary: anything,
  decision_count: z.int(),
  change_count: z.int(),
  lessons: z.array(Lesson),
  action_items: z.array(ActionItem),
  closed_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
})
export type PostmortemReport = z.infer<typeof PostmortemReport>

export const FeedbackInput = z.object({
  respondent_role: name,
  rating: z.int().min(1).max(5),
  comment: freeText.nullable().default(null),
})
export type FeedbackInput = z.infer<typeof FeedbackInput>
export const Feedback = FeedbackInput.extend({ id: z.string(), event_brief_id: z.string(), created_at: z.string() })
export type Feedback = z.infer<typeof Feedback>

export const MetricSnapshot = z.object({
  event_brief_id: z.string(),
  agent_name: z.string(),
  metric: z.string(),
  value: z.number().nullable(),
  threshold: z.number(),
  passed: z.boolean().nullable(),
  computed_at: z.string(),
})
export type MetricSnapshot = z.infer<typeof MetricSnapshot>
export const MetricsReport = z.object({
  event_brief_id: z.string(),
  agent_name: z.string(),
  computed_at: z.string(),
  thresholds: z.record(z.string(), z.object({ op: z.enum(['lte', 'gte', 'eq']), value: z.number(), unit: z.string() })),
  passed: z.record(z.string(), z.boolean().nullable()),
  all_passed: z.boolean(),
  inputs: anything,
})
/** Flat numbers beside the bookkeeping, e.g. `budget_fit: 97.5`. */
export type MetricsReport = z.infer<typeof MetricsReport> & Record<string, unknown>

export const GateResult = z.object({
  gate: z.string(),
  check: z.string(),
  code: z.string(),
  passed: z.boolean(),
  message: z.string(),
  artifact_id: z.string().optional(),
})
export type GateResult = z.infer<typeof GateResult>
export const GatesReply = z.object({
  event_brief_id: z.string(),
  current_state: LifecycleState,
  next_state: LifecycleState.nullable(),
  passed: z.boolean(),
  missing_artifacts: z.array(z.string()),
  failed_gates: z.array(z.string()),
  gate_results: z.array(GateResult),
})
export type GatesReply = z.infer<typeof GatesReply>
export const TransitionInput = z.object({
  target_state: LifecycleState,
  outcome: Outcome.optional(),
  comment: freeText.optional(),
})
export type TransitionInput = z.infer<typeof TransitionInput>

export const AgentProgress = z.object({
  agent_name: z.string(),
  state: z.string(),
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  duration_ms: z.int().nullable(),
  error: z.string().optional(),
})
export const AgentSession = z.object({
  session_id: z.string(),
  event_brief_id: z.string(),
  status: SessionStatus,
  waiting_on: z.object({ kind: z.enum(['approval', 'question']), id: z.string(), since: z.string() }).nullable(),
  partial: z.boolean(),
  instruction_level: InstructionLevel,
  target_phase: LifecycleState,
  interaction_mode: InteractionMode,
  current_agent: z.string().nullable(),
  lifecycle_state: LifecycleState,
  artifacts_generated: z.array(ArtifactRef),
  agents: z.array(AgentProgress),
  errors: z.array(z.string()),
  started_at: z.string(),
  completed_at: z.string().nullable(),
  expires_at: z.string().nullable(),
  /** Who wrote: a model as soon as one turn is its own, else the rules engine. */
  engine: z.enum(['rules', 'model']),
  /** Turns of a session with a model that the rules engine had to write. */
  without_model: z.array(z.object({ agent_name: z.string(), task: z.string() })).default([]),
  run_id: z.string(),
  /** A person holds it; it goes on when resumed. */
  paused: z.boolean(),
})
export type AgentSession = z.infer<typeof AgentSession>
export const ConversationMessage = z.object({
  message_id: z.string(),
  role: z.enum(['user', 'agent', 'system']),
  agent_name: z.string().nullish(),
  content: z.string(),
  timestamp: z.string(),
  metadata: anything,
})
export type ConversationMessage = z.infer<typeof ConversationMessage>
export const Question = z.object({
  question_id: z.string(),
  session_id: z.string(),
  requesting_agent: z.string(),
  prompt: z.string(),
  context: anything,
  request_type: QuestionRequestType,
  question_type: QuestionType,
  options: z.array(z.string()).optional(),
  asked_at: z.string(),
  answer: z.string().nullish(),
  answered_at: z.string().nullish(),
  answered_by: z.string().nullish(),
})
export type Question = z.infer<typeof Question>
