import { defineFlow, done, failed, holdFor } from '../../kernel/runs/flow.ts'
import type { WorkflowStatus } from '../schema.ts'
import { startWorkflow } from '../workflow/control-workflow.ts'
import { forkWorkflow, workflowBorders } from '../workflow/fork-workflow.ts'
import { workflowSteps } from './workflow-steps.ts'

export type WorkflowRunState = { workflow_id: string }

/** Name of the hold a run has while its workflow is not over. */
export const WORKFLOW_HOLD = 'workflow'

const statusOf = async (
  reader: { query(text: string, values: unknown[]): Promise<{ rows: Record<string, any>[] }> },
  id: string,
) => {
  const { rows } = await reader.query('select status, view from movies.workflows where workflow_id = $1', [id])
  return { status: rows[0]?.['status'] as WorkflowStatus | undefined, view: rows[0]?.['view'] }
}
const isOver = (status: WorkflowStatus | undefined) => status !== 'running' && status !== 'paused'

/**
 * A workflow as the platform sees it: one run that begins with it, waits, and ends with it. Each step of the workflow itself
 * is a transaction of its own (store/save-state.ts): the pure engine's transition and everything it caused are written
 * together or not at all, so there is nothing for a stage to repeat.
 */
export const workflowFlow = defineFlow<WorkflowRunState>({
  kind: 'movies.workflow',
  domain: 'movies',
  first: 'work@1',
  screen: ({ workflow_id }) => `/movies/${workflow_id}`,
  work: { steps: workflowSteps, borders: workflowBorders, fork: forkWorkflow },
  retry: async (ctx, { id, state }) => {
    await startWorkflow(ctx, state.workflow_id)
    return id
  },
  stages: {
    'work@1': async (run) =>
      holdFor(WORKFLOW_HOLD, 'end@1', undefined, async (tx) =>
        isOver((await statusOf(tx, run.state.workflow_id)).status),
      ),
    'end@1': async (run) => {
      const { status, view } = await run.write('look', async (tx) => statusOf(tx, run.state.workflow_id))
      if (!isOver(status))
        return holdFor(WORKFLOW_HOLD, 'end@1', undefined, async (tx) =>
          isOver((await statusOf(tx, run.state.workflow_id)).status),
        )
      const error = view?.error_details
      if (status === 'failed')
        return failed({ code: error?.error_type ?? 'FAILED', message: error?.error_message ?? 'The workflow failed' })
      return done({ workflow_id: run.state.workflow_id, status: status ?? 'removed' })
    },
  },
})
