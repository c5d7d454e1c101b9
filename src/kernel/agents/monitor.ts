// What nobody else notices: dead agents, claims whose dispatcher died, attempts over their limit, work no agent can do.
import { isConnectionError } from '../db/database.ts'
import type { Kernel } from '../kernel.ts'
import type { PoolPolicy } from './pool.ts'
import { markDead } from './registry.ts'
import { failAssignment, requeue } from './requeue.ts'
import { settleClock, watchClock } from './settle-clock.ts'
import { tellAgentToStop } from './stop-work.ts'

export type Monitor = { stop(): Promise<void>; readonly running: boolean }

/** One look at a pool. Idempotent; several processes may look at once. `ahead`: seconds by which the clock jumped since the last look. */
export async function monitorPass(kernel: Kernel, policy: PoolPolicy, ahead = 0): Promise<void> {
  await settleClock(kernel, policy, ahead)
  const { rows: dead } = await kernel.db.query(
    `select 1 from kernel.agents where pool = $1 and transport = 'http' and dead_at is null and seen_at < now() - make_interval(secs => $2) limit 1`,
    [policy.name, policy.ttlSeconds],
  )
  if (dead.length > 0) await markDead(kernel, policy)
  const { rows: expired } = await kernel.db.query(
    `select id, attempt, accepted_at, agent_id, timeout_seconds, extract(epoch from now() - started_at)::float8 as seconds, capabilities
       from kernel.assignments where pool = $1 and status = 'running' and lease_until < now() order by lease_until limit 200`,
    [policy.name],
  )
  for (const row of expired) {
    if (!row['accepted_at']) {
      await kernel.db.transaction((tx) =>
        requeue(tx, kernel, policy, row['id'], row['attempt'], {
          kind: 'unreachable',
          reason: 'the claim was not resolved in time',
        }),
      )
      continue
    }
    const limit = row['timeout_seconds'] ?? policy.defaultTimeoutSeconds
    const failed = await kernel.db.transaction((tx) =>
      failAssignment(
        tx,
        kernel,
        policy,
        row['id'],
        `TIMEOUT: exceeded ${limit} s`,
        'timed_out',
        Math.max(0.001, row['seconds']),
      ),
    )
    if (failed) await tellAgentToStop(kernel, policy, failed)
  }
  const { rows: hopeless } = await kernel.db.query(
    `select id, capabilities from kernel.assignments where pool = $1 and status = 'ready' and waiting_reason = 'no_capable_agent'
        and waiting_since < now() - make_interval(secs => $2) limit 200`,
    [policy.name, policy.noAgentSeconds],
  )
  for (const row of hopeless)
    await kernel.db.transaction((tx) =>
      failAssignment(
        tx,
        kernel,
        policy,
        row['id'],
        `NO_CAPABLE_AGENT: no living agent has any of ${row['capabilities'].join(', ')}: start one that has, then retry`,
      ),
    )
}

export function startMonitor(kernel: Kernel, policy: PoolPolicy, everyMs = 5_000): Monitor {
  let stopped = false
  let alive = true
  let busy: Promise<void> | undefined
  let lastPass = performance.now()
  const clock = watchClock(kernel)
  const look = () => {
    if (busy || stopped) return
    busy = clock
      .ahead()
      .then((ahead) => {
        // While the store was away agents could not beat and results could not be stored: that time counts for nobody.
        const away = alive ? 0 : (performance.now() - lastPass) / 1000
        return monitorPass(kernel, policy, Math.max(ahead, away))
      })
      .then(
        () => {
          alive = true
          lastPass = performance.now()
        },
        (error: Error) => {
          alive = !isConnectionError(error)
          kernel.log.warn({ error: error.message, pool: policy.name }, 'monitor pass failed, trying again')
        },
      )
      .finally(() => (busy = undefined))
  }
  const timer = setInterval(look, everyMs)
  look()
  return {
    get running() {
      return alive && !stopped
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await busy
    },
  }
}
