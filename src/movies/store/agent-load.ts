import type { Tx } from '../../kernel/db/database.ts'
import type { EngineTask } from '../engine/engine-state.ts'

/** An agent that was free when it was chosen has been taken or has gone: the claim is given up and tried again. */
export class AgentTakenError extends Error {
  readonly agentId: string
  constructor(agentId: string) {
    super(`agent ${agentId} has no room`)
    this.name = 'AgentTakenError'
    this.agentId = agentId
  }
}

export type Outcome = {
  agentId: string
  ok: boolean
  seconds: number
  quality: number | null
  errorType: string | null
}

const TAKE = {
  name: 'movies.agents.take',
  text: `update movies.agents set running = running + $2, last_used_at = now(),
           status = case when running + $2 >= max_concurrent_tasks then 'busy' else status end
          where agent_id = $1 and status = 'available' and running + $2 <= max_concurrent_tasks returning agent_id`,
}
const GIVE_BACK = {
  name: 'movies.agents.give-back',
  text: `update movies.agents set running = greatest(0, running - $2),
           status = case when status = 'busy' and greatest(0, running - $2) < max_concurrent_tasks then 'available' else status end
          where agent_id = $1`,
}

const running = (tasks: readonly EngineTask[]) => {
  const counts = new Map<string, number>()
  for (const t of tasks)
    if (t.status === 'running' && t.agent_id) counts.set(t.agent_id, (counts.get(t.agent_id) ?? 0) + 1)
  return counts
}

/** Keeps the load of the agents equal to the tasks that run on them. Agents are taken in one order, so nobody deadlocks. */
export async function writeAgentLoad(tx: Tx, before: readonly EngineTask[], after: readonly EngineTask[]) {
  const [was, is] = [running(before), running(after)]
  for (const id of [...new Set([...was.keys(), ...is.keys()])].sort()) {
    const change = (is.get(id) ?? 0) - (was.get(id) ?? 0)
    if (change > 0) {
      const { rows } = await tx.query(TAKE, [id, change])
      if (!rows[0]) throw new AgentTakenError(id)
    } else if (change < 0) await tx.query(GIVE_BACK, [id, -change])
  }
}

// Moving averages: 0.8 old, 0.2 new (contract 3.2); the success rate looks at the last 100 outcomes.
const RECORD = {
  name: 'movies.agents.record',
  text: `update movies.agents set
      outcomes = (array_append(outcomes, $2))[greatest(1, cardinality(outcomes) + 2 - 100):],
      average_execution_time = case when cardinality(outcomes) = 0 then $3::float8 else 0.8 * average_execution_time + 0.2 * $3::float8 end,
      performance_score = case when $4::float8 is null then performance_score else 0.8 * performance_score + 0.2 * $4::float8 end,
      reliability_score = 0.8 * reliability_score + 0.2 * (case when $2 then 100 else 0 end),
      error_count = case when $2 then 0 else error_count + 1 end,
      updated_at = now()
    where agent_id = $1 returning error_count, status, builtin`,
}
export const ERROR_LIMIT = 5

/** Adds outcomes to the agents' figures. Answers the agents that went over the error limit and are offline now. */
export async function recordOutcomes(
  tx: Tx,
  outcomes: readonly Outcome[],
): Promise<{ agentId: string; from: string }[]> {
  const out: { agentId: string; from: string }[] = []
  for (const o of [...outcomes].sort((a, b) => (a.agentId < b.agentId ? -1 : 1))) {
    const { rows } = await tx.query(RECORD, [o.agentId, o.ok, o.seconds, o.quality])
    const row = rows[0]
    if (!row || row['builtin'] || row['error_count'] <= ERROR_LIMIT || row['status'] === 'offline') continue
    await tx.query(
      `update movies.agents set status = 'offline', offline_reason = 'errors', updated_at = now() where agent_id = $1`,
      [o.agentId],
    )
    out.push({ agentId: o.agentId, from: row['status'] })
  }
  return out
}
