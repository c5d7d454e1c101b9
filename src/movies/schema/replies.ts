import { z } from 'zod'
import {
  AgentStatus,
  AgentType,
  ContentRating,
  DecisionPoint,
  GeneratedBy,
  HealthStatus,
  MovieEventType,
  PauseReason,
  ProjectStatus,
  TaskStatus,
  Transport,
  WorkflowStatus,
  WorkflowType,
} from './enums.ts'
import { BudgetConstraints, ResourceRequirements } from './requests.ts'

const time = z.iso.datetime({ precision: 3 })
const loose = z.record(z.string(), z.unknown())
const count = z.int().min(0)

export const ErrorBody = z.object({
  error: z.string(),
  message: z.string(),
  code: z.string(),
  details: loose,
  timestamp: time,
  correlation_id: z.string(),
})

export const PendingDecision = z.object({
  decision_id: z.string(),
  point: DecisionPoint,
  prompt: z.string(),
  options: z.array(z.string()).min(2).max(6),
  context: loose,
  timeout: time,
})
export type PendingDecision = z.infer<typeof PendingDecision>

export const DecisionRecord = z.object({
  decision_id: z.string(),
  point: DecisionPoint,
  prompt: z.string(),
  options: z.array(z.string()),
  status: z.enum(['pending', 'answered', 'withdrawn']),
  choice: z.string().nullable(),
  feedback: z.string().nullable(),
  actor: z.string().nullable(),
  automatic: z.boolean(),
  raised_at: time,
  timeout: time.nullable(),
  at: time.nullable(),
})
export type DecisionRecord = z.infer<typeof DecisionRecord>

export const ErrorDetails = z.object({
  error_type: z.string(),
  error_message: z.string(),
  failed_task: z.string().nullable(),
  retry_count: count,
  next_retry: time.nullable(),
})
export type ErrorDetails = z.infer<typeof ErrorDetails>

export const FileRef = z.object({
  path: z.string().optional(),
  url: z.string(),
  bytes: count,
  sha256: z.string(),
  mime_type: z.string(),
})
export type FileRef = z.infer<typeof FileRef>

export const Deliverable = z.object({
  name: z.string(),
  status: z.enum(['pending', 'ready', 'missing']),
  location: z.string().nullable(),
  checksum: z.string().nullable(),
})
export type Deliverable = z.infer<typeof Deliverable>

export const Artifact = z.object({
  artifact_id: z.string(),
  workflow_id: z.uuid(),
  project_id: z.string(),
  name: z.string(),
  index: count.nullable(),
  version: z.int().min(1),
  state: z.string(),
  task_id: z.string().nullable(),
  agent_id: z.string().nullable(),
  content: loose,
  file: FileRef.nullable(),
  draft: z.boolean(),
  generated_by: GeneratedBy.nullable(),
  created_at: time,
})
export type Artifact = z.infer<typeof Artifact>

export const WorkflowResponse = z.object({
  workflow_id: z.uuid(),
  project_id: z.string(),
  workflow_type: WorkflowType,
  title: z.string(),
  description: z.string(),
  genre: z.string().nullable(),
  target_duration: z.int(),
  style_preferences: loose,
  priority: z.int().min(1).max(10),
  custom_parameters: loose,
  current_state: z.string(),
  completed_states: z.array(z.string()),
  status: WorkflowStatus,
  pause_reason: PauseReason.nullable(),
  progress_percentage: z.number().min(0).max(100),
  estimated_completion: time.nullable(),
  created_at: time,
  updated_at: time,
  started_at: time.nullable(),
  completed_at: time.nullable(),
  results: z.record(z.string(), loose),
  pending_decision: PendingDecision.nullable(),
  error_details: ErrorDetails.nullable(),
  deliverables: z.array(Deliverable),
  queue_position: z.int().min(1).nullable(),
  draft: z.boolean(),
  waiting_on: z.array(z.string()),
  pending_tasks: z.array(z.string()),
  assigned_agents: z.array(z.string()),
  user_decisions: z.array(loose),
  error_history: z.array(loose),
  version: z.int().min(1),
  trace: loose.optional(),
  paused_at: time.optional(),
  resumed_at: time.optional(),
  cancelled_at: time.optional(),
})
export type WorkflowResponse = z.infer<typeof WorkflowResponse>

export const TaskResponse = z.object({
  task_id: z.string(),
  workflow_id: z.string(),
  project_id: z.string(),
  agent_id: z.string().nullable(),
  capability: z.string(),
  task_type: z.string(),
  state: z.string(),
  name: z.string(),
  description: z.string(),
  input_data: loose,
  output_data: loose.nullable(),
  dependencies: z.array(z.string()),
  status: TaskStatus,
  priority: z.int().min(1).max(10),
  optional: z.boolean(),
  fan_out: z.object({ of: z.string(), index: count, count }).nullable(),
  retry_count: count,
  max_retries: count,
  timeout: z.int().min(1),
  created_at: time,
  started_at: time.nullable(),
  completed_at: time.nullable(),
  next_retry_at: time.nullable(),
  error_message: z.string().nullable(),
  error_type: z.string().nullable(),
  resource_usage: loose,
  quality_score: z.number().min(0).max(100).nullable(),
  external_job_id: z.string().nullable(),
  progress: z.number().min(0).max(1).nullable(),
  warnings: z.array(z.string()),
})
export type TaskResponse = z.infer<typeof TaskResponse>

