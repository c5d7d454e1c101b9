import type { Ctx } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db/database.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { writeAudit } from '../audit/write-audit.ts'
import { regenerateShot as regenerate } from '../engine/regenerate-shot.ts'
import { changeWorkflow } from '../workflow/change-workflow.ts'
import { getShot } from './read-shots.ts'
import type { ShotRow, ShotVerdict } from './schema.ts'

/** Keeps what a person said about the present picture of a shot. Saying it again replaces it. */
export async function judgeShot(
  ctx: Ctx,
  id: string,
  frameId: string,
  verdict: 'approved' | 'rejected',
  { note }: ShotVerdict,
): Promise<ShotRow> {
  const shot = await getShot(ctx, id, frameId)
  await ctx.kernel.db.transaction((tx) => keep(tx, ctx, id, shot, verdict, note ?? null))
  return getShot(ctx, id, frameId)
}

/**
 * Makes the picture of a shot again, with the note as what is wanted: the present take counts as rejected, the segment of
 * the shot and the film follow. INVALID_STATE while it is being made, before it was made, and in a workflow that has ended.
 */
export async function regenerateShot(ctx: Ctx, id: string, frameId: string, { note }: ShotVerdict): Promise<ShotRow> {
  const shot = await getShot(ctx, id, frameId)
  await changeWorkflow(ctx, id, (w) => regenerate(w, frameId, note || null))
  if (shot.takes.some((take) => take.current))
    await ctx.kernel.db.transaction((tx) => keep(tx, ctx, id, shot, 'rejected', note ?? null))
  return getShot(ctx, id, frameId)
}

async function keep(
  tx: Tx,
  ctx: Ctx,
  id: string,
  shot: ShotRow,
  verdict: 'approved' | 'rejected',
  note: string | null,
): Promise<void> {
  const take = shot.takes.find((one) => one.current)
  if (!take)
    throw new AppError('INVALID_STATE', `The picture of ${shot.frame_id} has not been made yet`, {
      frame_id: shot.frame_id,
    })
  await tx.query(
    `insert into movies.shot_verdicts (workflow_id, frame_id, take, verdict, note, actor) values ($1, $2, $3, $4, $5, $6)
     on conflict (workflow_id, frame_id, take) do update set verdict = excluded.verdict, note = excluded.note, actor = excluded.actor, at = now()`,
    [id, shot.frame_id, take.take, verdict, note, ctx.actor.id],
  )
  await writeAudit(tx, ctx, {
    action: `shot.${verdict}`,
    entityType: 'workflow',
    entityId: id,
    before: { frame_id: shot.frame_id, take: take.take, verdict: take.verdict },
    after: { frame_id: shot.frame_id, take: take.take, verdict, note },
  })
}
