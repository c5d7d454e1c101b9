import { EventEmitter } from 'node:events'
import type { Config } from './config/load-config.ts'
import type { Db } from './db/database.ts'
import { createNotifier } from './db/notifier.ts'
import { createPgEventReader } from './events/pg-reader.ts'
import { ulid } from './events/ulid.ts'
import type { Clock, DomainHooks, Kernel, Log, Part, Transient } from './kernel.ts'

export type KernelOptions = {
  config: Config
  db: Db
  log: Log
  clock?: Clock
  mask?: (text: string) => string
  hooks?: ReadonlyMap<string, DomainHooks>
  parts?: Record<string, unknown>
}

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

/** `corr-20251002-k3f9z`: the day tells where to look, the token which one. */
function correlationId(now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '')
  const bytes = crypto.getRandomValues(new Uint8Array(10))
  return `corr-${day}-${[...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')}`
}

export function createKernel(options: KernelOptions): Kernel {
  const { config, db, log } = options
  const clock = options.clock ?? { now: Date.now }
  const processId = `proc_${ulid()}`
  const notifier = createNotifier(db, processId, (error) =>
    log.warn({ error: error.message }, 'notifications interrupted'),
  )
  const bus = new EventEmitter()
  bus.setMaxListeners(0)
  const parts = new Map(Object.entries(options.parts ?? {}))
  return {
    config,
    db,
    log,
    clock,
    notifier,
    processId,
    events: createPgEventReader(db, notifier),
    hooks: options.hooks ?? new Map(),
    newId: (prefix) => (prefix === 'corr' ? correlationId(clock.now()) : `${prefix}_${ulid().toLowerCase()}`),
    mask: options.mask ?? ((text) => text),
    publish: (message) => void bus.emit('transient', message),
    onTransient: (listener: (message: Transient) => void) => {
      bus.on('transient', listener)
      return () => void bus.off('transient', listener)
    },
    use<T>(wanted: Part<T>): T {
      if (!parts.has(wanted.name)) throw new Error(`kernel part "${wanted.name}" is not installed in this process`)
      return parts.get(wanted.name) as T
    },
  }
}
