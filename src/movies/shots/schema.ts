import { z } from 'zod'

/** Pictures of the storyboard with their takes and what people said about them. */

export const Take = z.object({
  take: z.int().min(1),
  task_id: z.string().nullable(),
  image_url: z.string(),
  score: z.number().nullable(),
  draft: z.boolean(),
  generated_by: z.string(),
  created_at: z.string(),
  current: z.boolean(),
  verdict: z.enum(['approved', 'rejected']).nullable(),
  note: z.string().nullable(),
  by: z.string().nullable(),
})
export type Take = z.infer<typeof Take>

export const ShotRow = z.object({
  frame_id: z.string(),
  scene_number: z.int(),
  description: z.string(),
  status: z.enum(['planned', 'pending', 'running', 'completed', 'failed', 'cancelled']),
  error: z.string().nullable(),
  segment_id: z.string().nullable(),
  takes: z.array(Take),
})
export type ShotRow = z.infer<typeof ShotRow>

export const ShotList = z.object({ shots: z.array(ShotRow) })

export const ShotVerdict = z.object({ note: z.string().trim().max(2000).optional() })
export type ShotVerdict = z.infer<typeof ShotVerdict>
