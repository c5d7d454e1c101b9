import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import type { Tx } from '../db/database.ts'
import type { Kernel } from '../kernel.ts'
import type { AttemptServices } from './attempt-services.ts'
import type { Assignment, AssignmentChange, AttemptResult, GivenAssignment } from './plan-types.ts'

/** A ready assignment with the loads its fairness rule needs. */
export type ReadyItem = Pick<
  Assignment,
  'id' | 'subject' | 'user_id' | 'capabilities' | 'priority' | 'front' | 'excluded' | 'waiting_reason'
> & {
  queuedAt: number
  waitingSince: number | null
  runningInSubject: number
  runningOfUser: number
}

export type PoolAgent = {
  id: string
  transport: 'http' | 'mcp' | 'builtin'
  endpoint: string | null
  instance: string
  capabilities: readonly string[]
  free: number
  slots: number
  blockedUntil: number
  meta: Record<string, unknown>
  /** Sent with POST /execute; absent: the pool's own. */
  executeToken?: string | undefined
}

export type Choice =
  | { agent: PoolAgent }
  /** Nobody now: the reason is shown; looked at again when something changes or after `retryMs`. */
  | { wait: string; retryMs: number }

/**
 * What one contract says about its agents: data and two pure functions. Pools keep registries, capability words and policies
 * apart, so one contract's agents are never another's.
 */
export type PoolPolicy = {
  name: string
  domain: string
  /** Words an agent may declare; absent = any. */
  capabilities?: readonly string[]
  /** Shape of every assignment's input; absent = any object. */
  input?: z.ZodType
  agentId: RegExp
  maxSlots: number
  heartbeatSeconds: number
  ttlSeconds: number
  /** A subtask nobody living could do fails after this long. */
  noAgentSeconds: number
  maxLosses: number
  defaultTimeoutSeconds: number
  /** Added to an attempt's time limit before the server ends it. */
  leaseMarginSeconds: number
  /** Fair order of ready work. */
  order(items: ReadyItem[], now: number): ReadyItem[]
  /** The agent for one item among living agents, busy ones included (`free` 0). */
  choose(item: ReadyItem, agents: readonly PoolAgent[], now: number, random: () => number): Choice
  /** Body of POST /execute beside the fields the kernel adds. `prerequisites` maps key to output. */
  request?(
    kernel: Kernel,
    assignment: GivenAssignment,
    prerequisites: Record<string, unknown>,
  ): Promise<Record<string, unknown>>
  /** Body of POST /cancel. */
  cancelRequest?(assignment: Assignment): Record<string, unknown>
  /** Runs an assignment of a builtin agent in this process. */
  run?(kernel: Kernel, assignment: GivenAssignment, agentId: string, signal: AbortSignal): Promise<AttemptResult>
  /** Checks and completes what an agent sent; throws a ValidationError for an unusable result. */
  acceptResult?(
    kernel: Kernel,
    assignment: Assignment,
    body: Record<string, unknown>,
    attempt: number,
  ): Promise<AttemptResult>
  /** Every change of an assignment, in its transaction, in order. */
  onChanges?(tx: Tx, ctx: Ctx, changes: readonly AssignmentChange[]): Promise<void>
  /** A result that changed nothing: repeated, superseded, or of a cancelled plan. */
  onUncounted?(
    tx: Tx,
    ctx: Ctx,
    what: { assignment: Assignment; attempt: number; result: AttemptResult; outcome: string },
  ): Promise<void>
  /** A result for work this server does not know. */
  onUnknownResult?(
    ctx: Ctx,
    agentId: string,
    what: { task_id: string; subtask_id: string; attempt: number },
  ): Promise<void>
  /** What an agent may do during an attempt. */
  services?: AttemptServices
  /** Each dispatch attempt's outcome, for metrics. */
  onDispatch?(outcome: string): void
  /** Registry changes: logs, metrics. */
  onAgent?(tx: Tx, ctx: Ctx, change: AgentChange): Promise<void>
}

export type AgentChange = {
  kind: 'registered' | 'back' | 'dead' | 'draining' | 'deregistered' | 'unreachable'
  agentId: string
  data: Record<string, unknown>
}

const pools = new Map<string, PoolPolicy>()

/** Called once per module at start. */
export function registerPool(policy: PoolPolicy): void {
  pools.set(policy.name, policy)
}

export const findPool = (name: string): PoolPolicy | undefined => pools.get(name)
export const poolOf = (name: string): PoolPolicy => {
  const policy = pools.get(name)
  if (!policy) throw new Error(`no pool "${name}" is registered`)
  return policy
}
export const allPools = (): PoolPolicy[] => [...pools.values()]
