import { z } from 'zod'
import { Common, freeText, ImpactedArtifact, idText, list, requiredText, signedMoney } from './common.ts'
import { ChangeType, DecisionType, InstructionLevel, RequestableChangeType, TraceAction, TraceStatus } from './enums.ts'

export const ChangeApproval = z.object({
  approver: z.string(),
  status: z.enum(['pending', 'approved', 'rejected']),
  requested_at: z.string(),
  decided_at: z.string().optional(),
})
export type ChangeApproval = z.infer<typeof ChangeApproval>
export const Change = Common.extend({
  type: z.literal('change'),
  event_brief_id: idText,
  change_type: ChangeType,
  description: requiredText,
  impact: requiredText,
  date: z.string(),
  impacted_artifacts: list(ImpactedArtifact, 1),
  affected_agents: z.array(z.string()),
  approvals: z.array(ChangeApproval),
  amount: signedMoney.nullable(),
  initiated_by: z.string(),
  previous_version: z.int().nullable(),
  new_version: z.int().nullable(),
  relates_to: z.string().nullable(),
})
export type Change = z.infer<typeof Change>
const RequestedImpact = ImpactedArtifact.extend({ version: z.int().min(1).optional() })
export const ChangeInput = z.object({
  change_type: RequestableChangeType,
  description: requiredText,
  impact: requiredText,
  impacted_artifacts: list(RequestedImpact, 1),
  amount: signedMoney.nullable().default(null),
  requires_approval: z.boolean().default(false),
})
export type ChangeInput = z.infer<typeof ChangeInput>

export const Alternative = z.object({
  option: requiredText,
  score: z.number().nullish(),
  pros: z.array(z.string()).default([]),
  cons: z.array(z.string()).default([]),
  rank: z.int().nullish(),
})
export type Alternative = z.infer<typeof Alternative>
export const Decision = Common.extend({
  type: z.literal('decision'),
  event_brief_id: idText,
  timestamp: z.string(),
  owner: z.string(),
  description: requiredText,
  decision_type: DecisionType,
  rationale: requiredText,
  alternatives_considered: list(Alternative),
  impacted_artifacts: list(ImpactedArtifact),
  approvals: z.array(z.object({ approver: z.string(), status: z.string(), timestamp: z.string() })),
  session_id: z.string().nullable(),
  agent_name: z.string().nullable(),
  instruction_level: z.string().nullable(),
  instruction_set_version: z.string().nullable(),
  relates_to: z.string().nullable(),
})
export type Decision = z.infer<typeof Decision>
export const DecisionInput = z.object({
  description: requiredText,
  rationale: requiredText,
  decision_type: DecisionType.default('human'),
  alternatives_considered: list(Alternative).default([]),
  impacted_artifacts: list(RequestedImpact).default([]),
})
export type DecisionInput = z.infer<typeof DecisionInput>

export const TraceRef = z.object({ type: z.string(), id: z.string(), version: z.int() })
export const Trace = Common.extend({
  type: z.literal('trace'),
  event_brief_id: idText,
  session_id: z.string(),
  agent_name: z.string(),
  instruction_level: InstructionLevel.nullable(),
  timestamp: z.string(),
  step: z.int().min(1),
  action: TraceAction,
  target_agent: z.string().nullable(),
  tool_name: z.string().nullable(),
  input_artifacts: z.array(TraceRef),
  output_artifacts: z.array(TraceRef),
  duration_ms: z.int().min(0),
  status: TraceStatus,
  error: z.object({ message: freeText, stack: z.string().nullable() }).nullable(),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), cached: z.boolean() }).nullable(),
})
export type Trace = z.infer<typeof Trace>
