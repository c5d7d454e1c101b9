import { z } from 'zod'
import {
  Common,
  date,
  email,
  freeText,
  idOf,
  ids,
  idsOf,
  idText,
  list,
  money,
  name,
  owner,
  requiredText,
  texts,
  timestamp,
} from './common.ts'
import { ApprovalType, Cadence, RiskLevel, RiskStatus, TaskStatus } from './enums.ts'

export const Phase = z.object({ name, start: date, end: date })
export type Phase = z.infer<typeof Phase>
export const MilestoneInput = z.object({ id: idText.optional(), name, date, dependencies: idsOf('step').default([]) })
export const Milestone = MilestoneInput.extend({ id: idText })
export type Milestone = z.infer<typeof Milestone>

export const TimelineInput = z.object({
  phases: list(Phase, 1),
  milestones: list(MilestoneInput),
  critical_path: idsOf('step').optional(),
})
export type TimelineInput = z.infer<typeof TimelineInput>
export const Timeline = Common.extend({
  event_brief_id: idText,
  phases: list(Phase, 1),
  milestones: list(Milestone),
  critical_path: ids,
  /** Whether a client gave `critical_path`; else it follows the computed one. */
  critical_path_supplied: z.boolean(),
  computed_critical_path: ids,
  has_milestones: z.boolean(),
  has_dependencies: z.boolean(),
  has_critical_path: z.boolean(),
  has_orphan_tasks: z.boolean(),
  baseline_end: z.string().nullable(),
  forecast_end: z.string().nullable(),
})
export type Timeline = z.infer<typeof Timeline>

const taskFields = {
  title: name,
  description: freeText,
  owner,
  start_date: timestamp,
  end_date: timestamp,
  dependencies: idsOf('task').default([]),
  milestone_id: idOf('milestone').nullable().default(null),
  estimated_hours: z.number().min(0).max(1_000_000).nullable().default(null),
  status: TaskStatus.default('Not Started'),
}
export const TaskInput = z.object(taskFields)
export type TaskInput = z.infer<typeof TaskInput>
export const TaskPatch = z
  .object({
    ...taskFields,
    dependencies: idsOf('task'),
    milestone_id: idOf('milestone').nullable(),
    estimated_hours: z.number().min(0).max(1_000_000).nullable(),
    status: TaskStatus,
  })
  .partial()
export type TaskPatch = z.infer<typeof TaskPatch>
export const Task = Common.extend({
  timeline_id: idText,
  ...taskFields,
  completed_at: z.string().nullable(),
  planned_end_date: z.string(),
  slack: z.number().nullable(),
  dependency_warning: z.boolean(),
})
export type Task = z.infer<typeof Task>

const riskFields = {
  description: requiredText,
  probability: RiskLevel,
  impact: RiskLevel,
  owner,
  mitigation_strategies: texts,
  status: RiskStatus,
  cost_impact: money.nullable(),
}
export const RiskInput = z.object({
  ...riskFields,
  mitigation_strategies: texts.default([]),
  status: RiskStatus.optional(),
  cost_impact: money.nullable().default(null),
  rating: z.int().min(1).max(25).optional(),
})
export type RiskInput = z.infer<typeof RiskInput>
export const RiskPatch = z.object({ ...riskFields, rating: z.int().min(1).max(25) }).partial()
export type RiskPatch = z.infer<typeof RiskPatch>
export const Risk = Common.extend({
  type: z.literal('risk'),
  event_brief_id: idText,
  ...riskFields,
  rating: z.int().min(1).max(25),
  rating_methodology: z.string(),
  incident_ids: ids,
})
export type Risk = z.infer<typeof Risk>

export const EscalationPath = z.object({
  approval_type: ApprovalType,
  primary: email,
  backups: list(email).default([]),
  timeout_minutes: z.number().positive().max(525_600).nullish(),
})
export type EscalationPath = z.infer<typeof EscalationPath>
const communicationFields = {
  communications: list(z.object({ audience: name, channel: name, cadence: Cadence, message: requiredText, owner }), 1),
  escalation_paths: list(EscalationPath).default([]),
}
export const CommunicationsPlanInput = z.object(communicationFields)
export type CommunicationsPlanInput = z.infer<typeof CommunicationsPlanInput>
export const CommunicationsPlan = Common.extend({ event_brief_id: idText, ...communicationFields })
export type CommunicationsPlan = z.infer<typeof CommunicationsPlan>
