import type { ArtifactType } from '../schema.ts'
import type { ArtifactDefinition } from './definition.ts'
import { baselineRules, contractRules, costRules, decisionRules } from './rules-budget.ts'
import { communicationRules, requirementRules, riskRules, stakeholderRules } from './rules-initiation.ts'
import { contingencyRules, logisticsRules, rosterRules, scheduleRules } from './rules-logistics.ts'
import { taskRules, timelineRules } from './rules-timeline.ts'
import {
  availabilityRules,
  criteriaRules,
  leadRules,
  negotiationRules,
  scorecardRules,
  shortlistRules,
} from './rules-venues.ts'

type Rules = Pick<ArtifactDefinition, 'prepare' | 'recompute' | 'validate'>

/** Rules of each type beyond its schema. */
export const RULES: Partial<Record<ArtifactType, Rules>> = {
  Requirements: requirementRules,
  StakeholderMap: stakeholderRules,
  CommunicationsPlan: communicationRules,
  RiskRegister: riskRules,
  Timeline: timelineRules,
  TaskRegister: taskRules,
  VenueCriteria: criteriaRules,
  VenueLeads: leadRules,
  VenueShortlist: shortlistRules,
  VenueScorecard: scorecardRules,
  VenueAvailability: availabilityRules,
  VenueNegotiationNotes: negotiationRules,
  BudgetBaseline: baselineRules,
  CostModel: costRules,
  BudgetDecision: decisionRules,
  VendorContracts: contractRules,
  LogisticsPlan: logisticsRules,
  Schedule: scheduleRules,
  ResourceRoster: rosterRules,
  ContingencyPlan: contingencyRules,
}
