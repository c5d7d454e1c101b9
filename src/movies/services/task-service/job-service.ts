import {
  type FrameJob,
  MediaError,
  type MediaKind,
  type MediaKinds,
  type MediaResult,
  type MediaWork,
} from '../../media-port.ts'
import type { JobService } from '../../services-port.ts'
import { readWav } from '../../studio/audio/wav.ts'
import { CallError } from '../core/call-error.ts'
import { type Copied, type CopyOptions, copyMedia, sourceOf } from './copy-media.ts'
import {
  cueRequest,
  designRequest,
  frameRequest,
  lineRequest,
  mixRequest,
  segmentRequest,
  speechRequest,
} from './job-data.ts'
import type { JobRequest } from './job-types.ts'
import { type RunJobTools, runJob } from './run-job.ts'
import type { JobResult } from './task-service-client.ts'

type Made = 'frame' | 'design' | 'segment' | 'line' | 'sound' | 'mix'
const MADE: ReadonlySet<MediaKind> = new Set<Made>(['frame', 'design', 'segment', 'line', 'sound', 'mix'])

/** Kinds of which one task has several jobs, so that the task's job id says too little. */
const SEVERAL: ReadonlySet<MediaKind> = new Set<MediaKind>(['design', 'sound'])

type Tools = RunJobTools & { copy: CopyOptions }
type Done = Copied & { result: JobResult }
type Maker<K extends Made> = (
  job: MediaKinds[K]['job'],
  work: MediaWork,
  tools: Tools,
) => Promise<{ content: MediaKinds[K]['content']; parts: Done[] }>

async function one(request: JobRequest, work: MediaWork, tools: Tools, single = true): Promise<Done> {
  const result = await runJob(request, { ...work, single }, tools)
  return { ...(await copyMedia(result, work, tools.copy)), result }
}

const metadataOf = ({ result, source }: Done) => ({
  ...result.metadata,
  source_url: source,
  ...(result.payload_media_id ? { payload_media_id: result.payload_media_id } : {}),
})
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)
const scoreOf = ({ result }: Done) => {
  const score = number(result.metadata?.['quality_score'])
  return score === null || score < 0 || score > 100 ? {} : { quality_score: score }
}
/** As the service says, as the sound itself says, as it was asked for. */
const secondsOf = (done: Done, asked: number) => {
  const said = number(done.result.metadata?.['duration']) ?? number(done.result.metadata?.['duration_seconds'])
  if (said !== null && said > 0) return said
  const wav = done.bytes ? readWav(done.bytes) : null
  return wav ? Math.round((wav.samples.length / wav.rate) * 1000) / 1000 : asked
}

/** Addresses the Task Service can open: pictures it made itself. Drawn ones exist only here. */
const sources = async (urls: string[], work: MediaWork): Promise<string[]> =>
  (await Promise.all(urls.map((url) => sourceOf(url, work)))).filter((url) => url !== null)

const designsOf = (job: FrameJob) => [
  ...job.designs
    .filter((d) => job.frame.characters_present.some((name) => name.toLowerCase() === d.character.toLowerCase()))
    .map((d) => d.image_url),
  job.environment?.image_url,
]

const MAKERS: { [K in Made]: Maker<K> } = {
  async frame(job, work, tools) {
    const references = await sources(
      designsOf(job).filter((url) => url !== undefined),
      work,
    )
    const done = await one(frameRequest(job, references), work, tools)
    const content = {
      frame_id: job.frame.frame_id,
      image_url: done.url,
      negative_prompts: job.negative_prompts,
      provider_metadata: { seed: job.seed, ...metadataOf(done) },
      ...scoreOf(done),
    }
    return { content, parts: [done] }
  },
  async design(job, work, tools) {
    const done = await one(designRequest(job), work, tools, false)
    return { content: { image_url: done.url }, parts: [done] }
  },
  async segment(job, work, tools) {
    const images = await sources(
      job.frames.map((f) => f.image_url),
      work,
    )
    const done = await one(segmentRequest(job, images), work, tools)
    const content = {
      segment_id: job.segment_id,
      associated_frames: job.frames.map((f) => f.frame.frame_id),
      video_url: done.url,
      duration_seconds: secondsOf(done, job.duration),
      provider_metadata: { seed: job.seed, ...metadataOf(done) },
      ...scoreOf(done),
    }
    return { content, parts: [done] }
  },
  async line(job, work, tools) {
    const done = await one(lineRequest(job), work, tools).catch((error: unknown) => {
      const refused = error instanceof MediaError && error.cause instanceof CallError && error.cause.status === '400'
      if (!refused) throw error
      return one(speechRequest(job), { ...work, external_job_id: null }, tools)
    })
    const words = job.line.text.trim().split(/\s+/).length
    const content = {
      line_id: job.line.line_id,
      character: job.line.character,
      audio_url: done.url,
      duration: secondsOf(done, Math.round(words * 400) / 1000),
    }
    return { content, parts: [done] }
  },
  async sound(job, work, tools) {
    const parts = await Promise.all(
      job.cues.map((cue) => one(cueRequest(job, cue), { ...work, path: `${work.path}.${cue.id}` }, tools, false)),
    )
    const items = job.cues.map(({ id, scene_number, start, duration }, i) => ({
      id,
      scene_number,
      start,
      duration: Math.min(duration, secondsOf(parts[i]!, duration)),
      audio_url: parts[i]!.url,
    }))
    return { content: { items }, parts }
  },
  async mix(job, work, tools) {
    const inputs = await sources(
      job.tracks.map((t) => t.audio_url),
      work,
    )
    const done = await one(mixRequest(job, inputs), work, tools)
    const { metadata } = done.result
    const content = {
      audio_url: done.url,
      duration: secondsOf(done, job.duration),
      loudness_lufs: number(metadata?.['loudness_lufs']) ?? -16,
      peaks: number(metadata?.['peaks']) ?? number(metadata?.['peak']) ?? -1,
    }
    return { content, parts: [done] }
  },
}

/** The Task Service as the engine's maker of media. What it does not make, cuts and checks, stays with the local studio. */
export function createJobService(tools: Tools): JobService {
  return {
    name: 'task_service',
    makes: (kind) => MADE.has(kind),
    async make<K extends MediaKind>(kind: K, job: MediaKinds[K]['job'], work: MediaWork): Promise<MediaResult<K>> {
      const own = SEVERAL.has(kind) ? { ...work, external_job_id: null } : work
      const make = MAKERS[kind as Made] as unknown as Maker<Made>
      const { content, parts } = await make(job as never, own, tools)
      return {
        content: content as MediaKinds[K]['content'],
        file: parts.length === 1 ? parts[0]!.file : null,
        draft: false,
        generated_by: 'task_service',
        warnings: parts.flatMap((part) => part.warning ?? []),
        resource_usage: usageOf(parts),
      }
    },
    acceptCallback: (body) => tools.callbacks.accept(body),
  }
}

function usageOf(parts: Done[]): MediaResult['resource_usage'] {
  const sum = (keys: string[]) =>
    parts.reduce((total, { result }) => {
      const value = keys.map((key) => number(result.metadata?.[key])).find((n) => n !== null)
      return total + (value ?? 0)
    }, 0)
  const gpu = sum(['gpu_seconds', 'processing_time'])
  const cost = sum(['cost'])
  return { ...(gpu > 0 ? { gpu_seconds: gpu } : {}), ...(cost > 0 ? { cost } : {}) }
}
