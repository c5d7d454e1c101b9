import { createHash, randomBytes } from 'node:crypto'
import type { Row, Tx } from '../db/database.ts'
import type { Kernel } from '../kernel.ts'
import { assignmentColumns, GIVEN_COLUMNS } from './assignment-store.ts'
import type { GivenAssignment } from './plan-types.ts'
import type { PoolAgent, PoolPolicy, ReadyItem } from './pool.ts'

export type Claimed = { assignment: GivenAssignment; agent: PoolAgent; token: string }

/** A claim that nobody resolved returns to the queue after this long; that of a process known dead at once (liveness.ts). */
export const CLAIM_SECONDS = 60
const WINDOW = 5_000
/** Looked at beyond what may be claimed: few while somebody is free, for most work finds its agent; more when none did. */
const LOOK_AHEAD = { free: 32, busy: 200 }

/** Loads that fairness reads: small maps, looked up per row, because a join lets the planner choose a nested loop (60 ms instead of 8). */
const LOADS = {
  name: 'kernel.assignments.loads',
  text: `
  with running as materialized (select subject, user_id from kernel.assignments where pool = $1 and status = 'running')
  select (select coalesce(jsonb_object_agg(subject, n), '{}') from (select subject, count(*) n from running group by subject) s) as subjects,
         (select coalesce(jsonb_object_agg(user_id, n), '{}') from (select user_id, count(*) n from running group by user_id) u) as users`,
}

/** The oldest of the highest priorities, re-ordered by fairness. Only what is claimed is locked. */
const READY = {
  name: 'kernel.assignments.ready',
  text: `
  with oldest as (
    select id, subject, user_id, priority, front, queued_at from kernel.assignments
     where pool = $1 and status = 'ready' and (not_before is null or not_before <= now())
     order by priority desc, queued_at limit ${WINDOW}
  ), fair as materialized (
    select id, coalesce(($2::jsonb ->> subject)::int, 0) as running_subject, coalesce(($3::jsonb ->> user_id)::int, 0) as running_user
      from oldest
     order by priority desc, front desc, coalesce(($2::jsonb ->> subject)::int, 0), coalesce(($3::jsonb ->> user_id)::int, 0), queued_at
     limit $4::int
  )
  select a.id, a.subject, a.user_id, a.capabilities, a.priority, a.front, a.excluded, a.waiting_reason,
         extract(epoch from a.queued_at) * 1000 as queued_ms, extract(epoch from a.waiting_since) * 1000 as waiting_ms,
         f.running_subject, f.running_user
    from fair f join kernel.assignments a on a.id = f.id`,
}

const AGENTS = {
  name: 'kernel.agents.living',
  text: `
  select id, transport, endpoint, instance, capabilities, slots, running, blocked_until, meta, status, reported_available, execute_token
    from kernel.agents
   where pool = $1 and dead_at is null and status in ('available', 'busy') and (transport = 'builtin' or seen_at > now() - make_interval(secs => $2))
   order by id`,
}

/** Of rows that LOCK holds, so they are ready still. */
const CLAIM = {
  name: 'kernel.assignments.claim',
  text: `
  with given as (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bool[]) as g (id, agent_id, instance, token_hash, builtin)),
  claimed as (update kernel.assignments a
     set status = 'running', agent_id = g.agent_id, instance = g.instance, token_hash = g.token_hash, claimer = $8,
         accepted_at = case when g.builtin then now() end, started_at = case when g.builtin then now() else a.started_at end,
         started_attempts = a.started_attempts + g.builtin::int,
         lease_until = now() + case when g.builtin then make_interval(secs => coalesce(a.timeout_seconds, $6) + $7) else interval '${CLAIM_SECONDS} seconds' end,
         waiting_reason = null, waiting_since = null, not_before = null, missed = 0
    from given g where a.id = g.id and a.id = any ($1)
  returning ${assignmentColumns('a', GIVEN_COLUMNS)}, a.agent_id, a.instance, a.token_hash),
  recorded as (
    insert into kernel.attempts (assignment_id, attempt, agent_id, instance, token_hash, status)
    select id, attempt, agent_id, instance, token_hash, 'running' from claimed
    on conflict (assignment_id, attempt) do update set agent_id = excluded.agent_id, instance = excluded.instance,
      token_hash = excluded.token_hash, status = 'running', started_at = now(), ended_at = null, answer = null)
  select ${GIVEN_COLUMNS} from claimed`,
}

