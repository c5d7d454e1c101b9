import type { Ctx } from '../../kernel/context.ts'
import type { Db, Reader } from '../../kernel/db/database.ts'

const ROLE = 'troupe_planning_reader'
const guarded = new WeakMap<Db, Promise<boolean>>()

/** Whether this database lets us read under the role of the policies. Asked once. */
function canGuard(db: Db): Promise<boolean> {
  const known =
    guarded.get(db) ??
    db
      .query(`select 1 from pg_roles where rolname = '${ROLE}' and pg_has_role(current_user, oid, 'SET')`)
      .then(({ rowCount }) => rowCount === 1)
  guarded.set(db, known)
  return known
}

/**
 * Reads contracts, budget decisions and their versions of one event as the row policies allow: rows of other events do not exist for
 * `read`, and budget decisions only with `money`. Where the role is missing the checks in code stand alone.
 */
export async function readAs<T>(
  ctx: Ctx,
  eventId: string,
  money: boolean,
  read: (reader: Reader) => Promise<T>,
): Promise<T> {
  const { db } = ctx.kernel
  if (!(await canGuard(db))) return read(db)
  return db.transaction(async (tx) => {
    await tx.query(
      `select set_config('planning.event', $1, true), set_config('planning.money', $2, true), set_config('role', '${ROLE}', true)`,
      [eventId, money ? 'yes' : 'no'],
    )
    return read(tx)
  })
}
