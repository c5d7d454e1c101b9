import type { FastifyReply } from 'fastify'
import { AppError } from '../errors/app-error.ts'

const WINDOW_MS = 60_000
const MAX_CALLERS = 10_000

export type Counted = { limit: number; remaining: number; resetAt: number; allowed: boolean; retryAfterSeconds: number }

/** Counts calls per caller in fixed minutes of the given clock. Each server process counts for itself: n servers let n times as many through. */
export class MinuteCounter {
  readonly #counts = new Map<string, { window: number; count: number }>()
  readonly #now: () => number
  constructor(now: () => number) {
    this.#now = now
  }
  count(caller: string, limit: number): Counted {
    const now = this.#now()
    const window = Math.floor(now / WINDOW_MS)
    const seen = this.#counts.get(caller)
    const count = seen?.window === window ? seen.count + 1 : 1
    if (!seen && this.#counts.size >= MAX_CALLERS)
      for (const [key, entry] of this.#counts) if (entry.window !== window) this.#counts.delete(key)
    this.#counts.set(caller, { window, count })
    const resetAt = (window + 1) * WINDOW_MS
    return {
      limit,
      remaining: Math.max(0, limit - count),
      resetAt,
      allowed: count <= limit,
      retryAfterSeconds: Math.max(1, Math.ceil((resetAt - now) / 1000)),
    }
  }
}

/** The headers that let a caller slow down before it is refused. */
export function tellLimit(reply: FastifyReply, { limit, remaining, resetAt }: Counted): void {
  reply.header('x-ratelimit-limit', String(limit))
  reply.header('x-ratelimit-remaining', String(remaining))
  reply.header('x-ratelimit-reset', String(Math.ceil(resetAt / 1000)))
}

/** Screens, health and metrics are never limited: they tell people what is wrong. */
export const isUnlimited = (url: string): boolean => /^\/(app(\/|$)|health|metrics|$|\?|docs)/.test(url)

export function refuseOver(counted: Counted, code = 'RATE_LIMITED'): void {
  if (counted.allowed) return
  throw new AppError(
    code,
    `More than ${counted.limit} calls in a minute: wait ${counted.retryAfterSeconds} s, then go on`,
    {
      limit: counted.limit,
      retry_after: counted.retryAfterSeconds,
    },
  )
}
