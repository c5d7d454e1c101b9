/** At most `max` pieces of work at a time, in the order of arrival. Waiting ends when the signal fires. */
export function limitConcurrency(max: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    signal?.throwIfAborted()
    if (running >= max) await turnOf(waiting, signal)
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

function turnOf(waiting: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onAbort = () => {
    const at = waiting.indexOf(go)
    if (at >= 0) waiting.splice(at, 1)
    reject(signal?.reason)
  }
  const go = () => {
    signal?.removeEventListener('abort', onAbort)
    resolve()
  }
  waiting.push(go)
  signal?.addEventListener('abort', onAbort, { once: true })
  return promise
}
