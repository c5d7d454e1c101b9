import type { Ctx } from '../../kernel/context.ts'
import type { Reader } from '../../kernel/db/database.ts'
import { currentArtifacts } from '../engine/artifacts.ts'
import type { EngineState } from '../engine/engine-state.ts'
import { presentWorkflow } from '../present-workflow.ts'
import type { WorkflowResponse } from '../schema.ts'
import type { StoredWorkflow } from '../store/load-state.ts'

// Contents up to this size stand in the answer; larger ones are read through their location.
const INLINE_CHARS = 64 * 1024

/** A workflow with the contents of its single artifacts, and its place in the queue. */
export async function presentStored(ctx: Ctx, stored: StoredWorkflow): Promise<WorkflowResponse> {
  const { state, version } = stored
  const response = presentWorkflow(state, version, new Date(ctx.kernel.clock.now()).toISOString())
  addContents(response, state)
  return { ...response, queue_position: state.queued ? await queuePosition(ctx.kernel.db, state.workflow_id) : null }
}

function addContents(response: WorkflowResponse, s: EngineState) {
  for (const a of currentArtifacts(s)) {
    const reference = response.results[a.state]?.[a.name] as Record<string, unknown> | undefined
    if (!reference || a.index !== null || reference['artifact_id'] !== a.artifact_id) continue
    if (JSON.stringify(a.content).length <= INLINE_CHARS) reference['content'] = a.content
  }
}

/** 1 is next. Order: priority, then age. */
export async function queuePosition(reader: Reader, workflowId: string): Promise<number | null> {
  const { rows } = await reader.query(
    `select position from (
       select workflow_id, row_number() over (order by priority desc, created_at, workflow_id)::int as position
         from movies.workflows where queued and status = 'running') q where workflow_id = $1`,
    [workflowId],
  )
  return (rows[0]?.['position'] as number | undefined) ?? null
}
