// One loop per pool and process. A pass is one transaction under the pool's advisory lock; the pushes to agents happen after it.
// An item is never lost: a claim has a lease, and what nobody resolves within it returns to the queue (monitor.ts).
import { setTimeout as sleep } from 'node:timers/promises'
import { isConnectionError } from '../db/database.ts'
import type { Kernel } from '../kernel.ts'
import { prerequisiteOutputs } from './assignment-store.ts'
import { type Claimed, claimPass } from './claim.ts'
import { announce, reportResult } from './complete.ts'
import type { AttemptResult } from './plan-types.ts'
import type { PoolPolicy } from './pool.ts'
import { pushAssignment } from './push.ts'
import { restMs } from './rest.ts'
import { returnUnknownClaims } from './return-claims.ts'

const IDLE_MS = 1_000
const BATCH = 1_000
const STOP_LOOK_MS = 500
const LOCK_CLASS = 7_310_100

export type DispatcherOptions = {
  kernel: Kernel
  policy: PoolPolicy
  callbackBase: string
  executeToken: string | undefined
  random?: () => number
  idleMs?: number
}
export type Dispatcher = { stop(): Promise<void>; readonly running: boolean }

const lockKey = (pool: string) => [...pool].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) | 0, 7)

export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { kernel, policy } = options
  const random = options.random ?? Math.random
  let stopped = false
  let wake: (() => void) | undefined
  let touched = false
  let alive = true
  const inFlight = new Set<Promise<void>>()
  /** `assignment/attempt` of all that this process works on, from the claim to the stored end. */
  const held = new Set<string>()
  let isDoubtful = false
  const builtin = new Map<string, AbortController>()

  const off = kernel.notifier.on('assignments', (keys) => {
    if (keys.length > 0 && !keys.includes(policy.name)) return
    touched = true
    wake?.()
  })

  /** Stored however long the database is away; once this process stops, the lease brings the work back. */
  const report = async (result: Parameters<typeof reportResult>[2]) => {
    for (;;) {
      try {
        await reportResult(kernel, policy, result)
        return
      } catch (error) {
        if (!isConnectionError(error) || stopped) throw error
        await sleep(200)
      }
    }
  }

  const runBuiltin = async ({ assignment, agent }: Claimed) => {
    const controller = new AbortController()
    const key = `${assignment.id}/${assignment.attempt}`
    builtin.set(key, controller)
    const started = performance.now()
    const seconds = () => Math.max(0.001, (performance.now() - started) / 1000)
    const limit = assignment.timeout_seconds ?? policy.defaultTimeoutSeconds
    const timer = setTimeout(() => controller.abort(new Error(`TIMEOUT: exceeded ${limit} s`)), limit * 1000)
    let result: AttemptResult
    try {
      if (!policy.run) throw new Error(`pool ${policy.name} has no builtin agents`)
      result = await policy.run(kernel, assignment, agent.id, controller.signal)
    } catch (error) {
      const message = (error as Error).message
      result = {
        status: 'failed',
        error: /^[A-Z_]+: /.test(message) ? message : `INTERNAL: ${message}`,
        executionTime: seconds(),
      }
    } finally {
      clearTimeout(timer)
      builtin.delete(key)
    }
    await report({ assignmentId: assignment.id, attempt: assignment.attempt, result })
  }

  /** Work of builtin agents that was cancelled or taken away meanwhile, by any process, is told to stop. */
  let lookedAt = 0
  const stopTakenAway = async () => {
    if (builtin.size === 0 || performance.now() - lookedAt < STOP_LOOK_MS) return
    lookedAt = performance.now()
    const { rows } = await kernel.db.query(
      `select id || '/' || attempt as key from kernel.assignments where id = any ($1) and status = 'running'`,
      [[...builtin.keys()].map((key) => key.slice(0, key.lastIndexOf('/')))],
    )
    const running = new Set(rows.map((row) => row['key'] as string))
    for (const [key, controller] of builtin)
      if (!running.has(key)) controller.abort(new Error('CANCELLED: the work was cancelled or given to somebody else'))
  }

  const pass = async (): Promise<{ retryMs: number | undefined; more: boolean; isIdle: boolean }> => {
    const { claimed, retryMs, more, prerequisites } = await kernel.db.transaction(async (tx) => {
      const lock = await tx.query('select pg_try_advisory_xact_lock($1, $2) as held', [
        LOCK_CLASS,
        lockKey(policy.name),
      ])
      if (!lock.rows[0]!['held']) return { claimed: [], retryMs: 50, more: false, prerequisites: new Map() }
      const result = await claimPass(tx, kernel, policy, random, BATCH)
      const told = result.waiting.filter((wait) => wait.changed && wait.reason === 'no_capable_agent')
      if (told.length > 0 && policy.onChanges) {
        const { rows } = await tx.query('select * from kernel.assignments where id = any ($1)', [
          told.map((wait) => wait.id),
        ])
        await announce(
          tx,
          kernel,
          policy,
          new Map(),
          rows.map((assignment) => ({
            kind: 'waiting' as const,
            assignment: assignment as never,
            reason: 'no_capable_agent',
          })),
        )
      }
      const needs = result.claimed
        .filter(({ assignment }) => assignment.depends_on.length > 0)
        .map(({ assignment }) => assignment.id)
      return {
        ...result,
        prerequisites:
          needs.length > 0 ? await prerequisiteOutputs(tx, needs) : new Map<string, Record<string, unknown>>(),
      }
    })
    for (const item of claimed) {
      const key = `${item.assignment.id}/${item.assignment.attempt}`
      held.add(key)
      const work =
        item.agent.transport === 'builtin'
          ? runBuiltin(item)
          : pushAssignment(options, item, prerequisites.get(item.assignment.id) ?? {})
      const tracked: Promise<void> = work
        .catch((error: Error) => {
          isDoubtful ||= isConnectionError(error) // what became of the claim was not stored
          kernel.log.error({ error: error.stack, assignment: item.assignment.id }, 'dispatch failed')
        })
        .finally(() => {
          held.delete(key)
          inFlight.delete(tracked)
        })
      inFlight.add(tracked)
    }
    return { retryMs, more: more && claimed.length > 0, isIdle: claimed.length === 0 }
  }

  const loop = async () => {
    while (!stopped) {
      touched = false
      const began = performance.now()
      let pauseMs = options.idleMs ?? IDLE_MS
      try {
        await stopTakenAway()
        if (isDoubtful) await returnUnknownClaims(kernel, policy, held)
        isDoubtful = false
        const { retryMs, more, isIdle } = await pass()
        alive = true
        if (more) continue
        if (!isIdle) await sleep(restMs(began)) // each pass then hands out more
        pauseMs = Math.min(pauseMs, retryMs ?? pauseMs)
      } catch (error) {
        alive = !isConnectionError(error)
        isDoubtful ||= !alive
        kernel.log.warn({ error: (error as Error).message, pool: policy.name }, 'dispatch pass failed, trying again')
        pauseMs = 500
      }
      if (stopped) break
      if (!touched)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pauseMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      wake = undefined
    }
  }
  const done = loop()
  return {
    get running() {
      return alive && !stopped
    },
    async stop() {
      stopped = true
      off()
      wake?.()
      await done
      for (const controller of builtin.values()) controller.abort(new Error('CANCELLED: the server is stopping'))
      await Promise.allSettled(inFlight)
    },
  }
}
