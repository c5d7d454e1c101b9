import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { parseIntoClientConfig } from 'pg-connection-string'
import { beforeCommit } from './before-commit.ts'

// Exact types: bigint columns as numbers while safe, numeric stays text unless a store says otherwise, dates stay text.
const SAFE = BigInt(Number.MAX_SAFE_INTEGER)
pg.types.setTypeParser(20, (value) => {
  const big = BigInt(value)
  return big <= SAFE && big >= -SAFE ? Number(big) : value
})
pg.types.setTypeParser(1082, (value) => value) // date: 'YYYY-MM-DD'
// timestamptz: sessions speak UTC, whose text is ISO 8601 but for the blank; what is not (infinity, BC) goes the library's way.
const parseTimestamp = pg.types.getTypeParser(1184) as (text: string) => unknown
pg.types.setTypeParser(1184, (text) =>
  text.length >= 22 && text.length <= 29 && text.endsWith('+00')
    ? new Date(`${text.slice(0, 10)}T${text.slice(11, Math.min(23, text.length - 3))}Z`)
    : parseTimestamp(text),
)

export type Row = Record<string, any>
export type Result<R> = { rows: R[]; rowCount: number }

/** Reads only. `text` is the whole statement; a `name` makes it a prepared one on each connection. */
export interface Reader {
  query<R extends Row = Row>(
    text: string | { name: string; text: string },
    values?: readonly unknown[],
  ): Promise<Result<R>>
}

/** An open transaction. What must happen only when it commits goes into `afterCommit`. */
export interface Tx extends Reader {
  readonly inTransaction: true
  afterCommit(action: () => void): void
}

export interface Db extends Reader {
  /**
   * Commits when `work` resolves, rolls back when it throws. Serialisation failures and deadlocks are tried again, 5 times at most, each time
   * after a longer pause of random length: without one the same two meet again.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** A connection of its own for LISTEN, session locks and cursors; release() it. */
  connect(): Promise<pg.PoolClient>
  readonly pool: pg.Pool
  close(): Promise<void>
}

export type TransactionOptions = { readOnly?: boolean; isolation?: 'repeatable read' | 'serializable' }

export type DbOptions = {
  url: string
  max: number
  applicationName: string
  /** Fetched for each new connection, e.g. an Entra ID token. */
  password?: () => Promise<string>
  statementTimeoutMs?: number
  /** Commits do not wait for the disk: what a crash of PostgreSQL may take away must be known elsewhere. */
  relaxedCommits?: boolean
  onError?: (error: Error) => void
}

const RETRY_STATES = new Set(['40001', '40P01'])
const MAX_TRIES = 5
const PAUSE_MS = 10

/** The connection failed or was refused, so nothing is known to be wrong with the statement. */
export function isConnectionError(error: unknown): boolean {
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string }
  if (code && /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)/.test(code)) return true
  if (code && /^(08|57P0)/.test(code)) return true
  return /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
    message,
  )
}

const fromStore = new WeakSet<object>()
const DISK_FULL = '53100'

/** The store could not carry out a statement for now: it is away, or has no space left. False for other services that are away. */
export function isStoreAway(error: unknown): boolean {
  for (let one = error; typeof one === 'object' && one !== null; one = (one as { cause?: unknown }).cause)
    if (fromStore.has(one)) return true
  return false
}

async function ofStore<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (isConnectionError(error) || (error as { code?: string }).code === DISK_FULL) fromStore.add(error as object)
    throw error
  }
}

/** A connection string's own password, even none, wins over the setting beside it: a fetched one needs the string in its parts. */
function connectionOf({ url, password }: DbOptions): pg.PoolConfig {
  if (!password) return { connectionString: url }
  const { password: _none, ...parts } = parseIntoClientConfig(url)
  return { ...parts, password }
}

const STARTING_UP = '57P03'

/** Waits for a server that is starting up or recovering, 60 s at most. Every other failure is thrown at once. */
export async function untilAccepting(db: Reader, limitMs = 60_000): Promise<void> {
  const end = Date.now() + limitMs
  for (;;) {
    try {
      await db.query('select 1')
      return
    } catch (error) {
      if ((error as { code?: string }).code !== STARTING_UP || Date.now() > end) throw error
      await sleep(200)
    }
  }
}

/** Kept open when nothing happens. */
const MIN_CONNECTIONS = 2

export function openDb(options: DbOptions): Db {
  const pool = new pg.Pool({
    ...connectionOf(options),
    max: options.max,
    min: Math.min(MIN_CONNECTIONS, options.max),
    application_name: options.applicationName,
    statement_timeout: options.statementTimeoutMs ?? 60_000,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    ...(options.relaxedCommits ? { onConnect: (client) => client.query('set synchronous_commit = off') } : {}),
  })
  // A connection in somebody's hands that dies between two statements: the next statement says so. Unheard, it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', (error) => options.onError?.(error)) // an idle connection that dies is replaced by the pool

  const run = async (
    client: pg.Pool | pg.PoolClient,
    text: string | { name: string; text: string },
    values?: readonly unknown[],
  ) => {
    const config =
      typeof text === 'string' ? { text, values: values as unknown[] } : { ...text, values: values as unknown[] }
    const result = await ofStore(client.query(config))
    return { rows: result.rows, rowCount: result.rowCount ?? 0 }
  }

  async function once<T>(work: (tx: Tx) => Promise<T>, { readOnly, isolation }: TransactionOptions): Promise<T> {
    const client = await ofStore(pool.connect())
    const after: (() => void)[] = []
    let broken: Error | undefined
    const onBroken = (error: Error) => (broken = error)
    client.on('error', onBroken)
    try {
      await ofStore(
        client.query(`begin${isolation ? ` isolation level ${isolation}` : ''}${readOnly ? ' read only' : ''}`),
      )
      const tx: Tx = {
        inTransaction: true,
        afterCommit: (action) => void after.push(action),
        query: (text, values) => run(client, text, values) as any,
      }
      const value = await work(tx)
      if (!readOnly) await beforeCommit.getStore()?.(tx)
      await ofStore(client.query('commit'))
      client.off('error', onBroken)
      client.release(broken)
      for (const action of after) action()
      return value
    } catch (error) {
      await client.query('rollback').catch((rollbackError: Error) => (broken ??= rollbackError))
      client.off('error', onBroken)
      client.release(broken)
      throw error
    }
  }

  return {
    pool,
    query: (text, values) => run(pool, text, values) as any,
    async transaction(work, transactionOptions = {}) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(work, transactionOptions)
        } catch (error) {
          if (!RETRY_STATES.has((error as { code?: string }).code ?? '') || attempt >= MAX_TRIES) throw error
          await sleep(PAUSE_MS * 2 ** attempt * (0.5 + Math.random()))
        }
      }
    },
    connect: () => pool.connect(),
    close: () => pool.end(),
  }
}