/** A statement of its own, by ids alone: with more to go by, the planner compares every given id with every locked or ready one. */
const LOCK = {
  name: 'kernel.assignments.lock',
  text: `select id, status from kernel.assignments where id = any ($1) for update skip locked`,
}

export type ClaimPass = {
  claimed: Claimed[]
  /** When an item that found nobody should be looked at again, in ms. */
  retryMs: number | undefined
  /** More ready work than was looked at, and somebody free who might do it. */
  more: boolean
  waiting: { id: string; reason: string; changed: boolean }[]
}

const readyItem = (row: Row): ReadyItem => ({
  id: row['id'],
  subject: row['subject'],
  user_id: row['user_id'],
  capabilities: row['capabilities'],
  priority: row['priority'],
  front: row['front'],
  excluded: row['excluded'],
  waiting_reason: row['waiting_reason'],
  queuedAt: Number(row['queued_ms']),
  waitingSince: row['waiting_ms'] === null ? null : Number(row['waiting_ms']),
  runningInSubject: row['running_subject'],
  runningOfUser: row['running_user'],
})

type Chosen = Pick<ClaimPass, 'waiting' | 'retryMs'> & {
  picked: { item: ReadyItem; agent: PoolAgent; token: string }[]
}

/** Who does what, in the policy's order; takes a free slot of each agent it picks. */
function chooseFor(
  policy: PoolPolicy,
  items: ReadyItem[],
  agents: PoolAgent[],
  now: number,
  random: () => number,
  limit: number,
): Chosen {
  const slots = () => agents.reduce((sum, agent) => sum + agent.free, 0)
  const picked: { item: ReadyItem; agent: PoolAgent; token: string }[] = []
  const waiting: ClaimPass['waiting'] = []
  let retryMs: number | undefined
  // Fairness counts what this pass starts, too. With hundreds of free slots everybody is served and the order matters less.
  const reorder = slots() <= 32
  let queue = policy.order(items, now)
  while (queue.length > 0 && picked.length < limit) {
    const item = queue.shift()!
    const choice = policy.choose(item, agents, now, random)
    if ('wait' in choice) {
      waiting.push({ id: item.id, reason: choice.wait, changed: item.waiting_reason !== choice.wait })
      retryMs = Math.min(retryMs ?? choice.retryMs, choice.retryMs)
      continue
    }
    choice.agent.free--
    picked.push({
      item,
      agent: choice.agent,
      token: choice.agent.transport === 'builtin' ? '' : `ct_${randomBytes(24).toString('base64url')}`,
    })
    if (reorder) {
      for (const other of queue) {
        if (other.subject === item.subject) other.runningInSubject++
        if (other.user_id === item.user_id) other.runningOfUser++
      }
      queue = policy.order(queue, now)
    }
    if (!agents.some((agent) => agent.free > 0)) {
      for (const rest of queue) {
        const waits = policy.choose(rest, agents, now, random)
        if ('wait' in waits) {
          waiting.push({ id: rest.id, reason: waits.wait, changed: rest.waiting_reason !== waits.wait })
          retryMs = Math.min(retryMs ?? waits.retryMs, waits.retryMs)
        }
      }
      break
    }
  }
  return { picked, waiting, retryMs }
}

/**
 * One pass of a pool: fair order, best agent, batch claim. Only one process passes at a time per pool (the caller holds its
 * advisory lock), so the loads that fairness reads are true; SKIP LOCKED keeps results and cancels from being waited for, and what
 * they hold is left out.
 */
