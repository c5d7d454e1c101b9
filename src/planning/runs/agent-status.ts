import type { Kernel } from '../../kernel/kernel.ts'
import { isOnTeam } from '../agents/team.ts'
import { isoTime } from '../schema.ts'
import { notFound } from '../store/load-board.ts'

/** What an agent does now (72): in the given session, else in the one it was last active in. Without work it is idle. */
export async function agentStatus(kernel: Kernel, name: string, sessionId?: string) {
  if (!isOnTeam(name)) throw notFound('Agent', name)
  const { rows } = await kernel.db.query(
    `select id, a from planning.sessions, jsonb_array_elements(body -> 'agents') a
      where a ->> 'agent_name' = $1 and ($2::text is null or id = $2) order by (status = 'in_progress') desc, updated_at desc limit 1`,
    [name, sessionId ?? null],
  )
  const row = rows[0]?.['a'] as
    | { state: string; current_task: string | null; progress_percentage: number; updated_at: string }
    | undefined
  return {
    agent_name: name,
    state: row?.state ?? 'idle',
    current_task: row?.current_task ?? null,
    progress_percentage: row?.progress_percentage ?? 0,
    session_id: (rows[0]?.['id'] as string | undefined) ?? null,
    updated_at: row?.updated_at ?? isoTime(kernel.clock.now()),
  }
}
