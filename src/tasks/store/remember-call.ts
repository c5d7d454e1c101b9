import type { Tx } from '../../kernel/db/database.ts'
import type { Kernel } from '../../kernel/kernel.ts'

/** Acts once per call id of an assignment; a repetition gets the first answer. Without an id it just acts. */
export async function rememberCall<T>(
  kernel: Kernel,
  assignmentId: string,
  callId: string | undefined,
  act: (tx: Tx) => Promise<T>,
): Promise<T> {
  return kernel.db.transaction(async (tx) => {
    if (!callId) return act(tx)
    const claimed = await tx.query(
      'insert into tasks.agent_calls (assignment_id, call_id, answer) values ($1, $2, $3) on conflict do nothing',
      [assignmentId, callId, 'null'],
    )
    if (claimed.rowCount === 0) {
      const { rows } = await tx.query(
        'select answer from tasks.agent_calls where assignment_id = $1 and call_id = $2',
        [assignmentId, callId],
      )
      return rows[0]!['answer'] as T
    }
    const answer = await act(tx)
    await tx.query('update tasks.agent_calls set answer = $3 where assignment_id = $1 and call_id = $2', [
      assignmentId,
      callId,
      JSON.stringify(answer ?? null),
    ])
    return answer
  })
}
