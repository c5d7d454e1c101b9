import type { Ctx } from '../../kernel/context.ts'
import { AppError } from '../../kernel/errors/app-error.ts'
import { listOf } from '../engine/artifacts.ts'
import type { EngineArtifact, EngineState } from '../engine/engine-state.ts'
import { FRAMES } from '../engine/regenerate-shot.ts'
import type { StoryboardFrame } from '../schema.ts'
import { readWorkflow } from '../workflow/read-workflow.ts'
import type { ShotRow, Take } from './schema.ts'

type Verdict = { verdict: Take['verdict']; note: string | null; by: string }

/** Every shot of the storyboard with all its takes, oldest first. */
export async function listShots(ctx: Ctx, id: string): Promise<{ shots: ShotRow[] }> {
  const { state } = await readWorkflow(ctx, id)
  const verdicts = await readVerdicts(ctx, id)
  return {
    shots: listOf<StoryboardFrame>(state, 'storyboard_frames').map((frame) => shotRow(state, frame, verdicts)),
  }
}

export async function getShot(ctx: Ctx, id: string, frameId: string): Promise<ShotRow> {
  const { shots } = await listShots(ctx, id)
  const shot = shots.find((one) => one.frame_id === frameId)
  if (!shot)
    throw new AppError('ARTIFACT_NOT_FOUND', `No shot ${frameId}: see GET /api/v1/workflows/${id}/shots`, {
      frame_id: frameId,
    })
  return shot
}

async function readVerdicts(ctx: Ctx, id: string): Promise<Map<string, Verdict>> {
  const { rows } = await ctx.kernel.db.query(
    'select frame_id, take, verdict, note, actor from movies.shot_verdicts where workflow_id = $1',
    [id],
  )
  return new Map(
    rows.map((row) => [
      `${row['frame_id']}#${row['take']}`,
      { verdict: row['verdict'], note: row['note'], by: row['actor'] },
    ]),
  )
}

const imageOf = (a: EngineArtifact) => String(a.content['image_url'] ?? a.file?.url ?? '')

function shotRow(s: EngineState, frame: StoryboardFrame, verdicts: Map<string, Verdict>): ShotRow {
  const { frame_id } = frame
  const own = s.tasks.filter((t) => t.task_type === FRAMES && t.input['frame_id'] === frame_id)
  const task = own.findLast((t) => !t.superseded)
  const made = s.artifacts
    .filter((a) => a.name === 'generated_frames' && a.content['frame_id'] === frame_id)
    .sort((a, b) => a.version - b.version)
  const current = made.findLast((a) => !a.dropped)
  const segment = s.tasks.find(
    (t) =>
      t.task_type === 'segments' &&
      !t.superseded &&
      Array.isArray(t.input['frame_ids']) &&
      (t.input['frame_ids'] as string[]).includes(frame_id),
  )
  return {
    frame_id,
    scene_number: frame.scene_number,
    description: frame.description,
    status: task?.status ?? 'planned',
    error: task?.status === 'failed' ? task.error_message : null,
    segment_id: segment ? String(segment.input['segment_id']) : null,
    takes: made.map((a) => {
      const said = verdicts.get(`${frame_id}#${a.version}`)
      return {
        take: a.version,
        task_id: a.task_id,
        image_url: imageOf(a),
        score: (a.content['quality_score'] as number | undefined) ?? a.quality_score,
        draft: a.draft,
        generated_by: a.generated_by,
        created_at: a.created_at,
        current: a === current,
        verdict: said?.verdict ?? null,
        note: said?.note ?? null,
        by: said?.by ?? null,
      }
    }),
  }
}
