import { setTimeout as wait } from 'node:timers/promises'
import { guardedFetch } from '../tools/guarded-fetch.ts'
import type { GuardedFetchError } from '../tools/guarded-fetch-error.ts'
import type { Resolver } from '../tools/resolve-guarded.ts'
import type { Delivery } from './delivery.ts'
import { signWebhook } from './webhook-signature.ts'

export type WebhookMessage = {
  /** The same for every attempt: receivers drop what they know. */
  id: string
  type: string
  data: unknown
  /** When it happened, not when it is sent. */
  at: Date
}
export type WebhookTarget = {
  url: string
  /** The newest first. None: unsigned. */
  secrets: readonly string[]
  /** Addresses of the operator may be private; those that users gave may not. */
  allowPrivate: boolean
  headers?: Record<string, string>
}
export type WebhookDeps = {
  /** In all. Default 4. */
  attempts?: number
  timeoutMs?: number
  now?: () => number
  random?: () => number
  sleep?: (ms: number) => Promise<void>
  signal?: AbortSignal
  resolver?: Resolver
}

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000
/** Answers that may be different next time; 410 and other refusals are final. */
const TRANSIENT = new Set([408, 409, 425, 429])

type Attempted = { delivered: boolean; transient: boolean; status?: number; error?: string; pauseMs?: number }

async function attempt(
  message: WebhookMessage,
  target: WebhookTarget,
  deps: WebhookDeps,
  nowMs: number,
): Promise<Attempted> {
  const body = JSON.stringify({ type: message.type, timestamp: message.at.toISOString(), data: message.data })
  try {
    const answer = await guardedFetch(target.url, {
      method: 'POST',
      headers: {
        ...target.headers,
        'content-type': 'application/json',
        'idempotency-key': message.id,
        ...(target.secrets.length > 0 && signWebhook(target.secrets, message.id, nowMs, body)),
      },
      body,
      allowPrivate: target.allowPrivate,
      maxRedirects: 0, // a redirect would send the signed body elsewhere
      maxBytes: 100_000,
      timeoutMs: deps.timeoutMs ?? 10_000,
      ...(deps.signal && { signal: deps.signal }),
      ...(deps.resolver && { resolver: deps.resolver }),
    })
    const { status } = answer
    if (status >= 200 && status < 300) return { delivered: true, transient: false, status }
    const seconds = Number(answer.headers['retry-after'])
    return {
      delivered: false,
      transient: TRANSIENT.has(status) || status >= 500,
      status,
      error: `the receiver answered ${status}`,
      ...(seconds > 0 && { pauseMs: seconds * 1000 }),
    }
  } catch (error) {
    deps.signal?.throwIfAborted()
    const { code, message: text, transient } = error as GuardedFetchError
    if (code === 'RESPONSE_TOO_LARGE') return { delivered: true, transient: false } // it took the message; its answer does not matter
    return { delivered: false, transient: transient ?? false, error: text }
  }
}

/**
 * Sends one signed message (Standard Webhooks) through the guarded door. Repeats what may pass (no answer, 408, 409, 425, 429, 5xx) with growing pauses and
 * Retry-After. Never throws but for the caller's abort: the outcome says whether trying again later makes sense.
 */
export async function sendWebhook(
  message: WebhookMessage,
  target: WebhookTarget,
  deps: WebhookDeps = {},
): Promise<Delivery> {
  const {
    attempts = 4,
    now = Date.now,
    random = Math.random,
    sleep = (ms) => wait(ms, undefined, deps.signal ? { signal: deps.signal } : {}),
  } = deps
  for (let number = 1; ; number++) {
    const result = await attempt(message, target, deps, now())
    const outcome: Delivery = {
      channel: 'webhook',
      id: message.id,
      delivered: result.delivered,
      transient: result.transient,
      attempts: number,
      ...(result.status !== undefined && { status: result.status }),
      ...(result.error !== undefined && { error: result.error }),
    }
    if (result.delivered || !result.transient || number >= attempts) return outcome
    const pause = FIRST_PAUSE_MS * 2 ** (number - 1) * (0.8 + 0.4 * random())
    await sleep(Math.min(LONGEST_PAUSE_MS, Math.max(pause, result.pauseMs ?? 0)))
  }
}
