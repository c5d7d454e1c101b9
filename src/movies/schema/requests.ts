import { z } from 'zod'
import {
  AgentStatus,
  AgentType,
  ContentRating,
  ProjectStatus,
  TaskStatus,
  Transport,
  WorkflowStatus,
  WorkflowType,
} from './enums.ts'
import { CustomParameters } from './parameters.ts'

const id = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be 1 to 100 letters, digits, _ or -')
const priority = z.int().min(1).max(10)
const style = z
  .record(z.string(), z.unknown())
  .refine((value) => Object.keys(value).length <= 20, { error: 'must have at most 20 keys' })

export const ProjectId = id
export const AgentId = id

/** POST /workflows. What is left out is taken from the project, then from the contract's defaults. */
export const CreateWorkflow = z.object({
  project_id: ProjectId,
  workflow_type: WorkflowType,
  priority: priority.default(5),
  custom_parameters: CustomParameters.default({}),
  title: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(2000).optional(),
  genre: z.string().max(50).nullable().optional(),
  target_duration: z.int().min(1).max(21600).optional(),
  style_preferences: style.optional(),
})
export type CreateWorkflow = z.infer<typeof CreateWorkflow>

/** PUT /workflows/{id}. `custom_parameters` are merged into the present ones. */
export const UpdateWorkflow = z.object({
  title: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(2000).optional(),
  priority: priority.optional(),
  style_preferences: style.optional(),
  custom_parameters: CustomParameters.optional(),
})
export type UpdateWorkflow = z.infer<typeof UpdateWorkflow>

export const SubmitDecision = z.object({
  decision_id: z.string().min(1).max(200),
  choice: z.string().min(1).max(200),
  feedback: z.string().max(5000).optional(),
})
export type SubmitDecision = z.infer<typeof SubmitDecision>

export const RetryTask = z.object({ input_data: z.record(z.string(), z.unknown()).optional() })

/** A whole number written in a query string. */
const count = (min: number, max: number, fallback: number) =>
  z.coerce.number().pipe(z.int().min(min).max(max)).default(fallback)
const offset = count(0, Number.MAX_SAFE_INTEGER, 0)
const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1')
  .default(false)

export const ListWorkflows = z.object({
  status: WorkflowStatus.optional(),
  project_id: z.string().max(100).optional(),
  workflow_type: WorkflowType.optional(),
  limit: count(1, 100, 20),
  offset,
})
export const GetWorkflow = z.object({ include_trace: flag })
export const PurgeQuery = z.object({ purge: flag })
export const ListTasks = z.object({
  status: TaskStatus.optional(),
  state: z.string().max(100).optional(),
  limit: count(1, 1000, 100),
  offset,
})
export const ListEvents = z.object({ since: offset, limit: count(1, 1000, 200) })
export const ArtifactQuery = z.object({ index: z.coerce.number().pipe(z.int().min(0)).optional() })

export const ResourceRequirements = z.object({
  cpu_cores: z.number().min(0.1).default(1),
  memory_gb: z.number().min(0.1).default(1),
  gpu_memory_gb: z.number().min(0).default(0),
  storage_gb: z.number().min(0).default(0),
})
export type ResourceRequirements = z.infer<typeof ResourceRequirements>

const ENDPOINT_PROTOCOLS = ['http:', 'https:', 'ws:', 'wss:']
const hasProtocol = (value: string, protocols: string[]) => {
  try {
    return protocols.includes(new URL(value).protocol)
  } catch {
    return false
  }
}
const endpoint = z
  .string()
  .max(2000)
  .refine((value) => /^builtin:[A-Za-z0-9_-]+$/.test(value) || hasProtocol(value, ENDPOINT_PROTOCOLS), {
    error: 'must be a http, https, ws or wss address, or builtin:{agent}',
  })
const capability = z.string().regex(/^[a-z0-9_]{2,64}$/, 'must be 2 to 64 of a-z, 0-9 and _')
const semver = z
  .string()
  .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/, 'must be a semantic version like 1.0.0')
const slots = z.int().min(1).max(100)

