// Following orders by transaction: a cursor on a serial or a ULID misses rows whose transactions commit late (E10).
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reader } from '../db/database.ts'
import type { Notifier } from '../db/notifier.ts'
import { EVENT_COLUMNS } from './pg-reader.ts'
import type { Cursor } from './reader.ts'
import type { TroupeEvent } from './schema.ts'

const BATCH = 500
const POLL_MS = 1_000
/** While rows are committed but a longer transaction holds the horizon back, look again this soon. */
const BEHIND_MS = 20
const RETRY_MS = 500

type Row = TroupeEvent & { tx_text: string; n: number }

/** `tx-n` of the newest row that no running transaction can still precede. */
export async function currentCursor(db: Reader): Promise<Cursor> {
  const { rows } = await db.query(`select (pg_snapshot_xmin(pg_current_snapshot()))::text as tx`)
  return `${BigInt(rows[0]!.tx) - 1n}-9223372036854775807`
}

function parseCursor(cursor: Cursor): [string, string] {
  const match = /^(\d{1,20})-(\d{1,19})$/.exec(cursor)
  if (!match) throw new RangeError(`not an event cursor: ${cursor}`)
  return [match[1]!, match[2]!]
}

export async function readAfter(
  db: Reader,
  cursor: Cursor,
): Promise<{ events: TroupeEvent[]; cursor: Cursor; full: boolean; behind: boolean }> {
  const [tx, n] = parseCursor(cursor)
  const { rows } = await db.query<Row>(
    {
      name: 'kernel.events.follow',
      text: `select ${EVENT_COLUMNS}, tx::text as tx_text, n from kernel.events e
              where (e.tx, e.n) > ($1::text::xid8, $2::bigint) and e.tx < pg_snapshot_xmin(pg_current_snapshot())
              order by e.tx, e.n limit ${BATCH}`,
    },
    [tx, n],
  )
  const last = rows.at(-1)
  const events = rows.map(({ tx_text: _tx, n: _n, ...event }) => event)
  const next = last ? `${last.tx_text}-${last.n}` : cursor
  let behind = false
  if (rows.length < BATCH) {
    const [nextTx, nextN] = parseCursor(next)
    const left = await db.query(
      {
        name: 'kernel.events.behind',
        // Ordered: without it the planner expects a third of the table to match and reads it from its beginning.
        text: 'select 1 from kernel.events where (tx, n) > ($1::text::xid8, $2::bigint) order by tx, n limit 1',
      },
      [nextTx, nextN],
    )
    behind = left.rows.length > 0
  }
  return { events, cursor: next, full: rows.length === BATCH, behind }
}

export async function* followEvents(
  db: Reader,
  notifier: Notifier,
  from: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<{ events: TroupeEvent[]; cursor: Cursor }> {
  let wake: (() => void) | undefined
  let touched = false
  const off = notifier.on('events', () => {
    touched = true
    wake?.()
  })
  const pause = (ms: number) =>
    touched
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', done)
            wake = undefined
            resolve()
          }
          const timer = setTimeout(done, ms)
          signal.addEventListener('abort', done, { once: true })
          wake = done
        })
  try {
    let cursor = from
    while (!signal.aborted) {
      touched = false
      try {
        cursor ??= await currentCursor(db)
        const read = await readAfter(db, cursor)
        cursor = read.cursor
        if (read.events.length > 0) yield { events: read.events, cursor }
        if (read.full) continue
        if (read.behind) await sleep(BEHIND_MS)
        else await pause(POLL_MS)
      } catch (error) {
        if (error instanceof RangeError) throw error
        if (signal.aborted) return
        await sleep(RETRY_MS) // the database is away: the cursor stands, nothing is missed
      }
    }
  } finally {
    off()
  }
}
