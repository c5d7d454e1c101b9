import type { Kernel } from '../kernel.ts'
import type { Assignment } from './plan-types.ts'
import type { PoolPolicy } from './pool.ts'

const TIMEOUT_MS = 5_000

/** Asks an HTTP agent to stop. Best effort: its next heartbeat says so again, and a late result changes nothing. */
export async function tellAgentToStop(kernel: Kernel, policy: PoolPolicy, assignment: Assignment): Promise<void> {
  if (!assignment.agent_id || !policy.cancelRequest) return
  const { rows } = await kernel.db.query(
    'select endpoint, execute_token from kernel.agents where pool = $1 and id = $2',
    [policy.name, assignment.agent_id],
  )
  const endpoint = rows[0]?.['endpoint']
  if (!endpoint) return
  const token = rows[0]!['execute_token'] ?? kernel.config.core.apiToken
  try {
    await fetch(`${endpoint.replace(/\/$/, '')}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(policy.cancelRequest(assignment)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    })
  } catch (error) {
    kernel.log.info(
      { agent: assignment.agent_id, assignment: assignment.id, error: (error as Error).message },
      'agent could not be told to stop',
    )
  }
}
