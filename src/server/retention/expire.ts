// What a retention takes away, over all domains. Kept whatever the time: events that are planned with their artifacts and decisions, the
// sealed audit, settings, keys, agents; and all work that has not ended.
import type { Kernel } from '../../kernel/kernel.ts'
import type { Expired, Module } from '../../kernel/module.ts'
import { expireRuns } from '../../kernel/runs/expire-runs.ts'

const DAY_MS = 86_400_000
/** Rows that belong to no domain, by the column that says how old they are. */
const ROWS = [
  {
    what: 'messages to the outside, sent or given up',
    table: 'kernel.outbox',
    old: `status <> 'pending' and created_at < $1`,
  },
  { what: 'A2A tasks', table: 'kernel.a2a_tasks', old: 'updated_at < $1' },
  { what: 'model calls', table: 'kernel.model_calls', old: 'created_at < $1' },
  { what: 'processes that are gone', table: 'kernel.processes', old: 'taken_at < $1' },
] as const

/**
 * Removes what ended before `before`; with `dry` it only counts. What it answers is counted before anything is removed, since a domain takes
 * its runs with it. Repeating it after a kill ends what was begun.
 */
export async function expire(
  kernel: Kernel,
  modules: readonly Module[],
  before: Date,
  { dry }: { dry: boolean },
): Promise<Expired[]> {
  const counted = await pass(kernel, modules, before, true)
  if (!dry) await pass(kernel, modules, before, false)
  return counted
}

async function pass(kernel: Kernel, modules: readonly Module[], before: Date, dry: boolean): Promise<Expired[]> {
  const expired: Expired[] = []
  for (const module of modules) expired.push(...((await module.expire?.(kernel, before, dry)) ?? []))
  expired.push(...(await expireRuns(kernel, before, dry)))
  for (const { what, table, old } of ROWS) {
    const { rows } = await kernel.db.query(`select count(*)::int as n from ${table} where ${old}`, [before])
    expired.push({ what, count: rows[0]!['n'] as number })
    if (!dry) await kernel.db.query(`delete from ${table} where ${old}`, [before])
  }
  return expired
}

export const daysBefore = (kernel: Kernel, days: number): Date => new Date(kernel.clock.now() - days * DAY_MS)
