import type { Tx } from '../../kernel/db/database.ts'

/** The next number of a scope, from 1, never given twice. Rolls back with the transaction. */
export async function nextNumber(tx: Tx, scope: string): Promise<number> {
  const { rows } = await tx.query<{ last: number }>(
    `insert into planning.sequences (scope, last) values ($1, 1)
     on conflict (scope) do update set last = sequences.last + 1 returning last`,
    [scope],
  )
  return rows[0]!.last
}

/** `{prefix}-{parent}-001`. */
export async function nextId(tx: Tx, prefix: string, parent: string): Promise<string> {
  const scope = `${prefix}-${parent}`
  return `${scope}-${String(await nextNumber(tx, scope)).padStart(3, '0')}`
}
