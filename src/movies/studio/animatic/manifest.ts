import { z } from 'zod'
import { GuideSound } from '../audio/guide.ts'

/** Everything an animatic plays: pictures in time, captions, sound. It stands inside the HTML file as JSON. */
const seconds = z.number().min(0)
export const AnimaticShot = z.object({
  /** Segment the shot belongs to. */
  id: z.string(),
  scene: z.int().min(1),
  start: seconds,
  duration: z.number().positive(),
  /** Key in `images`, or null for a video. */
  image: z.string().nullable(),
  video: z.string().nullable(),
  frame: z.string().nullable(),
  text: z.string(),
  /** How the shot ends. */
  transition: z.enum(['hard_cut', 'crossfade', 'fade_out']),
  placeholder: z.boolean(),
  /** How the camera moves over the picture; absent: it stands. */
  move: z.string().optional(),
  /** Part of the picture's height that is picture; below it stands the caption strip, which never moves. Absent: all of it. */
  picture: z.number().min(0.2).max(1).optional(),
})
export type AnimaticShot = z.infer<typeof AnimaticShot>

export const Animatic = z.object({
  kind: z.literal('troupe-animatic'),
  version: z.literal(1),
  title: z.string(),
  width: z.int().min(1),
  height: z.int().min(1),
  fps: z.number().positive(),
  duration: seconds,
  draft: z.boolean(),
  images: z.record(z.string(), z.string().regex(/^data:image\/(?:png|jpeg|svg\+xml|webp)[;,]/)),
  shots: z.array(AnimaticShot),
  captions: z.array(z.object({ start: seconds, end: seconds, speaker: z.string(), text: z.string() })),
  sound: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('silent') }),
    z.object({ kind: z.literal('guide'), cues: z.array(GuideSound.extend({ start: seconds, duration: seconds })) }),
    z.object({ kind: z.literal('file'), uri: z.string() }),
  ]),
})
export type Animatic = z.infer<typeof Animatic>
