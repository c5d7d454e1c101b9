// The request generator that the API and its floor share: open loop (a request goes out when it is due) and closed loop.
import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from './rows.ts'

export type Summary = { load: string; requests: number; per_second: number; errors: number } & Record<
  'p50_ms' | 'p95_ms' | 'p99_ms' | 'max_ms',
  number
>
type Request = (i: number) => Promise<{ status: number }>

function summary(load: string, ms: readonly number[], errors: number, seconds: number): Summary {
  const at = (share: number) => Number(quantile(ms, share).toFixed(1))
  return {
    load,
    requests: ms.length,
    per_second: Math.round(ms.length / seconds),
    errors,
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
    max_ms: at(1),
  }
}

/** Latency runs from the moment a request was due, so that a stall counts for every request it delays. */
export async function openLoop(request: Request, users: number, seconds: number): Promise<Summary> {
  const ms: number[] = []
  let errors = 0
  const open: Promise<void>[] = []
  const started = performance.now()
  for (let i = 0; i < seconds * users; i++) {
    const due = started + (i * 1_000) / users
    const early = due - performance.now()
    if (early > 0) await sleep(early)
    open.push(
      request(i).then(
        ({ status }) => {
          ms.push(performance.now() - due)
          if (status >= 400) errors++
        },
        () => void errors++,
      ),
    )
  }
  await Promise.all(open)
  return summary(`${users} users at 1 request/s, 80 % reads`, ms, errors, (performance.now() - started) / 1000)
}

/** Each user sends the next request when the answer is there. */
export async function closedLoop(request: Request, users: number, seconds: number): Promise<Summary> {
  const ms: number[] = []
  let errors = 0
  let next = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: users }, async () => {
      while (performance.now() - started < seconds * 1000) {
        const sent = performance.now()
        const { status } = await request(next++)
        ms.push(performance.now() - sent)
        if (status >= 400) errors++
      }
    }),
  )
  return summary(`closed loop, ${users} users, 80 % reads`, ms, errors, (performance.now() - started) / 1000)
}
