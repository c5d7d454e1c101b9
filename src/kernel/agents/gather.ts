import { setTimeout as sleep } from 'node:timers/promises'
import { isConnectionError } from '../db/database.ts'
import type { Kernel } from '../kernel.ts'
import { restMs } from './rest.ts'

/** Answers in the order of its items, or throws and has done nothing. */
type Batch<S, T, R> = (kernel: Kernel, scope: S, items: readonly T[]) => Promise<R[]>

const MAX_ITEMS = 1_000

export type GatherOptions = {
  /** Rests after a batch of several items, so that a stream makes larger ones. */
  rests?: boolean
}

/**
 * Group commit: what arrives for a scope (a pool, say) while a batch is on its way makes up the next one, so that a burst costs a few transactions
 * instead of one each, and a lone item waits for nobody. A batch that fails for another reason than its connection is tried again
 * item by item, so that only what is at fault fails.
 */
export function gather<S extends object, T, R>(
  run: Batch<S, T, R>,
  { rests = false }: GatherOptions = {},
): (kernel: Kernel, scope: S, item: T) => Promise<R> {
  type Waiting = { item: T; resolve(value: R): void; reject(error: unknown): void }
  type Line = { waiting: Waiting[]; running: boolean }
  const lines = new WeakMap<Kernel, WeakMap<S, Line>>()

  const settle = async (kernel: Kernel, scope: S, batch: readonly Waiting[]): Promise<void> => {
    try {
      const values = await run(
        kernel,
        scope,
        batch.map(({ item }) => item),
      )
      for (const [i, { resolve }] of batch.entries()) resolve(values[i]!)
    } catch (error) {
      if (batch.length === 1 || isConnectionError(error)) for (const { reject } of batch) reject(error)
      else for (const one of batch) await settle(kernel, scope, [one])
    }
  }
  const work = async (kernel: Kernel, scope: S, line: Line): Promise<void> => {
    line.running = true
    while (line.waiting.length > 0) {
      const began = performance.now()
      const batch = line.waiting.splice(0, MAX_ITEMS)
      await settle(kernel, scope, batch)
      if (rests && batch.length > 1) await sleep(restMs(began))
    }
    line.running = false
  }
  return (kernel, scope, item) =>
    new Promise<R>((resolve, reject) => {
      let ofKernel = lines.get(kernel)
      if (!ofKernel) lines.set(kernel, (ofKernel = new WeakMap()))
      let line = ofKernel.get(scope)
      if (!line) ofKernel.set(scope, (line = { waiting: [], running: false }))
      line.waiting.push({ item, resolve, reject })
      if (line.running) return
      line.running = true
      // After the other callbacks of this turn: results that ended together start as one batch.
      setImmediate(() => void work(kernel, scope, line))
    })
}
