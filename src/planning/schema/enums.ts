import { z } from 'zod'

export const LIFECYCLE_STATES = [
  'Initiate',
  'Plan',
  'Research',
  'Budget',
  'Logistics',
  'Confirm',
  'Execute',
  'Postmortem',
] as const
export const LifecycleState = z.enum(LIFECYCLE_STATES)
export type LifecycleState = z.infer<typeof LifecycleState>

export const EventType = z.enum(['meetup', 'conference', 'workshop', 'gala', 'festival'])
export type EventType = z.infer<typeof EventType>
export const INSTRUCTION_LEVELS = ['Beginner', 'Intermediate', 'Advanced'] as const
export const InstructionLevel = z.enum(INSTRUCTION_LEVELS)
export type InstructionLevel = z.infer<typeof InstructionLevel>
export const InteractionMode = z.enum(['autonomous', 'collaborative', 'interactive'])
export type InteractionMode = z.infer<typeof InteractionMode>
export const Outcome = z.enum(['completed', 'cancelled'])
export type Outcome = z.infer<typeof Outcome>

export const TaskStatus = z.enum(['Not Started', 'In Progress', 'Blocked', 'Completed', 'Cancelled'])
export type TaskStatus = z.infer<typeof TaskStatus>

export const RISK_LEVELS = ['very_low', 'low', 'medium', 'high', 'very_high'] as const
export const RiskLevel = z.enum(RISK_LEVELS)
export type RiskLevel = z.infer<typeof RiskLevel>
export const RiskStatus = z.enum(['open', 'mitigated', 'accepted', 'occurred', 'closed'])
export type RiskStatus = z.infer<typeof RiskStatus>

export const LeadSource = z.enum(['web search', 'recommendation', 'database', 'directory'])
export const VenueRole = z.enum(['main', 'breakout', 'expo', 'backup'])
export type VenueRole = z.infer<typeof VenueRole>
export const VenueStatus = z.enum(['active', 'selected', 'cancelled'])
export const HoldStatus = z.enum(['none', 'requested', 'tentative', 'confirmed', 'released'])
export const NegotiationStatus = z.enum(['open', 'agreed', 'rejected'])

export const BudgetDecisionStatus = z.enum(['pending_approval', 'approved', 'rejected', 'superseded'])
export const ContractStatus = z.enum(['pending_approval', 'approved', 'rejected', 'cancelled'])
export const ServiceType = z.enum([
  'venue',
  'catering',
  'av',
  'marketing',
  'staffing',
  'streaming',
  'entertainment',
  'other',
])
export type ServiceType = z.infer<typeof ServiceType>
export const MitigationKind = z.enum(['scope_reduction', 'negotiation', 'reallocation'])

export const ResourceType = z.enum(['Person', 'Equipment', 'Space'])
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export const Severity = z.enum(SEVERITIES)
export type Severity = z.infer<typeof Severity>
export const IncidentStatus = z.enum(['open', 'responding', 'resolved'])
export type IncidentStatus = z.infer<typeof IncidentStatus>
export const ExecutionStatus = z.enum(['triggered', 'in_progress', 'resolved', 'failed'])
export const Cadence = z.enum(['daily', 'weekly', 'biweekly', 'monthly', 'milestone-based'])
export const MenuStyle = z.enum(['buffet', 'plated', 'cocktail', 'family_style', 'stations'])
export const CateringService = z.enum(['full_service', 'drop_off', 'self_serve'])

export const ApprovalType = z.enum(['budget_decision', 'vendor_contract', 'venue_selection', 'change_request'])
export type ApprovalType = z.infer<typeof ApprovalType>
export const DECISION_RIGHTS = ['budget_decision', 'vendor_contract', 'venue_selection'] as const
export const DecisionRight = z.enum(DECISION_RIGHTS)
export type DecisionRight = z.infer<typeof DecisionRight>
export const ApprovalStatus = z.enum(['pending', 'approved', 'rejected', 'superseded'])
export type ApprovalStatus = z.infer<typeof ApprovalStatus>

export const ChangeType = z.enum([
  'budget_adjustment',
  'budget_decision',
  'venue_change',
  'schedule_change',
  'scope_change',
  'contract_change',
  'artifact_revision',
  'lifecycle_transition',
  'schema_change',
  'incident_response',
  'other',
])
export type ChangeType = z.infer<typeof ChangeType>
/** What a person may ask for; the others are written by the system alone. */
export const RequestableChangeType = ChangeType.exclude([
  'budget_decision',
  'artifact_revision',
  'lifecycle_transition',
  'schema_change',
])
export const DecisionType = z.enum([
  'venue_selection',
  'budget_approval',
  'contract_approval',
  'gate_passed',
  'conflict',
  'conflict_resolution',
  'mitigation',
  'budget_mismatch',
  'escalation',
  'approval_timeout',
  'fallback',
  'endorsement',
  'human',
])
export type DecisionType = z.infer<typeof DecisionType>

export const TraceAction = z.enum([
  'invoke_agent',
  'tool_call',
  'handoff',
  'validate_artifact',
  'write_artifact',
  'gate_check',
  'request_approval',
  'request_input',
  'resume',
  'synthesize',
  'error',
])
export type TraceAction = z.infer<typeof TraceAction>
export const TraceStatus = z.enum(['success', 'failure', 'timeout', 'skipped'])

export const SessionStatus = z.enum(['in_progress', 'completed', 'failed', 'cancelled'])
export type SessionStatus = z.infer<typeof SessionStatus>
export const AgentState = z.enum(['idle', 'thinking', 'responding', 'waiting_approval', 'waiting_input', 'error'])
export type AgentState = z.infer<typeof AgentState>
export const QuestionRequestType = z.enum(['clarification', 'selection', 'approval'])
export const QuestionType = z.enum(['free_text', 'multiple_choice', 'yes_no', 'numeric'])

export const AGENT_NAMES = [
  'event-planner',
  'venue-researcher',
  'budget-analyst',
  'logistics-coordinator',
  'catering-coordinator',
] as const
export type CoreAgent = (typeof AGENT_NAMES)[number]
/** One of the five, or a registered specialist. */
export type AgentName = CoreAgent | (string & {})
export const AGENT_DISPLAY_NAMES: Readonly<Record<CoreAgent, string>> = {
  'event-planner': 'Event Planner Agent',
  'venue-researcher': 'Venue Researcher Agent',
  'budget-analyst': 'Budget Analyst Agent',
  'logistics-coordinator': 'Logistics Coordinator Agent',
  'catering-coordinator': 'Catering Coordinator Agent',
}

export const ARTIFACT_TYPES = [
  'EventBrief',
  'Requirements',
  'StakeholderMap',
  'Timeline',
  'TaskRegister',
  'BudgetBaseline',
  'CostModel',
  'BudgetDecision',
  'VenueCriteria',
  'VenueLeads',
  'VenueShortlist',
  'VenueScorecard',
  'VenueAvailability',
  'VenueNegotiationNotes',
  'LogisticsPlan',
  'Schedule',
  'ResourceRoster',
  'ContingencyPlan',
  'VendorContracts',
  'CommunicationsPlan',
  'RiskRegister',
  'ChangeLog',
  'DecisionLog',
  'AgentTrace',
] as const
export const ArtifactType = z.enum(ARTIFACT_TYPES)
export type ArtifactType = z.infer<typeof ArtifactType>
