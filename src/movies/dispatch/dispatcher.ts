import { randomUUID } from 'node:crypto'
import { systemCtx } from '../../kernel/context.ts'
import { isConnectionError } from '../../kernel/db/database.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LONGEST_RETRY_MS } from '../engine/task-graph.ts'
import { findTask, startTask } from '../engine/task-inputs.ts'
import { transition } from '../engine/transition.ts'
import { set } from '../engine/work.ts'
import { successRate } from '../registry/agent-store.ts'
import type { ResourceRequirements } from '../schema.ts'
import { AgentTakenError } from '../store/agent-load.ts'
import { loadState } from '../store/load-state.ts'
import { saveState } from '../store/save-state.ts'
import { failTampered, nowOf } from '../workflow/change-workflow.ts'
import { type Candidate, chooseAgent, type Load, singleKey } from './choose-agent.ts'
import { remainingSeconds } from './critical-path.ts'
import { hostPool } from './host-pool.ts'
import { failUnserved, noteWaiting } from './no-agent.ts'
import { orderTasks, type WaitingTask } from './order-tasks.ts'

export type ClaimedTask = { workflowId: string; taskId: string; agentId: string; claim: string }
export type Execute = (task: ClaimedTask) => void

const BATCH = 400
const IDLE_MS = 500

export type Dispatcher = {
  stop(): Promise<void>
  readonly running: boolean
  kick(): void
  /** Whether this claim is being written by this process at the moment. */
  isClaiming(claim: string): boolean
}

/**
 * Gives ready tasks to agents. Looks when something has changed, and twice a second for what time alone makes ready. Several
 * processes may dispatch: a claim happens under the row lock of its workflow, and an agent's room is taken in one statement.
 */
export function startDispatcher(
  kernel: Kernel,
  executor: string,
  capacity: () => number,
  execute: Execute,
): Dispatcher {
  let stopped = false
  let alive = true
  let wanted = true
  const claiming = new Set<string>()
  let wake: (() => void) | undefined
  const kick = () => {
    wanted = true
    wake?.()
  }
  const off = kernel.notifier.on('movies-tasks', kick)
  const loop = (async () => {
    while (!stopped) {
      wanted = false
      try {
        if (capacity() > 0) await dispatchOnce(kernel, executor, capacity(), execute, claiming)
        alive = true
      } catch (error) {
        alive = !isConnectionError(error)
        kernel.log.warn({ error: (error as Error).stack }, 'movie dispatch failed, trying again')
      }
      if (!wanted && !stopped)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, IDLE_MS)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      wake = undefined
    }
  })()
  return {
    kick,
    isClaiming: (claim) => claiming.has(claim),
    get running() {
      return alive && !stopped
    },
    async stop() {
      stopped = true
      off()
      wake?.()
      await loop
    },
  }
}

/** One look: order, choose, claim. Answers the number of claims. `claiming` holds each claim from before it is written until `execute` has it. */
export async function dispatchOnce(
  kernel: Kernel,
  executor: string,
  capacity: number,
  execute: Execute,
  claiming: Set<string> = new Set(),
): Promise<number> {
  const waiting = await readWaiting(kernel)
  if (waiting.length === 0) return 0
  const { agents, load, busySingles, perProject } = await readAgents(kernel)
  const now = kernel.clock.now()
  const pool = hostPool(kernel)
  const byWorkflow = new Map<string, { task: WaitingTask; agent: Candidate }[]>()
  const unserved: { task: WaitingTask; reason: string }[] = []
  let room = capacity
  for (const task of orderTasks(waiting, now)) {
    if (room <= 0) break
    const limit = task.maxConcurrent
    if (limit !== null && (perProject.get(task.project_id) ?? 0) >= limit) continue
    const choice = chooseAgent(task, agents, {
      agentRetries: kernel.config.movies.agentRetries,
      pool,
      load,
      busySingles,
    })
    if (!('agent' in choice)) {
      if (choice.wait === 'nobody') unserved.push({ task, reason: task.capability })
      continue
    }
    reserve(choice.agent, load)
    busySingles.add(singleKey(task.project_id, task.capability))
    perProject.set(task.project_id, (perProject.get(task.project_id) ?? 0) + 1)
    byWorkflow.set(task.workflow_id, [...(byWorkflow.get(task.workflow_id) ?? []), { task, agent: choice.agent }])
    room--
  }
  let claimed = 0
  for (const [workflowId, claims] of byWorkflow)
    claimed += await claim(kernel, executor, workflowId, claims, execute, claiming)
  await noteWaiting(kernel, unserved)
  await failUnserved(kernel, unserved)
  return claimed
}

/** Counts a choice at once, so that the next task of this look sees it. */
function reserve(agent: Candidate, load: Load) {
  agent.running++
  if (agent.running >= agent.max) agent.status = 'busy'
  load.cpu += agent.requirements.cpu_cores
  load.memory += agent.requirements.memory_gb
  load.gpu += agent.requirements.gpu_memory_gb
}

type Waiting = WaitingTask & { maxConcurrent: number | null }

