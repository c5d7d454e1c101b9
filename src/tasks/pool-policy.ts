import type { Choice, PoolAgent, PoolPolicy, ReadyItem } from '../kernel/agents/pool.ts'
import type { Config } from '../kernel/config/load-config.ts'
import { acceptTaskResult } from './accept-result.ts'
import { attemptServices } from './attempt-services.ts'
import { executeRequest } from './execute-request.ts'
import { dispatchMetrics } from './metrics.ts'
import { recordAgentChange } from './record-agent-change.ts'
import { recordChanges } from './record-changes.ts'
import { recordUncounted, recordUnknown } from './record-uncounted.ts'
import { AGENT_ID, CAPABILITIES } from './schema.ts'

const BUSY_RETRY_MS = 2_000
/** A busy agent that covers strictly more is waited for at most this long (3.4). */
const BETTER_WAIT_MS = 5_000

const covered = (item: ReadyItem, agent: PoolAgent) =>
  item.capabilities.filter((word) => agent.capabilities.includes(word)).length

/** Priority, then what runs of the same task, then of the same user, then age (3.4). A reassigned one leads its priority. */
export function fairOrder(items: ReadyItem[]): ReadyItem[] {
  return [...items].sort(
    (a, b) =>
      b.priority - a.priority ||
      Number(b.front) - Number(a.front) ||
      a.runningInSubject - b.runningInSubject ||
      a.runningOfUser - b.runningOfUser ||
      a.queuedAt - b.queuedAt,
  )
}

/** Best coverage of the required capabilities, uniform random among equals; waits for a better busy agent for a while (3.4). */
export function chooseAgent(item: ReadyItem, agents: readonly PoolAgent[], now: number, random: () => number): Choice {
  // One that refused it for want of the capability never does it (10, 409).
  const capable = agents
    .map((agent) => ({ agent, words: item.excluded.includes(agent.id) ? 0 : covered(item, agent) }))
    .filter(({ words }) => words > 0)
  if (capable.length === 0) return { wait: 'no_capable_agent', retryMs: BUSY_RETRY_MS }
  const free = capable.filter(({ agent }) => agent.free > 0 && agent.blockedUntil <= now)
  if (free.length === 0) return { wait: 'agents_busy', retryMs: BUSY_RETRY_MS }
  const best = Math.max(...free.map(({ words }) => words))
  const busyBest = Math.max(0, ...capable.map(({ agent, words }) => (agent.free === 0 ? words : 0)))
  const waited = item.waitingSince === null ? 0 : now - item.waitingSince
  if (busyBest > best && waited < BETTER_WAIT_MS)
    return { wait: 'agents_busy', retryMs: Math.max(50, BETTER_WAIT_MS - waited) }
  const equal = free.filter(({ words }) => words === best)
  return { agent: equal[Math.floor(random() * equal.length)]!.agent }
}

/** The pool `tasks` as its contract describes it. */
export function tasksPool({ tasks }: Config): PoolPolicy {
  return {
    name: 'tasks',
    domain: 'tasks',
    capabilities: CAPABILITIES,
    agentId: AGENT_ID,
    maxSlots: 1,
    heartbeatSeconds: tasks.heartbeatSeconds,
    ttlSeconds: tasks.ttlSeconds,
    noAgentSeconds: tasks.noAgentTimeoutSeconds,
    maxLosses: tasks.maxReassignments,
    defaultTimeoutSeconds: tasks.subtaskTimeoutSeconds,
    leaseMarginSeconds: 30,
    order: fairOrder,
    choose: chooseAgent,
    request: executeRequest,
    cancelRequest: ({ subject, key }) => ({ task_id: subject, subtask_id: key }),
    acceptResult: acceptTaskResult,
    onChanges: recordChanges,
    onAgent: recordAgentChange,
    onUncounted: recordUncounted,
    onUnknownResult: recordUnknown,
    onDispatch: dispatchMetrics,
    services: attemptServices,
  }
}
