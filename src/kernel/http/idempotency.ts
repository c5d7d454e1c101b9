import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, ValidationError } from '../errors/app-error.ts'
import type { Kernel } from '../kernel.ts'
import { HttpReply } from './route.ts'

export const IDEMPOTENCY_HOURS = 24
const WAIT_MS = 40
/** A first call that its process did not finish within this time counts as gone. */
const ABANDONED = "interval '2 minutes'"

type Call = {
  caller: string
  key: string
  path: string
  bodyHash: string
  run: () => Promise<HttpReply>
  /** What of the answer is kept for repeats. Default: all of it. */
  repeatAnswer?: (body: unknown) => unknown
}

/**
 * Same caller, key, path and body within 24 h: the first answer again; a repeat during the first call waits for it; another
 * path or body is IDEMPOTENCY_KEY_REUSED. Only 2xx JSON answers are kept.
 */
export async function withIdempotency(kernel: Kernel, call: Call): Promise<HttpReply> {
  const { caller, key, path, bodyHash } = call
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new ValidationError('Idempotency-Key must be 1 to 200 visible ASCII characters', [
      { field: 'Idempotency-Key', message: 'must be 1 to 200 visible ASCII characters' },
    ])
  for (;;) {
    const claimed = await kernel.db.query(
      `insert into kernel.idempotency as i (caller, key, path, body_hash, owner) values ($1, $2, $3, $4, $5)
       on conflict (caller, key) do update set path = excluded.path, body_hash = excluded.body_hash, owner = excluded.owner,
         created_at = now(), status = null, content_type = null, body = null
         where i.created_at < now() - interval '${IDEMPOTENCY_HOURS} hours' or (i.status is null and i.created_at < now() - ${ABANDONED})
       returning key`,
      [caller, key, path, bodyHash, kernel.processId],
    )
    if (claimed.rowCount === 1) return first(kernel, call)
    const { rows } = await kernel.db.query(
      'select path, body_hash, status, body from kernel.idempotency where caller = $1 and key = $2',
      [caller, key],
    )
    const found = rows[0]
    if (!found) continue // the first call failed and freed the key
    if (found.path !== path || found.body_hash !== bodyHash)
      throw new AppError(
        'IDEMPOTENCY_KEY_REUSED',
        `Idempotency-Key "${key}" was used with another path or body: use a new key`,
        { key },
      )
    if (found.status !== null)
      return new HttpReply(found.status, found.body === null ? undefined : JSON.parse(found.body.toString('utf8')), {
        'idempotent-replay': 'true',
      })
    await sleep(WAIT_MS)
  }
}

async function first(kernel: Kernel, { caller, key, run, repeatAnswer }: Call): Promise<HttpReply> {
  try {
    const answer = await run()
    if (answer.status < 200 || answer.status > 299) await free(kernel, caller, key)
    else
      await kernel.db.query('update kernel.idempotency set status = $3, body = $4 where caller = $1 and key = $2', [
        caller,
        key,
        answer.status,
        answer.body === undefined
          ? null
          : Buffer.from(JSON.stringify(repeatAnswer ? repeatAnswer(answer.body) : answer.body)),
      ])
    return answer
  } catch (error) {
    await free(kernel, caller, key)
    throw error
  }
}

const free = (kernel: Kernel, caller: string, key: string) =>
  kernel.db.query('delete from kernel.idempotency where caller = $1 and key = $2 and status is null', [caller, key])
