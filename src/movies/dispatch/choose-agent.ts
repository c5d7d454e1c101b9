import { canonicalCapability, rosterAgent } from '../agents/roster.ts'
import type { AgentStatus, ResourceRequirements, Transport } from '../schema.ts'
import type { WaitingTask } from './order-tasks.ts'

export type Candidate = {
  agent_id: string
  capabilities: readonly string[]
  specializations: readonly string[]
  transport: Transport
  builtin: boolean
  status: AgentStatus
  running: number
  max: number
  successRate: number
  averageSeconds: number
  lastUsed: number
  requirements: ResourceRequirements
}

export type Pool = { cpu: number; memory: number; gpu: number }
export type Load = { cpu: number; memory: number; gpu: number }

export type Choice =
  | { agent: Candidate }
  /** Somebody could do it, later. */
  | { wait: 'busy' | 'resources' | 'single' }
  /** Nobody is registered who could, or all have failed at it. */
  | { wait: 'nobody' }

export type ChooseOptions = {
  /** Retries of one agent at one task. */
  agentRetries: number
  pool: Pool
  load: Load
  /** Single-instance agents that already work for the project of the task. */
  busySingles: ReadonlySet<string>
  /** `never` with a model missing: the built-in craft is not an answer, but its error is. */
}

const has = (agent: Candidate, capability: string) => {
  const wanted = canonicalCapability(capability)
  return agent.capabilities.some((name) => canonicalCapability(name) === wanted)
}

/** Its tries at this task are used up. */
const isSpent = (agent: Candidate, task: WaitingTask, retries: number) => (task.tried[agent.agent_id] ?? 0) > retries

/** Contract 3.9, points 2 to 5: remote agents first, the built-in one when none of them can be expected to do it. */
export function chooseAgent(task: WaitingTask, agents: readonly Candidate[], options: ChooseOptions): Choice {
  if (isSingleBusy(task, options)) return { wait: 'single' }
  const able = agents.filter((agent) => has(agent, task.capability))
  const remote = able.filter((agent) => !agent.builtin)
  const usable = remote.filter(
    (agent) => (agent.status === 'available' || agent.status === 'busy') && !isSpent(agent, task, options.agentRetries),
  )
  const builtin = able.filter((agent) => agent.builtin && (agent.status === 'available' || agent.status === 'busy'))
  const from = usable.length > 0 ? usable : builtin
  if (from.length === 0) return { wait: 'nobody' }
  const free = from.filter((agent) => agent.status === 'available' && agent.running < agent.max)
  if (free.length === 0) return { wait: 'busy' }
  const fitting = free.filter((agent) => fits(agent, options))
  if (fitting.length === 0) return { wait: 'resources' }
  return { agent: best(fitting, task) }
}

/** Single-instance agents run one task of a project at a time. */
const isSingleBusy = (task: WaitingTask, { busySingles }: ChooseOptions) =>
  rosterAgent(canonicalCapability(task.capability))?.instance === 'single' &&
  busySingles.has(singleKey(task.project_id, task.capability))

export const singleKey = (projectId: string, capability: string) => `${projectId}|${canonicalCapability(capability)}`

const fits = (agent: Candidate, { pool, load }: ChooseOptions) =>
  load.cpu + agent.requirements.cpu_cores <= pool.cpu + 1e-9 &&
  load.memory + agent.requirements.memory_gb <= pool.memory + 1e-9 &&
  load.gpu + agent.requirements.gpu_memory_gb <= pool.gpu + 1e-9

/** Lower is better: load 0.4, failures 0.3, time against the slowest 0.2, 0.1 for no matching specialization. */
export function scoreAgent(agent: Candidate, slowest: number, wanted: readonly string[]): number {
  const time = slowest > 0 ? agent.averageSeconds / slowest : 0
  return (
    0.4 * (agent.running / agent.max) +
    0.3 * (1 - agent.successRate / 100) +
    0.2 * time +
    (matches(agent.specializations, wanted) ? 0 : 0.1)
  )
}

const matches = (specializations: readonly string[], wanted: readonly string[]) => {
  const have = new Set(specializations.map((s) => s.toLowerCase()))
  return wanted.some((word) => have.has(word.toLowerCase()))
}

function best(agents: readonly Candidate[], task: WaitingTask): Candidate {
  const slowest = Math.max(...agents.map((agent) => agent.averageSeconds))
  return [...agents].sort(
    (a, b) =>
      scoreAgent(a, slowest, task.specializations) - scoreAgent(b, slowest, task.specializations) ||
      a.lastUsed - b.lastUsed ||
      (a.agent_id < b.agent_id ? -1 : 1),
  )[0]!
}

/** How well an agent covers a list of requirements: 1 is all of them, 0.5 half (contract 8.7). */
export function coverage(agent: Pick<Candidate, 'capabilities'>, required: readonly string[]): number {
  if (required.length === 0) return 1
  const have = new Set(agent.capabilities.map(canonicalCapability))
  return required.filter((name) => have.has(canonicalCapability(name))).length / required.length
}
