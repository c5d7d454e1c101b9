import type { Kernel } from '../../kernel/kernel.ts'
import { contentOf, currentArtifact } from '../engine/artifacts.ts'
import { deriveId } from '../engine/derive-id.ts'
import type { EngineState, EngineTask } from '../engine/engine-state.ts'
import type { Edit, QcReport } from '../schema.ts'
import type { Produced } from './run-text.ts'
import { TaskFailure } from './task-failure.ts'

const EXPIRES_MS = 72 * 3_600_000

export const publicBase = (kernel: Kernel) => {
  const { core, movies } = kernel.config
  return (movies.publicBaseUrl ?? core.publicUrl ?? `http://localhost:${core.port}`).replace(/\/+$/, '')
}

/** Id of the audit entry that a delivery writes when it is completed. */
export const deliveryAuditId = (task: EngineTask) => `aud_${deriveId(task.task_id, 'delivery')}`

/** Delivers the film: refused unless quality control passed it or somebody accepted it as it is. */
export function runDistribution(kernel: Kernel, s: EngineState, task: EngineTask, now: number): Produced {
  const edit = contentOf(s, 'final_edit') as Edit | null
  const report = contentOf(s, 'qc_report') as QcReport | null
  if (!edit) throw new TaskFailure('MISSING_INPUT', 'permanent', 'There is no final edit to deliver')
  const accepted = s.passes['final_assembly']?.qc_accepted === true
  if (report?.status !== 'pass' && !accepted)
    throw new TaskFailure(
      'QC_NOT_PASSED',
      'permanent',
      'Quality control has not passed the film and nobody has accepted it',
    )
  const file = currentArtifact(s, 'final_edit')?.file
  const url = edit.video_url.startsWith('/') ? `${publicBase(kernel)}${edit.video_url}` : edit.video_url
  return {
    content: {
      storage_location: file?.path ?? edit.video_url,
      public_url: url,
      expires_at: new Date(now + EXPIRES_MS).toISOString(),
      metadata: {
        title: s.title,
        duration_seconds: edit.duration_seconds,
        checksum: edit.checksum,
        tags: [...new Set([s.genre, s.type, ...s.project.themes].filter((tag): tag is string => !!tag))],
      },
      audit_log_id: deliveryAuditId(task),
    },
    draft: s.artifacts.some((a) => a.name === 'final_edit' && a.draft && !a.dropped),
    generated_by: 'agent',
    quality_score: 100,
    warnings: [],
    resource_usage: {},
  }
}
