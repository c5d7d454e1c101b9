import { setTimeout as sleep } from 'node:timers/promises'
import { beforeCommit } from '../db/before-commit.ts'
import { isConnectionError, isStoreAway } from '../db/database.ts'
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
 * path or body is IDEMPOTENCY_KEY_REUSED. Only 2xx JSON answers are kept. A first call that was cut off is run again when it had changed
 * nothing; when it had, nobody knows its answer, and a repeat is told so instead of doing it twice.
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
         created_at = now(), begun_at = null, status = null, content_type = null, body = null
         where i.created_at < now() - interval '${IDEMPOTENCY_HOURS} hours' or (i.status is null and i.begun_at is null and i.created_at < now() - ${ABANDONED})
       returning key`,
      [caller, key, path, bodyHash, kernel.processId],
    )
    if (claimed.rowCount === 1) return first(kernel, call)
    const { rows } = await kernel.db.query(
      `select path, body_hash, status, body, begun_at is not null and created_at < now() - ${ABANDONED} as cut_off
         from kernel.idempotency where caller = $1 and key = $2`,
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
    if (found.cut_off)
      throw new AppError(
        'IDEMPOTENCY_KEY_REUSED',
        `The call with Idempotency-Key "${key}" was cut off after it had begun: see whether it took effect, and use a new key if not`,
        { key, outcome: 'unknown' },
      )
    await sleep(WAIT_MS)
  }
}

async function first(kernel: Kernel, { caller, key, run, repeatAnswer }: Call): Promise<HttpReply> {
  let isOver = false
  try {
    const answer = await beforeCommit.run(async (tx) => {
      // What the request set going in the background is no part of it.
      if (!isOver)
        await tx.query(
          'update kernel.idempotency set begun_at = now() where caller = $1 and key = $2 and begun_at is null',
          [caller, key],
        )
    }, run)
    isOver = true
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
    isOver = true
    if (isConnectionError(error) || isStoreAway(error)) await freeUnbegun(kernel, caller, key)
    else await free(kernel, caller, key)
    throw error
  }
}

const free = (kernel: Kernel, caller: string, key: string) =>
  kernel.db.query('delete from kernel.idempotency where caller = $1 and key = $2 and status is null', [caller, key])

/** The connection died, or there was no space for the answer: whether the last commit took place is written in the row, if anywhere. While the database is away, time frees the key. */
async function freeUnbegun(kernel: Kernel, caller: string, key: string): Promise<void> {
  try {
    await kernel.db.query(
      'delete from kernel.idempotency where caller = $1 and key = $2 and status is null and begun_at is null',
      [caller, key],
    )
  } catch (error) {
    if (!isConnectionError(error) && !isStoreAway(error)) throw error
    kernel.log.warn({ key }, 'an idempotency key could not be freed: it is in two minutes')
  }
}
