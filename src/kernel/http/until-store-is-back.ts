import { setTimeout as sleep } from 'node:timers/promises'
import { isConnectionError } from '../db/database.ts'

const LOOK_MS = 250
/** Below the 30 s that a caller may wait before it asks again (task contract 10.1). */
const LONGEST_MS = 25_000

/**
 * A call of another program that is safe to repeat is carried out once the store is back, instead of being sent away to come again later: after
 * a long outage it would wait for half a minute more. Gives up after 25 s, or when `isOver` says that nobody waits for the answer.
 */
export async function untilStoreIsBack<T>(call: () => Promise<T>, isOver: () => boolean): Promise<T> {
  const end = performance.now() + LONGEST_MS
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!isConnectionError(error) || isOver() || performance.now() > end) throw error
      await sleep(LOOK_MS)
    }
  }
}
