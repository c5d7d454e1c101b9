import { z } from 'zod'
import { Common, count, email, freeText, idText, list, name, requiredText, texts, timestamp } from './common.ts'
import { DecisionRight, EventType, InstructionLevel, LifecycleState, Outcome } from './enums.ts'

const RIGHT_LABELS: Readonly<Record<string, string>> = {
  'Budget Approval': 'budget_decision',
  'Vendor Approval': 'vendor_contract',
  'Venue Approval': 'venue_selection',
}

export const Stakeholder = z.object({
  name,
  role: name,
  email: email.nullish().transform((value) => value ?? null),
  contact_info: z.record(z.string(), z.unknown()).optional(),
  decision_rights: list(z.preprocess((value) => RIGHT_LABELS[String(value)] ?? value, DecisionRight)).default([]),
  backup_for: email.nullish().transform((value) => value ?? null),
})
export type Stakeholder = z.infer<typeof Stakeholder>

const briefFields = {
  title: name,
  date_range_start: timestamp,
  date_range_end: timestamp,
  audience_size: count,
  event_type: EventType,
  objectives: requiredText,
  constraints: freeText,
  assumptions: texts.default([]),
}
export const EventBriefInput = z.object({ ...briefFields, stakeholders: list(Stakeholder).optional() })
export type EventBriefInput = z.infer<typeof EventBriefInput>
export const EventBriefPatch = z
  .object({ ...briefFields, assumptions: texts })
  .omit({ event_type: true })
  .partial()
export type EventBriefPatch = z.infer<typeof EventBriefPatch>
export const EventBrief = Common.extend({
  ...briefFields,
  lifecycle_state: LifecycleState,
  instruction_level: InstructionLevel.nullable(),
  outcome: Outcome.nullable(),
  closed_at: z.string().nullable(),
})
export type EventBrief = z.infer<typeof EventBrief>

const requirementFields = {
  functional_requirements: texts,
  nonfunctional_requirements: texts,
  must_haves: list(requiredText, 1),
  nice_to_haves: texts.default([]),
  objective_links: list(z.object({ requirement: requiredText, objective: requiredText })).default([]),
}
export const RequirementsInput = z.object(requirementFields)
export type RequirementsInput = z.infer<typeof RequirementsInput>
export const Requirements = Common.extend({ event_brief_id: idText, ...requirementFields })
export type Requirements = z.infer<typeof Requirements>

export const StakeholderMapInput = z.object({ stakeholders: list(Stakeholder) })
export type StakeholderMapInput = z.infer<typeof StakeholderMapInput>
export const StakeholderMap = Common.extend({ event_brief_id: idText, stakeholders: list(Stakeholder) })
export type StakeholderMap = z.infer<typeof StakeholderMap>
