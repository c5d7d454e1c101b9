// Wakes other processes without NOTIFY inside writing transactions (E9): keys are collected after commit and one
// pg_notify goes out at most every 10 ms. A lost notification costs latency only: every listener also sweeps.
import type pg from 'pg'
import type { Db } from './database.ts'

const CHANNEL = 'troupe'
const COALESCE_MS = 10
const MAX_PAYLOAD = 7_500
const RECONNECT_MS = 250

export type Listener = (keys: readonly string[]) => void

export type Notifier = {
  /** Tells this process at once and the others within 10 ms that something under `topic` changed. Call it after commit. */
  touch(topic: string, key?: string): void
  /** Local only: for what is transient and known to concern this process. */
  on(topic: string, listener: Listener): () => void
  start(): Promise<void>
  close(): Promise<void>
}

export function createNotifier(db: Db, processId: string, onError: (error: Error) => void): Notifier {
  const listeners = new Map<string, Set<Listener>>()
  const pending = new Map<string, Set<string>>()
  let timer: NodeJS.Timeout | undefined
  let client: pg.PoolClient | undefined
  let closed = false
  let sending: Promise<unknown> = Promise.resolve()

  const deliver = (topic: string, keys: readonly string[]) => {
    for (const listener of listeners.get(topic) ?? []) listener(keys)
  }

  const flush = () => {
    timer = undefined
    const topics = [...pending]
    pending.clear()
    const payloads = topics.map(([topic, keys]) => {
      const payload = JSON.stringify([processId, topic, [...keys]])
      return payload.length > MAX_PAYLOAD ? JSON.stringify([processId, topic, []]) : payload
    })
    sending = db.query(`select pg_notify('${CHANNEL}', p) from unnest($1::text[]) p`, [payloads]).catch(onError)
  }

  async function listen(): Promise<void> {
    const connected = await db.connect()
    client = connected
    let gone = false
    const drop = (error?: Error) => {
      if (gone) return
      gone = true
      if (client === connected) {
        client = undefined
        connected.release(true)
      }
      if (!closed) {
        if (error) onError(error)
        setTimeout(relisten, RECONNECT_MS)
      }
    }
    connected.on('error', drop)
    connected.on('end', () => drop())
    connected.on('notification', ({ payload }) => {
      const [from, topic, keys] = JSON.parse(payload ?? '[]') as [string, string, string[]]
      if (from !== processId) deliver(topic, keys)
    })
    await connected.query(`listen ${CHANNEL}`)
    for (const topic of listeners.keys()) deliver(topic, []) // whatever was missed while not listening
  }
  const relisten = () => {
    if (closed) return
    listen().catch((error: Error) => {
      onError(error)
      setTimeout(relisten, RECONNECT_MS)
    })
  }

  return {
    touch(topic, key) {
      if (closed) return
      deliver(topic, key === undefined ? [] : [key])
      const keys = pending.get(topic) ?? new Set()
      if (key !== undefined) keys.add(key)
      pending.set(topic, keys)
      timer ??= setTimeout(flush, COALESCE_MS)
    },
    on(topic, listener) {
      const set = listeners.get(topic) ?? new Set()
      set.add(listener)
      listeners.set(topic, set)
      return () => void set.delete(listener)
    },
    start: listen,
    async close() {
      closed = true
      if (timer) {
        clearTimeout(timer)
        flush()
      }
      await sending
      const listening = client
      client = undefined
      listening?.release(true)
    },
  }
}