export const RegisterAgent = z.object({
  agent_id: AgentId,
  agent_type: AgentType,
  capabilities: z.array(capability).min(1).max(200),
  endpoint_url: endpoint,
  health_check_url: z
    .string()
    .max(2000)
    .refine((value) => /^builtin:/.test(value) || hasProtocol(value, ENDPOINT_PROTOCOLS), {
      error: 'must be a http, https, ws or wss address',
    })
    .optional(),
  resource_requirements: ResourceRequirements.default({
    cpu_cores: 1,
    memory_gb: 1,
    gpu_memory_gb: 0,
    storage_gb: 0,
  }),
  max_concurrent_tasks: slots.default(1),
  version: semver.default('1.0.0'),
  name: z.string().max(200).optional(),
  description: z.string().max(5000).default(''),
  specializations: z.array(z.string().max(200)).max(200).default([]),
  configuration: z.record(z.string(), z.unknown()).default({}),
  transport: Transport.optional(),
})
export type RegisterAgent = z.infer<typeof RegisterAgent>

export const UpdateAgent = z.object({
  status: z.enum(['available', 'maintenance', 'offline']).optional(),
  resource_requirements: ResourceRequirements.partial().optional(),
  max_concurrent_tasks: slots.optional(),
  version: semver.optional(),
  capabilities: z.array(capability).min(1).max(200).optional(),
  specializations: z.array(z.string().max(200)).max(200).optional(),
  description: z.string().max(5000).optional(),
  configuration: z.record(z.string(), z.unknown()).optional(),
})
export type UpdateAgent = z.infer<typeof UpdateAgent>

export const Heartbeat = z.object({
  status: AgentStatus.optional(),
  metrics: z.record(z.string(), z.unknown()).optional(),
})
export const ListAgents = z.object({
  agent_type: AgentType.optional(),
  status: AgentStatus.optional(),
  capability: z.string().max(64).optional(),
  limit: count(1, 200, 100),
  offset,
})
export const ListAgentTasks = z.object({ status: TaskStatus.optional(), limit: count(1, 100, 20) })

const named = z.looseObject({ name: z.string().trim().min(1).max(200) })
const limit = z.number().min(0).optional()
export const BudgetConstraints = z.looseObject({
  max_cost: limit,
  max_gpu_minutes: limit,
  max_workflows: limit,
  max_agents: limit,
  max_concurrent_tasks: limit,
})
export type BudgetConstraints = z.infer<typeof BudgetConstraints>

const uniqueNames = (list: { name: string }[]) => new Set(list.map((c) => c.name.toLowerCase())).size === list.length

const projectFields = {
  user_id: z.string().trim().min(1).max(200),
  title: z.string().trim().min(1).max(200),
  description: z.string().max(5000),
  genre: z.string().max(50).nullable(),
  target_duration: z.int().min(1),
  style_preferences: style,
  characters: z.array(named).max(200).refine(uniqueNames, { error: 'every character needs a name of its own' }),
  settings: z.array(named).max(200),
  themes: z.array(z.string().max(500)).max(100),
  content_rating: ContentRating.nullable(),
  deadline: z.iso.datetime({ offset: true }).nullable(),
  budget_constraints: BudgetConstraints,
  custom_requirements: z.string().max(5000),
}

/** POST /projects. Only the title is needed; an id is made when none is given. */
export const CreateProject = z.object({
  project_id: ProjectId.optional(),
  ...projectFields,
  user_id: projectFields.user_id.default('local'),
  description: projectFields.description.default(''),
  genre: projectFields.genre.default(null),
  target_duration: projectFields.target_duration.default(60),
  style_preferences: projectFields.style_preferences.default({}),
  characters: projectFields.characters.default([]),
  settings: projectFields.settings.default([]),
  themes: projectFields.themes.default([]),
  content_rating: projectFields.content_rating.default(null),
  deadline: projectFields.deadline.default(null),
  budget_constraints: projectFields.budget_constraints.default({}),
  custom_requirements: projectFields.custom_requirements.default(''),
})
export type CreateProject = z.infer<typeof CreateProject>

export const UpdateProject = z.object({ ...projectFields, status: z.literal('cancelled') }).partial()
export type UpdateProject = z.infer<typeof UpdateProject>

export const ListProjects = z.object({ status: ProjectStatus.optional(), limit: count(1, 1000, 100), offset })
export const ListAudit = z.object({
  entity_type: z.string().optional(),
  entity_id: z.string().optional(),
  actor: z.string().optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  limit: count(1, 1000, 100),
  offset,
})

/** POST /callbacks/task-service: what the Task Service says about a finished job. */
export const TaskServiceCallback = z.looseObject({
  task_id: z.string().min(1),
  project_id: z.string().optional(),
  status: z.string().min(1),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
})
export type TaskServiceCallback = z.infer<typeof TaskServiceCallback>
