const IDLE_MS = 1_000

/**
 * What a step left behind is collected when the agent has been free for a second, instead of when the heap is next short: an agent
 * may stay free for days. Does nothing in a process without `--expose-gc`.
 */
export function createMemoryReturn(): { busy(): void; free(): void } {
  const collect = (globalThis as { gc?: () => void }).gc
  let timer: NodeJS.Timeout | undefined
  return {
    busy: () => clearTimeout(timer),
    free() {
      clearTimeout(timer)
      if (collect) timer = setTimeout(collect, IDLE_MS).unref()
    },
  }
}
