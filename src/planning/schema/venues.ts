import { z } from 'zod'
import {
  Common,
  count,
  freeText,
  idOf,
  idText,
  list,
  money,
  name,
  requiredText,
  share,
  texts,
  timestamp,
} from './common.ts'
import { HoldStatus, LeadSource, NegotiationStatus, VenueRole, VenueStatus } from './enums.ts'

const criteriaFields = {
  min_capacity: count,
  max_capacity: z.int().min(1).max(10_000_000),
  budget_range_min: money,
  budget_range_max: money,
  location_preferences: texts.default([]),
  required_amenities: texts.default([]),
  accessibility_requirements: texts.default([]),
  layout_requirements: freeText.default(''),
}
export const VenueCriteriaInput = z.object(criteriaFields)
export type VenueCriteriaInput = z.infer<typeof VenueCriteriaInput>
export const VenueCriteria = Common.extend({ event_brief_id: idText, ...criteriaFields })
export type VenueCriteria = z.infer<typeof VenueCriteria>

const leadFields = {
  venue_name: name,
  source: LeadSource,
  contact_info: z
    .object({ phone: z.string().max(200), email: z.string().max(200), website: z.string().max(2000) })
    .partial()
    .default({}),
  initial_notes: freeText.default(''),
  citations: list(z.url()).default([]),
}
export const VenueLeadInput = z.object(leadFields)
export type VenueLeadInput = z.infer<typeof VenueLeadInput>
export const VenueLead = Common.extend({ venue_criteria_id: idText, ...leadFields })
export type VenueLead = z.infer<typeof VenueLead>

const shortlistFields = {
  venue_name: name,
  capacity: count,
  location: name,
  cost_estimate: money,
  initial_score: share,
  lead_id: idOf('lead').nullable().default(null),
  venue_role: VenueRole.default('main'),
  amenities: texts.default([]),
  exception_rationale: freeText.nullable().default(null),
  trade_offs: z
    .object({ pro: texts.default([]), con: texts.default([]) })
    .nullable()
    .default(null),
}
export const VenueShortlistInput = z.object(shortlistFields)
export type VenueShortlistInput = z.infer<typeof VenueShortlistInput>
export const VenueShortlist = Common.extend({
  venue_criteria_id: idText,
  ...shortlistFields,
  status: VenueStatus,
  budget_fit: z.boolean(),
  capacity_fit: z.boolean(),
})
export type VenueShortlist = z.infer<typeof VenueShortlist>

export const CriterionWeight = z.object({ criterion: name, weight: share })
const scoreFields = { venue_id: idOf('venue'), scores: z.record(name, share) }
export const VenueScorecardInput = z.object({
  criteria_weights: list(CriterionWeight, 1),
  candidate_scores: list(z.object({ ...scoreFields, total: share.optional() }), 1),
  selected_venue_id: idOf('venue').nullable().default(null),
  selection_rationale: freeText.nullable().default(null),
})
export type VenueScorecardInput = z.infer<typeof VenueScorecardInput>
export const CandidateScore = z.object({
  ...scoreFields,
  total: z.number().nullable(),
  rank: z.int().nullable(),
})
export type CandidateScore = z.infer<typeof CandidateScore>
export const VenueScorecard = Common.extend({
  venue_criteria_id: idText,
  criteria_weights: list(CriterionWeight, 1),
  candidate_scores: list(CandidateScore, 1),
  selected_venue_id: idText.nullable(),
  selection_rationale: freeText.nullable(),
  weights_sum_valid: z.boolean(),
  all_candidates_scored: z.boolean(),
  rationale_captured: z.boolean(),
  warnings: z.array(z.string()),
})
export type VenueScorecard = z.infer<typeof VenueScorecard>

const availabilityFields = {
  shortlist_id: idOf('venue'),
  dates: list(z.object({ start: timestamp, end: timestamp, available: z.boolean() }), 1),
  hold_status: HoldStatus.default('none'),
  hold_expires_at: timestamp.nullable().default(null),
  constraints: freeText.nullable().default(null),
}
export const VenueAvailabilityInput = z.object(availabilityFields)
export type VenueAvailabilityInput = z.infer<typeof VenueAvailabilityInput>
export const VenueAvailability = Common.extend(availabilityFields)
export type VenueAvailability = z.infer<typeof VenueAvailability>

const negotiationFields = {
  shortlist_id: idOf('venue'),
  terms: requiredText,
  concessions: list(z.object({ item: requiredText, value: money.optional() })).default([]),
  status: NegotiationStatus.default('open'),
  playbook: z
    .object({
      target_price: money,
      walk_away_price: money,
      levers: texts,
      opening_position: freeText,
      fallback_venue_id: idOf('venue').nullable(),
      questions: texts,
    })
    .partial()
    .nullable()
    .default(null),
}
export const VenueNegotiationNotesInput = z.object(negotiationFields)
export type VenueNegotiationNotesInput = z.infer<typeof VenueNegotiationNotesInput>
export const VenueNegotiationNotes = Common.extend(negotiationFields)
export type VenueNegotiationNotes = z.infer<typeof VenueNegotiationNotes>
