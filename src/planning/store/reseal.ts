import { systemCtx } from '../../kernel/context.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { DEFINITIONS } from '../artifacts/definitions.ts'
import { tableOf } from './rows.ts'
import { needsSeal, openBody, SEALED_RECORDS, sealBody } from './sealed.ts'

const BATCH = 200

type Place = { table: string; id: string; where: string; fields: readonly string[] }

const SENSITIVE = DEFINITIONS.filter(({ sealed }) => sealed.length > 0)
const PLACES: readonly Place[] = [
  ...SENSITIVE.map((definition) => ({
    table: tableOf(definition),
    id: 'id',
    where: 'true',
    fields: definition.sealed,
  })),
  ...SENSITIVE.map(({ type, sealed }) => ({
    table: 'planning.artifact_versions',
    id: 'artifact_id',
    where: `artifact_type = '${type}'`,
    fields: sealed,
  })),
  ...Object.entries(SEALED_RECORDS).map(([name, fields]) => ({
    table: `planning.${name}`,
    id: 'id',
    where: 'true',
    fields,
  })),
]

/**
 * Seals what was stored in the open before, and seals anew what an earlier key sealed; versions and times stay. Returns how many rows
 * moved. Stopped half-way it goes on where it was at the next start.
 */
export async function resealStored(kernel: Kernel): Promise<number> {
  const ctx = systemCtx(kernel)
  let moved = 0
  for (const { table, id, where, fields } of PLACES) {
    for (let after = ''; ; ) {
      const { rows } = await kernel.db.query<{ at: string; id: string; body: Record<string, unknown> }>(
        `select ctid::text as at, ${id} as id, body from ${table} where ${where} and ${id} > $1 order by ${id} limit ${BATCH}`,
        [after],
      )
      for (const row of rows.filter(({ body }) => needsSeal(ctx, fields, body))) {
        // only the row that was read: a writer in between has sealed it already
        const { rowCount } = await kernel.db.query(
          `update ${table} set body = $1 where ctid = $2::tid and ${id} = $3`,
          [JSON.stringify(sealBody(ctx, row.id, fields, openBody(row.id, row.body))), row.at, row.id],
        )
        moved += rowCount ?? 0
      }
      if (rows.length < BATCH) break
      after = rows.at(-1)!.id
    }
  }
  return moved
}
