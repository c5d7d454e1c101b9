import type { Kernel } from '../../kernel/kernel.ts'
import type { MovieEvent } from '../schema.ts'
import { readStream } from '../workflow/read-events.ts'

const COALESCE_MS = 20
// Missed notifications cost latency only.
const SWEEP_MS = 1000
const PAGE = 500

export type Subscription = {
  stream: string
  /** Sequence of the last event sent. */
  last: number
  id: { workflow_id: string } | null
  send(event: MovieEvent): void
}

export type EventHub = {
  add(subscription: Subscription): void
  remove(subscription: Subscription): void
  stop(): void
}

/**
 * Sends every event of a stream to whoever follows it, in order and without gaps: the sequence of a stream is gapless and
 * belongs to the writing transaction, so reading what comes after the last one sent misses nothing.
 */
export function createEventHub(kernel: Kernel): EventHub {
  const byStream = new Map<string, Set<Subscription>>()
  let timer: NodeJS.Timeout | undefined
  let running = false
  let again = false

  const schedule = () => {
    if (byStream.size > 0) timer ??= setTimeout(run, COALESCE_MS)
  }
  const run = async () => {
    timer = undefined
    if (running) {
      again = true
      return
    }
    running = true
    try {
      await deliver()
    } catch (error) {
      kernel.log.debug({ error: (error as Error).message }, 'movie sockets wait for the store')
    } finally {
      running = false
      if (again) {
        again = false
        schedule()
      }
    }
  }
  const deliver = async () => {
    const streams = [...byStream.keys()]
    const { rows } = await kernel.db.query('select stream, seq from kernel.event_streams where stream = any ($1)', [
      streams,
    ])
    for (const row of rows) {
      const followers = [...(byStream.get(row['stream']) ?? [])].filter((s) => s.last < Number(row['seq']))
      if (followers.length > 0) await deliverStream(row['stream'], followers)
    }
  }
  const deliverStream = async (stream: string, followers: Subscription[]) => {
    const from = Math.min(...followers.map((s) => s.last))
    const events = await readStream(kernel.db, stream, from, PAGE, followers[0]!.id)
    for (const subscription of followers)
      for (const event of events)
        if (event.sequence > subscription.last) {
          subscription.last = event.sequence
          subscription.send(event)
        }
    if (events.length === PAGE) again = true
  }
  const off = kernel.notifier.on('events', schedule)
  const sweep = setInterval(schedule, SWEEP_MS)
  return {
    add(subscription) {
      const set = byStream.get(subscription.stream) ?? new Set()
      set.add(subscription)
      byStream.set(subscription.stream, set)
      schedule()
    },
    remove(subscription) {
      const set = byStream.get(subscription.stream)
      set?.delete(subscription)
      if (set?.size === 0) byStream.delete(subscription.stream)
    },
    stop() {
      off()
      clearInterval(sweep)
      if (timer) clearTimeout(timer)
    },
  }
}
