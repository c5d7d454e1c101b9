import type { MediaWork, SegmentJob } from '../../media-port.ts'
import { animaticHtml } from '../animatic/animatic-html.ts'
import type { Animatic, AnimaticShot } from '../animatic/manifest.ts'
import { caption } from '../frame/caption.ts'
import { readShot } from '../read/camera.ts'
import { encode } from '../video/ffmpeg.ts'
import { LOCAL_MODEL } from './make-frame.ts'
import { pictureUri } from './picture-uri.ts'
import { type Maker, ms, readIfThere, result, type StudioTools, stopIfGivenUp } from './studio-work.ts'

/** How long each frame of the segment is seen: by its shot, together exactly the segment's length. */
export function shares(job: SegmentJob): number[] {
  const wanted = job.frames.map(({ frame }) => job.shots.find((s) => s.frame_id === frame.frame_id)?.duration ?? 1)
  const total = wanted.reduce((a, b) => a + b, 0)
  let at = 0
  let asked = 0
  return wanted.map((share) => {
    asked += share
    const end = ms((asked / total) * job.duration)
    const length = ms(end - at)
    at = end
    return length
  })
}

/** The move that the frame's drawing announces, and how much of it is picture above the caption strip. */
function cameraOf(job: SegmentJob, frame: SegmentJob['frames'][number]['frame']): { move: string; picture: number } {
  const { width, height } = job.settings
  const camera = readShot(frame, job.shots.find((s) => s.frame_id === frame.frame_id) ?? null)
  const scene = `Scene ${frame.scene_number}${job.scene ? ` · ${job.scene.location}` : ''}`
  const strip = caption(width, height, { id: frame.frame_id, scene, camera: camera.label }, frame.description)
  return { move: camera.move, picture: ms((height - strip.height) / height) }
}

/** The segment as an animatic of its own. */
async function segmentAnimatic(job: SegmentJob, work: MediaWork): Promise<{ animatic: Animatic; warnings: string[] }> {
  const images: Record<string, string> = {}
  const shots: AnimaticShot[] = []
  const warnings: string[] = []
  const lengths = shares(job)
  let at = 0
  for (const [i, { frame, image_url }] of job.frames.entries()) {
    stopIfGivenUp(work)
    const bytes = await readIfThere(work.files, image_url)
    const uri = bytes ? pictureUri(bytes) : null
    if (uri) images[frame.frame_id] = uri
    else warnings.push(`the picture of ${frame.frame_id} cannot be read: a card with its description stands for it`)
    shots.push({
      id: job.segment_id,
      scene: frame.scene_number,
      start: ms(at),
      duration: lengths[i]!,
      image: uri ? frame.frame_id : null,
      video: null,
      frame: frame.frame_id,
      text: frame.description,
      transition: 'hard_cut',
      placeholder: !uri,
      ...(uri ? cameraOf(job, frame) : {}),
    })
    at += lengths[i]!
  }
  if (shots.length === 0)
    shots.push({
      id: job.segment_id,
      scene: job.scene?.scene_number ?? 1,
      start: 0,
      duration: job.duration,
      image: null,
      video: null,
      frame: null,
      text: job.scene?.goal ?? job.prompt,
      transition: 'hard_cut',
      placeholder: true,
    })
  const { width, height, fps } = job.settings
  return {
    animatic: {
      kind: 'troupe-animatic',
      version: 1,
      title: job.segment_id,
      width,
      height,
      fps,
      duration: job.duration,
      draft: true,
      images,
      shots,
      captions: [],
      sound: { kind: 'silent' },
    },
    warnings,
  }
}

/** What the JSON timeline beside a film holds: all of the animatic but its pictures and sound bytes. */
export function timelineJson(animatic: Animatic): Uint8Array {
  const { images: _, sound, ...rest } = animatic
  const heard = sound.kind === 'file' ? { kind: 'file' } : sound
  return new TextEncoder().encode(`${JSON.stringify({ ...rest, sound: heard }, null, 2)}\n`)
}

async function encodeSegment(job: SegmentJob, work: MediaWork, tools: StudioTools): Promise<boolean> {
  if (!tools.encoder || job.frames.length === 0) return false
  const lengths = shares(job)
  await work.files.write(`${work.path}.txt`, new Uint8Array(), 'text/plain')
  const stills = job.frames.map(({ image_url }, i) => ({ file: work.files.localPath(image_url), seconds: lengths[i]! }))
  const { width, height, fps } = job.settings
  const input = { kind: 'stills' as const, stills, listFile: work.files.localPath(`${work.path}.txt`) }
  const output = work.files.localPath(`${work.path}.mp4`)
  await encode(
    tools.encoder,
    { input, output, width, height, fps, seconds: job.duration, audio: null, subtitles: null, fadeOut: false },
    work.signal,
  )
  return true
}

export const makeSegment: Maker<'segment'> = async (job, work, tools) => {
  const { animatic, warnings } = await segmentAnimatic(job, work)
  const timeline = await work.files.write(`${work.path}.timeline.json`, timelineJson(animatic), 'application/json')
  const content = (video_url: string) => ({
    segment_id: job.segment_id,
    associated_frames: job.frames.map(({ frame }) => frame.frame_id),
    video_url,
    duration_seconds: job.duration,
    provider_metadata: { seed: job.seed, model: LOCAL_MODEL },
    timeline_url: timeline.url,
  })
  try {
    if (await encodeSegment(job, work, tools)) {
      const file = await work.files.adopt(`${work.path}.mp4`, 'video/mp4')
      return result<'segment'>(content(file.url), { file, warnings })
    }
  } catch (error) {
    stopIfGivenUp(work)
    warnings.push(`the segment is an animatic: ${error instanceof Error ? error.message : String(error)}`)
  }
  const html = new TextEncoder().encode(animaticHtml(animatic))
  const file = await work.files.write(`${work.path}.html`, html, 'text/html; charset=utf-8')
  return result<'segment'>(content(file.url), { file, warnings })
}
