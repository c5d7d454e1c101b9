import { type AgentRow, findAgent, listAgents } from '../kernel/agents/registry.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { AgentStatus } from './schema.ts'

/** Successes of each agent, from stored results: survives restarts (C21). */
async function completedBy(kernel: Kernel): Promise<Map<string, number>> {
  const { rows } = await kernel.db.query(
    `select agent_id, count(*)::int as n from tasks.subtask_results where status = 'completed' group by agent_id`,
  )
  return new Map(rows.map((row) => [row['agent_id'], row['n']]))
}

async function runningOn(kernel: Kernel): Promise<Map<string, string>> {
  const { rows } = await kernel.db.query(
    `select agent_id, key from kernel.assignments where pool = 'tasks' and status = 'running' and agent_id is not null`,
  )
  return new Map(rows.map((row) => [row['agent_id'], row['key']]))
}

/** False: it ends what it has and takes nothing more. */
const takesWork = (agent: AgentRow) =>
  ['available', 'busy'].includes(agent.status) && (agent.reported_available || agent.current_work !== null)

/** Not available means busy (3.1.3); one that drains without work says so in a field of its own. */
function present(agent: AgentRow, completed: number, running: string | undefined): AgentStatus {
  const url = new URL(agent.endpoint ?? 'http://localhost')
  const current = running ?? agent.current_work
  return {
    agent_id: agent.id,
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    base_url: agent.endpoint ?? '',
    is_available: current === null,
    current_task: current,
    ...(takesWork(agent) ? {} : { draining: true }),
    capabilities: agent.capabilities as AgentStatus['capabilities'],
    cpu_usage: agent.cpu_usage,
    memory_usage: agent.memory_usage,
    process_memory_bytes: agent.process_memory_bytes,
    tasks_completed: completed,
    last_heartbeat: agent.seen_at.toISOString(),
    sdk_enabled: true,
  }
}

export async function listTaskAgents(kernel: Kernel, includeDead: boolean): Promise<AgentStatus[]> {
  const [agents, completed, running] = await Promise.all([
    listAgents(kernel.db, { pool: 'tasks', includeDead }),
    completedBy(kernel),
    runningOn(kernel),
  ])
  const byText = agents.sort((a, b) => (a.id < b.id ? -1 : 1))
  return byText.map((agent) => present(agent, completed.get(agent.id) ?? 0, running.get(agent.id)))
}

export async function getTaskAgent(kernel: Kernel, id: string): Promise<AgentStatus> {
  const agent = await findAgent(kernel.db, 'tasks', id)
  if (!agent) throw new AppError('AGENT_NOT_FOUND', `No agent ${id} is registered`, { agent_id: id })
  const [completed, running] = await Promise.all([completedBy(kernel), runningOn(kernel)])
  return present(agent, completed.get(id) ?? 0, running.get(id))
}