export async function claimPass(
  tx: Tx,
  kernel: Kernel,
  policy: PoolPolicy,
  random: () => number,
  limit: number,
): Promise<ClaimPass> {
  const loads = await tx.query(LOADS, [policy.name])
  const { subjects, users } = loads.rows[0]!
  const living = await tx.query(AGENTS, [policy.name, policy.ttlSeconds])
  const agents: PoolAgent[] = living.rows.map((row) => ({
    id: row['id'],
    transport: row['transport'],
    endpoint: row['endpoint'],
    instance: row['transport'] === 'builtin' ? kernel.processId : row['instance'],
    capabilities: row['capabilities'],
    slots: row['slots'],
    free:
      row['reported_available'] || row['running'] > 0 || row['slots'] > 1
        ? Math.max(0, row['slots'] - row['running'])
        : 0,
    blockedUntil: row['blocked_until'] ? (row['blocked_until'] as Date).getTime() : 0,
    meta: row['meta'],
    executeToken: row['execute_token'] ?? undefined,
  }))
  const slots = () => agents.reduce((sum, agent) => sum + agent.free, 0)
  const now = kernel.clock.now()
  let lookAhead = Math.min(limit, slots()) + (slots() > 0 ? LOOK_AHEAD.free : LOOK_AHEAD.busy)
  let chosen: Chosen
  let seen: number
  for (;;) {
    const ready = await tx.query(READY, [policy.name, JSON.stringify(subjects), JSON.stringify(users), lookAhead])
    if (ready.rows.length === 0) return { claimed: [], retryMs: undefined, more: false, waiting: [] }
    seen = ready.rows.length
    chosen = chooseFor(policy, ready.rows.map(readyItem), agents, now, random, limit)
    // Work for those who are free may lie behind work for busy ones.
    if (chosen.picked.length > 0 || seen < lookAhead || lookAhead >= LOOK_AHEAD.busy) break
    lookAhead += LOOK_AHEAD.busy
  }
  const { picked, waiting, retryMs } = chosen
  const hash = (token: string) => (token ? createHash('sha256').update(token).digest('hex') : null)
  const changedWaits = waiting.filter((wait) => wait.changed)
  if (changedWaits.length > 0)
    await tx.query(
      `update kernel.assignments a set waiting_reason = w.reason, waiting_since = now()
         from unnest($1::text[], $2::text[]) as w (id, reason) where a.id = w.id`,
      [changedWaits.map((wait) => wait.id), changedWaits.map((wait) => wait.reason)],
    )
  if (picked.length === 0) return { claimed: [], retryMs, more: false, waiting }

  const locked = await tx.query(LOCK, [picked.map(({ item }) => item.id)])
  const isLocked = new Set(locked.rows.filter((row) => row['status'] === 'ready').map((row) => row['id']))
  const taking = picked.filter(({ item }) => isLocked.has(item.id))
  const { rows } = await tx.query<GivenAssignment>(CLAIM, [
    taking.map(({ item }) => item.id),
    taking.map(({ agent }) => agent.id),
    taking.map(({ agent }) => agent.instance),
    taking.map(({ token }) => hash(token)),
    taking.map(({ agent }) => agent.transport === 'builtin'),
    policy.defaultTimeoutSeconds,
    policy.leaseMarginSeconds,
    kernel.processId,
  ])
  const byId = new Map(rows.map((row) => [row.id, row]))
  const claimed = taking.flatMap(({ item, agent, token }) => {
    const assignment = byId.get(item.id)
    return assignment ? [{ assignment, agent, token }] : []
  })
  const perAgent = new Map<string, number>()
  for (const { agent } of claimed) perAgent.set(agent.id, (perAgent.get(agent.id) ?? 0) + 1)
  await tx.query(
    `update kernel.agents a set running = a.running + g.n from unnest($2::text[], $3::int[]) as g (id, n) where a.pool = $1 and a.id = g.id`,
    [policy.name, [...perAgent.keys()], [...perAgent.values()]],
  )
  const more = slots() > 0 && (seen === lookAhead || picked.length === limit)
  return { claimed, retryMs, more, waiting }
}
