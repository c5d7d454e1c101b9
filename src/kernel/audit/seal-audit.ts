import type { Db, Tx } from '../db/database.ts'
import type { Kernel } from '../kernel.ts'
import { type AuditSeal, createRowsHash, GENESIS, sealOf } from './audit-row.ts'
import { lastSeal, rowsBetween } from './store.ts'

const LOCK = 7_310_009
const EVERY_MS = 60_000

/**
 * Takes the step towards the next seal that is due at `now`, in two parts, so that no row can come late into a sealed batch. First a border is set
 * at the newest row; when every transaction that was open then is over, the rows below the border are sealed. A border is set when an
 * hour has begun since the last seal, or at once with `force`. Two processes never seal the same batch.
 */
export async function sealAudit(db: Db, now: Date, force = false): Promise<AuditSeal | undefined> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK])
    const last = await lastSeal(tx)
    const from = (last?.to_n ?? 0) + 1
    const border = await borderOf(tx, from, now, force)
    if (!border) return undefined
    const { rows: open } = await tx.query(
      `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
          and xact_start <= (select at from kernel.audit_border) and backend_xid is not null limit 1`,
    )
    if (open.length > 0) return undefined
    const hash = createRowsHash()
    let [first, latest]: [string | null, string | null] = [null, null]
    for await (const row of rowsBetween(tx, from, border)) {
      hash.add(row)
      first ??= row.at
      latest = row.at
    }
    const body = {
      no: (last?.no ?? 0) + 1,
      from_n: from,
      to_n: border,
      rows: hash.count(),
      rows_hash: hash.hex(),
      previous: last?.seal ?? GENESIS,
    }
    await tx.query(
      `insert into kernel.audit_seals (no, from_n, to_n, rows, first_at, last_at, rows_hash, previous, seal, sealed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [body.no, from, border, body.rows, first, latest, body.rows_hash, body.previous, sealOf(body), now],
    )
    await tx.query('delete from kernel.audit_border')
    return lastSeal(tx)
  })
}

/** The border that stands, or the one that is due now; undefined when there is nothing to seal yet. */
async function borderOf(tx: Tx, from: number, now: Date, force: boolean): Promise<number | undefined> {
  const { rows: set } = await tx.query('select to_n from kernel.audit_border')
  if (set[0]) return set[0]['to_n'] as number
  const { rows } = await tx.query('select max(n) as top, min(at) as first from kernel.audit_rows where n >= $1', [from])
  const top = rows[0]?.['top'] as number | null
  if (top === null || top === undefined) return undefined
  const hourBegan = new Date(now)
  hourBegan.setUTCMinutes(0, 0, 0)
  if (!force && (rows[0]!['first'] as Date) >= hourBegan) return undefined
  await tx.query('insert into kernel.audit_border (to_n, at) values ($1, clock_timestamp())', [top])
  // Rows of a transaction that began before this moment may still come below the border.
  return top
}

/** Seals at once what is there, waiting for transactions in flight. Undefined when nothing is unsealed. */
export async function sealNow(db: Db, now: () => Date): Promise<AuditSeal | undefined> {
  for (let tries = 0; tries < 600; tries++) {
    const seal = await sealAudit(db, now(), true)
    if (seal) return seal
    const { rows } = await db.query('select 1 from kernel.audit_border')
    if (rows.length === 0) return undefined
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('A transaction has been open for a minute: the audit rows before it cannot be sealed yet')
}

/** Seals each finished hour while the server runs. */
export function startSealing(kernel: Kernel): () => Promise<void> {
  let busy: Promise<unknown> = Promise.resolve()
  const look = () => {
    busy = sealAudit(kernel.db, new Date(kernel.clock.now())).catch((error: Error) =>
      kernel.log.warn({ error: error.message }, 'the audit could not be sealed, trying again in a minute'),
    )
  }
  const timer = setInterval(look, EVERY_MS)
  timer.unref()
  look()
  return async () => {
    clearInterval(timer)
    await busy
  }
}
