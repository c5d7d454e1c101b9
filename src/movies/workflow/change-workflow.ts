import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { requireProject } from '../access.ts'
import { fail } from '../engine/fail-workflow.ts'
import { transition } from '../engine/transition.ts'
import type { Work } from '../engine/work.ts'
import type { WorkflowResponse } from '../schema.ts'
import { loadState, type StoredWorkflow } from '../store/load-state.ts'
import { type SaveOptions, saveState } from '../store/save-state.ts'
import { presentStored } from './present-stored.ts'

export const nowOf = (ctx: Ctx) => new Date(ctx.kernel.clock.now()).toISOString()

/**
 * Locks a workflow for the rest of the transaction. One whose stored state does not fit its signature is failed with
 * INTEGRITY_ERROR first: nothing may run on a state that somebody else has written.
 */
export async function lockWorkflow(tx: Tx, ctx: Ctx, id: string): Promise<StoredWorkflow> {
  const stored = (await loadState(ctx.kernel, tx, id, 'wait'))!
  requireProject(ctx, stored.state.project_id)
  return stored.tampered ? failTampered(tx, ctx, stored) : stored
}

export const failTampered = (tx: Tx, ctx: Ctx, stored: StoredWorkflow): Promise<StoredWorkflow> =>
  saveState(
    tx,
    ctx,
    stored,
    transition(stored.state, nowOf(ctx), (w) =>
      fail(
        w,
        'INTEGRITY_ERROR',
        'The stored state does not fit its signature; restore a checkpoint, then start it',
        null,
      ),
    ),
  )

/**
 * Fails a tampered workflow in a transaction of its own, before a request is looked at: refusing the request would roll
 * the failure back with it.
 */
export async function failIfTampered(ctx: Ctx, id: string): Promise<void> {
  const seen = await loadState(ctx.kernel, ctx.kernel.db, id)
  if (!seen?.tampered) return
  requireProject(ctx, seen.state.project_id)
  await ctx.kernel.db.transaction((tx) => lockWorkflow(tx, ctx, id))
}

/** One input to the engine and everything it causes, in one transaction. Engine refusals roll all of it back. */
export async function changeWorkflow(
  ctx: Ctx,
  id: string,
  input: (w: Work) => void,
  options: SaveOptions = {},
): Promise<StoredWorkflow> {
  await failIfTampered(ctx, id)
  return ctx.kernel.db.transaction((tx) => changeIn(tx, ctx, id, input, options))
}

export async function changeIn(
  tx: Tx,
  ctx: Ctx,
  id: string,
  input: (w: Work) => void,
  options: SaveOptions = {},
): Promise<StoredWorkflow> {
  const stored = await lockWorkflow(tx, ctx, id)
  return saveState(tx, ctx, stored, transition(stored.state, nowOf(ctx), input), options)
}

/** The same, answered as the contract shows a workflow. */
export const changeAndPresent = async (
  ctx: Ctx,
  id: string,
  input: (w: Work) => void,
  options: SaveOptions = {},
): Promise<WorkflowResponse> => presentStored(ctx, await changeWorkflow(ctx, id, input, options))
