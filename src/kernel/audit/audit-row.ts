import { createHash } from 'node:crypto'
import { z } from 'zod'

/** Who did what, with which key, to what, before and after. */
export const AuditRow = z.object({
  n: z.number().int(),
  id: z.string(),
  at: z.string(),
  actor_id: z.string(),
  actor_name: z.string(),
  actor_kind: z.string(),
  key_id: z.string().nullable(),
  source: z.string(),
  action: z.string(),
  target_kind: z.string().nullable(),
  target_id: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  outcome: z.number().int(),
  correlation_id: z.string(),
})
export type AuditRow = z.infer<typeof AuditRow>

export const AuditSeal = z.object({
  no: z.number().int(),
  from_n: z.number().int(),
  to_n: z.number().int(),
  rows: z.number().int(),
  first_at: z.string().nullable(),
  last_at: z.string().nullable(),
  rows_hash: z.string(),
  previous: z.string(),
  seal: z.string(),
  sealed_at: z.string(),
})
export type AuditSeal = z.infer<typeof AuditSeal>

/** The start of the chain. */
export const GENESIS = '0'.repeat(64)

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** JSON with sorted keys: the same value has one text on every machine. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value && typeof value === 'object')
    return `{${Object.keys(value)
      .sort()
      .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
      .map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`)
      .join(',')}}`
  return JSON.stringify(value ?? null)
}

/** SHA-256 of a row's content; its number is not part, since the database gives it. */
export const digestOf = (row: Omit<AuditRow, 'n'>): string => sha256(canonical({ ...row, n: undefined }))

/** Collects the rows of a batch in their order. */
export function createRowsHash(): { add(row: AuditRow): void; count: () => number; hex: () => string } {
  const hash = createHash('sha256')
  let count = 0
  return {
    add(row) {
      hash.update(`${row.n}:${digestOf(row)}\n`)
      count++
    },
    count: () => count,
    hex: () => hash.copy().digest('hex'),
  }
}

/** A seal is the hash of what it covers and of the seal before it: changing one changes all that follow. */
export const sealOf = (seal: Pick<AuditSeal, 'no' | 'from_n' | 'to_n' | 'rows' | 'rows_hash' | 'previous'>): string =>
  sha256([seal.no, seal.from_n, seal.to_n, seal.rows, seal.rows_hash, seal.previous].join('|'))