export const MovieEvent = z.object({
  type: MovieEventType,
  sequence: count,
  timestamp: time,
  workflow_id: z.string().optional(),
  agent_id: z.string().optional(),
  correlation_id: z.string().nullable(),
  data: loose,
})
export type MovieEvent = z.infer<typeof MovieEvent>

export const HealthResponse = z.object({
  agent_id: z.string(),
  status: HealthStatus,
  last_check: time.nullable(),
  response_time: z.number().nullable(),
  error_message: z.string().nullable(),
  message: z.string(),
  details: loose,
})
export type HealthResponse = z.infer<typeof HealthResponse>

export const AgentResponse = z.object({
  agent_id: z.string(),
  agent_type: AgentType,
  name: z.string(),
  description: z.string(),
  capabilities: z.array(z.string()),
  specializations: z.array(z.string()),
  configuration: loose,
  endpoint_url: z.string(),
  health_check_url: z.string(),
  transport: Transport,
  resource_requirements: ResourceRequirements,
  max_concurrent_tasks: z.int(),
  version: z.string(),
  department: z.string().nullable(),
  status: AgentStatus,
  current_tasks: z.array(z.string()),
  success_rate: z.number(),
  average_execution_time: z.number(),
  last_heartbeat: time.nullable(),
  performance_score: z.number(),
  reliability_score: z.number(),
  error_count: count,
  health_status: HealthResponse,
  created_at: time,
  updated_at: time,
})
export type AgentResponse = z.infer<typeof AgentResponse>

export const TaskSummary = z.object({
  task_id: z.string(),
  workflow_id: z.string(),
  task_type: z.string(),
  status: TaskStatus,
  started_at: time.nullable(),
  completed_at: time.nullable(),
  execution_time: z.number().nullable(),
  quality_score: z.number().nullable(),
})
export type TaskSummary = z.infer<typeof TaskSummary>

export const ProjectResponse = z.object({
  project_id: z.string(),
  user_id: z.string(),
  title: z.string(),
  description: z.string(),
  genre: z.string().nullable(),
  target_duration: z.int(),
  style_preferences: loose,
  characters: z.array(loose),
  settings: z.array(loose),
  themes: z.array(z.string()),
  content_rating: ContentRating.nullable(),
  status: ProjectStatus,
  deadline: time.nullable(),
  budget_constraints: BudgetConstraints,
  custom_requirements: z.string(),
  source: z.enum(['auto_movie', 'local']),
  created_at: time,
  updated_at: time,
})
export type ProjectResponse = z.infer<typeof ProjectResponse>

export const GraphNode = z.object({
  id: z.string(),
  type: z.enum(['task', 'decision', 'gate', 'state']),
  name: z.string(),
  state: z.string(),
  status: z.string(),
  agent_id: z.string().nullable(),
  started_at: time.nullable(),
  completed_at: time.nullable(),
  execution_time: z.number().nullable(),
})
export type GraphNode = z.infer<typeof GraphNode>
export const GraphEdge = z.object({ source: z.string(), target: z.string(), condition: z.string().nullable() })
export const WorkflowGraph = z.object({
  nodes: z.array(GraphNode),
  edges: z.array(GraphEdge),
  current_node: z.string().nullable(),
})
export type WorkflowGraph = z.infer<typeof WorkflowGraph>

export const Checkpoint = z.object({
  checkpoint_id: z.string(),
  state: z.string(),
  step: z.string(),
  created_at: time,
})
export type Checkpoint = z.infer<typeof Checkpoint>

export const AuditEntry = z.object({
  id: z.string(),
  at: time,
  actor: z.string(),
  action: z.string(),
  entity_type: z.string(),
  entity_id: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  correlation_id: z.string().nullable(),
  source_address: z.string().nullable(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const WorkflowPage = z.object({
  workflows: z.array(WorkflowResponse),
  total_count: count,
  has_more: z.boolean(),
})
export const AgentPage = z.object({ agents: z.array(AgentResponse), total_count: count, has_more: z.boolean() })
export const ProjectPage = z.object({ projects: z.array(ProjectResponse), total_count: count, has_more: z.boolean() })
export const TaskPage = z.object({ tasks: z.array(TaskResponse), total_count: count, has_more: z.boolean() })
export const EventPage = z.object({ events: z.array(MovieEvent), last_sequence: count })
export const AuditPage = z.object({ entries: z.array(AuditEntry), total_count: count, has_more: z.boolean() })
export const DecisionAccepted = z.object({
  workflow_id: z.string(),
  decision_id: z.string(),
  choice: z.string(),
  accepted_at: time,
  workflow: WorkflowResponse,
})

export const DecisionList = z.object({ decisions: z.array(DecisionRecord) })
export const DeliverableList = z.object({
  deliverables: z.array(Deliverable.extend({ download_url: z.string().nullable() })),
})
export const AgentTasks = z.object({ tasks: z.array(TaskSummary), total_count: count })
export const AgentRemoved = z.object({ agent_id: z.string(), message: z.string() })
export const AgentReset = z.object({
  agent_id: z.string(),
  status: z.literal('available'),
  cancelled_tasks: z.array(z.string()),
  task_count: count,
  message: z.string(),
  reset_at: time,
})
export const Ok = z.object({ ok: z.literal(true) })
export const ProjectRemoved = z.object({ project_id: z.string(), message: z.string() })
export const Received = z.object({ received: z.literal(true) })
