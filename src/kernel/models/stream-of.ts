import type { Delta } from './types.ts'

/**
 * A call with a callback for deltas as an iteration. `result` settles with the call; breaking off the iteration aborts it. Whoever does not iterate must
 * await `result`.
 */
export function streamOf<T>(
  run: (onDelta: (delta: Delta) => void, signal: AbortSignal) => Promise<T>,
  outer: AbortSignal | undefined,
) {
  const stop = new AbortController()
  const queue: Delta[] = []
  let ended = false
  let wake = Promise.withResolvers<void>()
  const signal = outer ? AbortSignal.any([outer, stop.signal]) : stop.signal
  const result = run((delta) => {
    queue.push(delta)
    wake.resolve()
  }, signal)
  result
    .catch(() => undefined) // whoever awaits `result` sees it
    .finally(() => {
      ended = true
      wake.resolve()
    })
  async function* deltas(): AsyncGenerator<Delta> {
    try {
      for (;;) {
        const next = queue.shift()
        if (next) yield next
        else if (ended) return
        else {
          await wake.promise
          wake = Promise.withResolvers<void>()
        }
      }
    } finally {
      if (!ended) stop.abort(new Error('the reader of the stream went away'))
    }
  }
  return { deltas: deltas(), result }
}
