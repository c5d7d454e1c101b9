import type { Reader } from '../db/database.ts'
import { type AuditRow, type AuditSeal, createRowsHash, GENESIS, sealOf } from './audit-row.ts'
import { listSeals, rowsBetween } from './store.ts'

export type AuditProblem = { seal: number; problem: string }
export type AuditReport = {
  ok: boolean
  seals: number
  rows: number
  /** Rows newer than the last seal; they will be sealed when their hour is over. */
  unsealed: number
  /** The end of the chain: kept elsewhere, it proves later that nothing before it was changed. */
  head: string
  problems: AuditProblem[]
}

type Batch = AsyncIterable<AuditRow> | Iterable<AuditRow>

/** What is wrong with one seal and its rows, given the seal before. */
async function checkSeal(seal: AuditSeal, before: AuditSeal | undefined, rows: Batch): Promise<AuditProblem[]> {
  const problems: AuditProblem[] = []
  const tell = (problem: string) => problems.push({ seal: seal.no, problem })
  if (seal.no !== (before?.no ?? 0) + 1) tell(`seal ${(before?.no ?? 0) + 1} is missing`)
  if (seal.previous !== (before?.seal ?? GENESIS)) tell('it is not chained to the seal before it')
  if (seal.from_n !== (before?.to_n ?? 0) + 1) tell('it does not begin where the seal before it ended')
  if (sealOf(seal) !== seal.seal) tell('the seal itself was changed')
  const hash = createRowsHash()
  for await (const row of rows) hash.add(row)
  if (hash.count() !== seal.rows) tell(`${seal.rows} rows were sealed, ${hash.count()} are there`)
  else if (hash.hex() !== seal.rows_hash) tell('a row was changed after it was sealed')
  return problems
}

/** Recomputes every seal from the rows and checks the chain. */
export async function verifyAudit(db: Reader): Promise<AuditReport> {
  const seals = await listSeals(db)
  const problems: AuditProblem[] = []
  let before: AuditSeal | undefined
  for (const seal of seals) {
    problems.push(...(await checkSeal(seal, before, rowsBetween(db, seal.from_n, seal.to_n))))
    before = seal
  }
  const { rows } = await db.query('select count(*)::int as open from kernel.audit_rows where n > $1', [
    before?.to_n ?? 0,
  ])
  return {
    ok: problems.length === 0,
    seals: seals.length,
    rows: seals.reduce((sum, seal) => sum + seal.rows, 0),
    unsealed: Number(rows[0]?.['open'] ?? 0),
    head: before?.seal ?? GENESIS,
    problems,
  }
}

/** The same check of an exported file, without a database: lines of `{"row": …}` and `{"seal": …}`. */
export async function verifyExport(lines: AsyncIterable<string> | Iterable<string>): Promise<AuditReport> {
  const problems: AuditProblem[] = []
  let before: AuditSeal | undefined
  let batch: AuditRow[] = []
  let [seals, total] = [0, 0]
  for await (const line of lines) {
    if (line.trim() === '') continue
    const entry = JSON.parse(line) as { row?: AuditRow; seal?: AuditSeal }
    if (entry.row) batch.push(entry.row)
    if (!entry.seal) continue
    // A part of the chain begins with the seal before it, as a given.
    const start = seals === 0 && entry.seal.no > 1 && !before ? startOf(entry.seal) : before
    problems.push(...(await checkSeal(entry.seal, start, batch)))
    before = entry.seal
    seals++
    total += batch.length
    batch = []
  }
  return {
    ok: problems.length === 0 && seals > 0,
    seals,
    rows: total,
    unsealed: batch.length,
    head: before?.seal ?? GENESIS,
    problems: seals === 0 ? [{ seal: 0, problem: 'the file holds no seal' }] : problems,
  }
}

const startOf = (first: AuditSeal): AuditSeal => ({
  ...first,
  no: first.no - 1,
  to_n: first.from_n - 1,
  seal: first.previous,
})

/** Seals with their rows as lines of JSON, then the rows not sealed yet. */
export async function* exportAudit(db: Reader, range: { from?: string; to?: string } = {}): AsyncGenerator<string> {
  const inRange = (seal: AuditSeal) =>
    (!range.from || (seal.last_at ?? '') >= range.from) && (!range.to || (seal.first_at ?? '') < range.to)
  const seals = (await listSeals(db)).filter(inRange)
  for (const seal of seals) {
    for await (const row of rowsBetween(db, seal.from_n, seal.to_n)) yield `${JSON.stringify({ row })}\n`
    yield `${JSON.stringify({ seal })}\n`
  }
  if (range.to) return
  const top = (await listSeals(db)).at(-1)?.to_n ?? 0
  for await (const row of rowsBetween(db, top + 1, Number.MAX_SAFE_INTEGER)) yield `${JSON.stringify({ row })}\n`
}
