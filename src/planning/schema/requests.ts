import { z } from 'zod'
import { date, freeText, paging, timestamp } from './common.ts'
import {
  ApprovalStatus,
  ApprovalType,
  ChangeType,
  DecisionType,
  EventType,
  InstructionLevel,
  InteractionMode,
  LifecycleState,
  RiskStatus,
  SessionStatus,
  TaskStatus,
  TraceStatus,
} from './enums.ts'

const word = z.string().max(200)
export const EventPath = z.object({ id: z.string() })
export const ListEventsQuery = z.object({
  lifecycle_state: LifecycleState.optional(),
  event_type: EventType.optional(),
  q: z.string().max(1000).optional(),
  ...paging(50, 100),
})
export const ListTasksQuery = z.object({ status: TaskStatus.optional(), owner: word.optional() })
export const ListRisksQuery = z.object({
  status: RiskStatus.optional(),
  min_rating: z.coerce.number().int().min(1).max(25).optional(),
})
const format = z.enum(['array', 'page']).default('array')
export const ListDecisionsQuery = z.object({
  decision_type: DecisionType.optional(),
  owner: word.optional(),
  format,
  ...paging(100, 500),
})
export const ListChangesQuery = z.object({
  change_type: ChangeType.optional(),
  owner: word.optional(),
  format,
  ...paging(100, 500),
})
export const ListTracesQuery = z.object({
  session_id: word.optional(),
  agent_name: word.optional(),
  status: TraceStatus.optional(),
  ...paging(500, 500),
})
export const ListApprovalsQuery = z.object({
  status: ApprovalStatus.optional(),
  approval_type: ApprovalType.optional(),
  event_brief_id: word.optional(),
  ...paging(50, 100),
})
export const PendingApprovalsQuery = z.object({ event_brief_id: word.optional() })
export const DecideApprovalInput = z.object({
  decision: z.enum(['approved', 'rejected']),
  comments: z.string().max(5000, 'must have at most 5000 characters').optional(),
})
export type DecideApprovalInput = z.infer<typeof DecideApprovalInput>
export const TestTimeoutInput = z.object({ timeout_minutes: z.number().positive().max(525_600) })
export const AuditQuery = z.object({
  kind: z.enum(['decision', 'change', 'approval', 'trace']).optional(),
  from: z.union([timestamp, date]).optional(),
  to: z.union([timestamp, date]).optional(),
  actor: word.optional(),
  event_brief_id: word.optional(),
  correlation_id: word.optional(),
  include_deleted: z
    .enum(['true', 'false', '1', '0'])
    .default('false')
    .transform((value) => value === 'true' || value === '1'),
  format: z.enum(['page', 'jsonl']).default('page'),
  ...paging(100, 500),
})
export type AuditQuery = z.infer<typeof AuditQuery>

export const OrchestrateInput = z.object({
  event_brief_id: z.string().min(1).max(200),
  instruction_level: InstructionLevel,
  target_phase: z.enum(['Plan', 'Research', 'Budget', 'Logistics', 'Confirm', 'Execute']).optional(),
  interaction_mode: InteractionMode.default('autonomous'),
  approval_timeout_minutes: z.int().min(1).max(525_600).optional(),
})
export type OrchestrateInput = z.infer<typeof OrchestrateInput>
export const IntakeInput = z.object({
  request: freeText.refine((value) => value.trim() !== '', 'must not be blank'),
  instruction_level: InstructionLevel.optional(),
  interaction_mode: InteractionMode.optional(),
  target_phase: z.enum(['Plan', 'Research', 'Budget', 'Logistics', 'Confirm', 'Execute']).optional(),
})
export type IntakeInput = z.infer<typeof IntakeInput>
export const ListSessionsQuery = z.object({
  event_brief_id: word.optional(),
  status: SessionStatus.optional(),
  ...paging(50, 100),
})
export const ListMessagesQuery = z.object(paging(50, 200))
export const SendMessageInput = z.object({
  content: freeText.refine((value) => value.trim() !== '', 'must not be blank'),
})
export const AnswerQuestionInput = z.object({ answer: freeText })
export const InjectFailureInput = z.object({
  event_brief_id: z.string().min(1).max(200),
  failure_type: z.enum([
    'venue_cancellation',
    'vendor_cancellation',
    'agent_timeout',
    'agent_error',
    'tool_failure',
    'schema_violation',
    'deadline_slip',
  ]),
  venue_id: word.optional(),
  vendor_contract_id: word.optional(),
  agent_name: word.optional(),
  tool_name: word.optional(),
  task_id: word.optional(),
  delay_days: z.int().min(1).max(3650).optional(),
})
export type InjectFailureInput = z.infer<typeof InjectFailureInput>
