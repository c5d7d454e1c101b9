import type { Reader, Tx } from '../../kernel/db/database.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Delta } from '../../kernel/models/types.ts'
import { displayNameOf } from '../agents/team.ts'
import type { AgentName } from '../schema.ts'
import { summaryStream } from './summary-stream.ts'

const EVERY_MS = 80
const KEPT = 1_000

export type Chunk = { n: number; body: Record<string, unknown> }

/**
 * Hands an agent's text on as it is written: pieces of at most a few words a time, kept until the whole message is stored. The last
 * 1 000 of a session are kept (contract 2.13).
 */
export function chunkWriter(kernel: Kernel, sessionId: string, agent: AgentName, messageId: string) {
  let read = summaryStream()
  let waiting = ''
  let restarted = false
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<unknown> = Promise.resolve()
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (waiting === '' && !restarted) return
    const body = {
      message_id: messageId,
      role: 'agent',
      content: waiting,
      message: waiting,
      final: false,
      agent_name: displayNameOf(agent),
      state: 'responding',
      ...(restarted ? { restart: true } : {}),
    }
    waiting = ''
    restarted = false
    writing = writing
      .then(() =>
        kernel.db.query(
          `with added as (insert into planning.session_chunks (session_id, message_id, body) values ($1, $2, $3) returning n)
           delete from planning.session_chunks where session_id = $1 and n <= (select n - ${KEPT} from added)`,
          [sessionId, messageId, JSON.stringify(body)],
        ),
      )
      .then(() => kernel.notifier.touch('planning-session', sessionId))
      .catch((error: Error) => kernel.log.debug({ error: error.message }, 'a streamed piece was lost'))
  }
  return {
    onDelta(delta: Delta) {
      if (delta.kind === 'restart') {
        read = summaryStream()
        waiting = ''
        restarted = true
      } else if (delta.kind === 'text') waiting += read(delta.text)
      timer ??= setTimeout(flush, EVERY_MS)
    },
    async end() {
      flush()
      await writing
    },
  }
}

/** Pieces after the given one, in order. */
export async function chunksAfter(reader: Reader, sessionId: string, n: number): Promise<Chunk[]> {
  const { rows } = await reader.query(
    'select n, body from planning.session_chunks where session_id = $1 and n > $2 order by n',
    [sessionId, n],
  )
  return rows.map((row) => ({ n: Number(row['n']), body: row['body'] as Record<string, unknown> }))
}

/** The whole message is there, or will never be: its pieces go. */
export const dropChunks = (tx: Tx, sessionId: string): Promise<unknown> =>
  tx.query('delete from planning.session_chunks where session_id = $1', [sessionId])
