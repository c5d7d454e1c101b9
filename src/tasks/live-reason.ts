import { findAssignment } from '../kernel/agents/assignment-store.ts'
import { overReason } from '../kernel/agents/heartbeat.ts'
import type { Assignment } from '../kernel/agents/plan-types.ts'
import type { Kernel } from '../kernel/kernel.ts'

/** Why an attempt has ended meanwhile; undefined while it runs. */
export async function liveReason(
  kernel: Kernel,
  { id, attempt }: Pick<Assignment, 'id' | 'attempt'>,
): Promise<string | undefined> {
  const now = await findAssignment(kernel.db, id)
  return now && now.status === 'running' && now.attempt === attempt ? undefined : overReason(now, attempt)
}
