import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from './client.ts'
import type { Job, Kind } from './work.ts'

export type Load = {
  readonly jobs: readonly Job[]
  /** What was not as it must be. */
  readonly wrong: readonly string[]
  /** Jobs that ended as they must, by kind. */
  readonly ended: Readonly<Record<string, number>>
  /** No new jobs; resolves when those at work have ended. */
  stop(): Promise<void>
}

const LOOK_MS = 400

/**
 * Keeps so many jobs of each kind at work: starts one, moves it on until it has ended, looks at its result, starts the next. A job that has not
 * ended after `limitMs` is wrong.
 */
export function startLoad(client: Client, kinds: readonly Kind[], open: number, limitMs = 900_000): Load {
  const jobs: Job[] = []
  const wrong: string[] = []
  const ended: Record<string, number> = {}
  let stopped = false
  let n = 0
  async function keepBusy(kind: Kind): Promise<void> {
    while (!stopped) {
      const number = n++
      const found: string[] = []
      try {
        const job = await kind.start(client, number)
        jobs.push(job)
        const late = Date.now() + limitMs
        while (!(await kind.advance(client, job))) {
          if (Date.now() > late) throw new Error(`${job.id} has not ended after ${limitMs / 60_000} minutes`)
          await sleep(LOOK_MS)
        }
        found.push(...(await kind.problems(client, job)).map((problem) => `${job.id}: ${problem}`))
        ended[kind.name] = (ended[kind.name] ?? 0) + 1
      } catch (error) {
        found.push((error as Error).message)
      }
      for (const problem of found) {
        wrong.push(`${kind.name} ${number} ${problem}`)
        console.error(wrong.at(-1))
      }
    }
  }
  const busy = kinds.flatMap((kind) => Array.from({ length: open }, () => keepBusy(kind)))
  return {
    jobs,
    wrong,
    ended,
    async stop() {
      stopped = true
      await Promise.all(busy)
    },
  }
}
