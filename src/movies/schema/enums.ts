import { z } from 'zod'

/** Closed word lists of the movie contract. Each list is a const array, so that a reader, the UI and OpenAPI share it. */

export const WORKFLOW_TYPES = ['movie_creation', 'episode_production', 'character_development'] as const
export const WorkflowType = z.enum(WORKFLOW_TYPES)
export type WorkflowType = z.infer<typeof WorkflowType>

export const WORKFLOW_STATUSES = ['running', 'paused', 'completed', 'failed', 'cancelled'] as const
export const WorkflowStatus = z.enum(WORKFLOW_STATUSES)
export type WorkflowStatus = z.infer<typeof WorkflowStatus>

export const PAUSE_REASONS = ['user', 'decision', 'service_unavailable'] as const
export const PauseReason = z.enum(PAUSE_REASONS)
export type PauseReason = z.infer<typeof PauseReason>

export const TASK_STATUSES = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const
export const TaskStatus = z.enum(TASK_STATUSES)
export type TaskStatus = z.infer<typeof TaskStatus>

export const AGENT_TYPES = ['story', 'character', 'visual', 'production'] as const
export const AgentType = z.enum(AGENT_TYPES)
export type AgentType = z.infer<typeof AgentType>

export const AGENT_STATUSES = ['available', 'busy', 'maintenance', 'offline'] as const
export const AgentStatus = z.enum(AGENT_STATUSES)
export type AgentStatus = z.infer<typeof AgentStatus>

export const TRANSPORTS = ['http', 'mcp', 'builtin'] as const
export const Transport = z.enum(TRANSPORTS)
export type Transport = z.infer<typeof Transport>

export const HEALTH_STATUSES = ['healthy', 'unhealthy', 'unknown'] as const
export const HealthStatus = z.enum(HEALTH_STATUSES)
export type HealthStatus = z.infer<typeof HealthStatus>

export const PROJECT_STATUSES = ['draft', 'in_production', 'completed', 'cancelled'] as const
export const ProjectStatus = z.enum(PROJECT_STATUSES)
export type ProjectStatus = z.infer<typeof ProjectStatus>

export const CONTENT_RATINGS = ['G', 'PG', 'PG-13', 'R', 'NC-17'] as const
export const ContentRating = z.enum(CONTENT_RATINGS)
export type ContentRating = z.infer<typeof ContentRating>

/** Profiles from smallest to largest; a task of a smaller profile is part of every larger one. */
export const PROFILES = ['short', 'standard', 'full'] as const
export const Profile = z.enum(PROFILES)
export type Profile = z.infer<typeof Profile>

export const ASPECT_RATIOS = ['16:9', '4:3', '21:9', '9:16', '1:1'] as const
export const QUALITIES = ['draft', 'standard', 'premium'] as const
export const DRAFT_MODES = ['auto', 'always', 'never'] as const
export type DraftMode = (typeof DRAFT_MODES)[number]

export const DECISION_POINTS = [
  'concept_selection',
  'story_approval',
  'outline_approval',
  'character_approval',
  'storyboard_approval',
  'media_failure',
  'budget_exceeded',
  'task_failure',
  'quality_override',
  'final_approval',
] as const
export const DecisionPoint = z.enum(DECISION_POINTS)
export type DecisionPoint = z.infer<typeof DecisionPoint>

/** The choices of each decision point; the first is the default choice. */
export const DECISION_OPTIONS: Record<DecisionPoint, readonly string[]> = {
  concept_selection: ['option_1', 'option_2', 'option_3', 'option_4', 'regenerate'],
  story_approval: ['approved', 'revise', 'rejected'],
  outline_approval: ['approved', 'revise', 'rejected'],
  character_approval: ['approved', 'revise', 'rejected'],
  storyboard_approval: ['approved', 'revise', 'rejected'],
  media_failure: ['retry', 'continue', 'abort'],
  budget_exceeded: ['continue', 'reduce_quality', 'abort'],
  task_failure: ['retry', 'skip', 'abort'],
  quality_override: ['accept', 'abort'],
  final_approval: ['approved', 'revise_edit', 'regenerate_media', 'rejected'],
}

export const GENERATED_BY = ['model', 'agent', 'template', 'task_service'] as const
export const GeneratedBy = z.enum(GENERATED_BY)
export type GeneratedBy = z.infer<typeof GeneratedBy>

export const QC_CODES = [
  'DECODE_ERROR',
  'DURATION_MISMATCH',
  'RESOLUTION_MISMATCH',
  'BLACK_FRAME_DETECTED',
  'FROZEN_FRAME',
  'MISSING_SEGMENT',
  'NO_AUDIO_TRACK',
  'CHECKSUM_MISMATCH',
  'DRAFT_MEDIA',
] as const
export const QcCode = z.enum(QC_CODES)
export type QcCode = z.infer<typeof QcCode>

export const SEVERITIES = ['low', 'medium', 'high'] as const
export const Severity = z.enum(SEVERITIES)
export type Severity = z.infer<typeof Severity>

export const KEY_ROLES = ['admin', 'service', 'user', 'viewer'] as const
export const KeyRole = z.enum(KEY_ROLES)
export type KeyRole = z.infer<typeof KeyRole>

/** Everything that is said on the sockets and kept in the event stream of a workflow. */
export const EVENT_TYPES = [
  'workflow.snapshot',
  'agents.snapshot',
  'workflow.created',
  'workflow.status_changed',
  'workflow.state_changed',
  'workflow.progress_updated',
  'workflow.decision_required',
  'workflow.decision_resolved',
  'task.started',
  'task.progress',
  'task.completed',
  'task.failed',
  'task.retrying',
  'deliverable.ready',
  'workflow.error',
  'agent.registered',
  'agent.status_changed',
  'agent.health_changed',
  'agent.deregistered',
] as const
export const MovieEventType = z.enum(EVENT_TYPES)
export type MovieEventType = z.infer<typeof MovieEventType>