async function readWaiting(kernel: Kernel): Promise<Waiting[]> {
  const { rows } = await kernel.db.query(
    {
      name: 'movies.tasks.waiting',
      text: `select t.task_id, t.workflow_id, t.project_id, t.task_type, t.state, t.capability, t.priority, t.ready_since, t.created_at, t.data->'tried' as tried,
               w.workflow_type, w.view->>'genre' as genre, (p.data->'budget_constraints'->>'max_concurrent_tasks')::int as max_concurrent
          from movies.tasks t join movies.workflows w using (workflow_id) join movies.projects p on p.project_id = t.project_id
         where t.ready and t.status = 'pending' and (t.next_retry_at is null or t.next_retry_at <= $1 or t.next_retry_at > $2) and w.status = 'running' and not w.queued
         order by t.priority + least(10, floor(extract(epoch from now() - t.ready_since) / 600)) desc, t.created_at limit ${BATCH}`,
    },
    [new Date(kernel.clock.now()), new Date(kernel.clock.now() + LONGEST_RETRY_MS)],
  )
  return rows.map((row) => ({
    task_id: row['task_id'],
    workflow_id: row['workflow_id'],
    project_id: row['project_id'],
    task_type: row['task_type'],
    state: row['state'],
    capability: row['capability'],
    priority: row['priority'],
    readySince: (row['ready_since'] ?? row['created_at']).getTime(),
    createdAt: row['created_at'].getTime(),
    remaining: remainingSeconds(row['workflow_type'], row['state'], row['task_type']),
    tried: row['tried'] ?? {},
    specializations: [row['task_type'], row['genre']].filter((word): word is string => typeof word === 'string'),
    maxConcurrent: row['max_concurrent'],
  }))
}

async function readAgents(kernel: Kernel) {
  const [agents, busy] = await Promise.all([
    kernel.db.query(
      `select agent_id, capabilities, transport, builtin, status, running, max_concurrent_tasks, outcomes, average_execution_time, last_used_at,
              data->'specializations' as specializations, data->'resource_requirements' as requirements from movies.agents`,
    ),
    kernel.db.query(`select project_id, capability, agent_id from movies.tasks where status = 'running'`),
  ])
  const candidates: Candidate[] = agents.rows.map((row) => ({
    agent_id: row['agent_id'],
    capabilities: row['capabilities'],
    specializations: row['specializations'] ?? [],
    transport: row['transport'],
    builtin: row['builtin'],
    status: row['status'],
    running: row['running'],
    max: row['max_concurrent_tasks'],
    successRate: successRate(row['outcomes']),
    averageSeconds: row['average_execution_time'],
    lastUsed: row['last_used_at']?.getTime() ?? 0,
    requirements: row['requirements'] as ResourceRequirements,
  }))
  const load: Load = { cpu: 0, memory: 0, gpu: 0 }
  for (const agent of candidates) {
    load.cpu += agent.running * agent.requirements.cpu_cores
    load.memory += agent.running * agent.requirements.memory_gb
    load.gpu += agent.running * agent.requirements.gpu_memory_gb
  }
  const perProject = new Map<string, number>()
  for (const row of busy.rows) perProject.set(row['project_id'], (perProject.get(row['project_id']) ?? 0) + 1)
  const busySingles = new Set(busy.rows.map((row) => singleKey(row['project_id'], row['capability'])))
  return { agents: candidates, load, busySingles, perProject }
}

/** Starts the tasks of one workflow in one transaction; one that is locked by somebody else is left for the next look. */
async function claim(
  kernel: Kernel,
  executor: string,
  workflowId: string,
  claims: { task: WaitingTask; agent: Candidate }[],
  execute: Execute,
  claiming: Set<string>,
): Promise<number> {
  const token = randomUUID()
  const ctx = systemCtx(kernel)
  claiming.add(token)
  try {
    const started = await kernel.db.transaction(async (tx) => {
      const stored = await loadState(kernel, tx, workflowId, 'skip')
      if (!stored) {
        kernel.notifier.touch('movies-tasks')
        return []
      }
      const own = { ...ctx, correlationId: stored.correlationId }
      if (stored.tampered) {
        await failTampered(tx, own, stored)
        return []
      }
      const taken: typeof claims = []
      const moved = transition(stored.state, nowOf(ctx), (w) => {
        for (const c of claims) {
          if (!stored.ready.has(c.task.task_id)) continue
          if (startTask(w, c.task.task_id, c.agent.agent_id)) taken.push(c)
        }
        const served = new Set(taken.map((c) => findTask(w, c.task.task_id)!.capability))
        if (w.s.waiting_on.some((name) => served.has(name)))
          set(w, { waiting_on: w.s.waiting_on.filter((name) => !served.has(name)) })
      })
      if (taken.length === 0) return []
      await saveState(tx, own, stored, moved, {
        claim: { executor, claim: token, taskIds: taken.map((c) => c.task.task_id) },
      })
      return taken
    })
    for (const { task, agent } of started)
      execute({ workflowId, taskId: task.task_id, agentId: agent.agent_id, claim: token })
    return started.length
  } catch (error) {
    if (!(error instanceof AgentTakenError)) throw error
    kernel.log.debug({ agent: error.agentId }, 'agent was taken by another dispatcher')
    return 0
  } finally {
    claiming.delete(token)
  }
}
