import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

/** How a stand-in misbehaves; everything off is a service as the contract has it. */
export const Faults = z.object({
  /** Every answer takes this much longer. */
  slow_ms: z.number().min(0).default(0),
  /** So many of the next calls are answered with `fail_status`. */
  fail_next: z.int().min(0).default(0),
  fail_status: z.int().min(400).max(599).default(503),
  /** With failures: tells when to come again. */
  retry_after: z.number().min(0).nullable().default(null),
  /** Calls are taken and never answered. */
  hang: z.boolean().default(false),
  /** Answers with something that is no JSON. */
  garbage: z.boolean().default(false),
})
export type Faults = z.infer<typeof Faults>
export const noFaults = (): Faults => Faults.parse({})

export type Fault = { kind: 'status'; status: number; retryAfter: number | null } | { kind: 'garbage' | 'hang' } | null

/** What is to happen to this call; counts down. */
export async function nextFault(faults: Faults): Promise<Fault> {
  if (faults.slow_ms > 0) await sleep(faults.slow_ms)
  if (faults.hang) return { kind: 'hang' }
  if (faults.garbage) return { kind: 'garbage' }
  if (faults.fail_next <= 0) return null
  faults.fail_next--
  return { kind: 'status', status: faults.fail_status, retryAfter: faults.retry_after }
}
