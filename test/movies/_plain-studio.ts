import { createHash } from 'node:crypto'
import type { MediaKind, MediaKinds, MediaResult, MediaService, MediaWork } from '../../src/movies/media-port.ts'

/** Test help: a studio that writes the smallest files of the right kind, at once. */

type Jobs = { [K in MediaKind]: (job: MediaKinds[K]['job'], work: MediaWork) => Promise<MediaKinds[K]['content']> }

const text = (value: unknown) => Buffer.from(JSON.stringify(value))
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const save = (work: MediaWork, name: string, value: unknown, type = 'application/json') =>
  work.files.write(`${work.path}${name}`, text(value), type)

const JOBS: Jobs = {
  frame: async (job, work) => ({
    frame_id: job.frame.frame_id,
    image_url: (await save(work, '.svg', job.frame.description, 'image/svg+xml')).url,
    provider_metadata: { seed: job.seed, model: 'plain' },
  }),
  design: async (job, work) => ({ image_url: (await save(work, '.svg', job.name, 'image/svg+xml')).url }),
  segment: async (job, work) => ({
    segment_id: job.segment_id,
    associated_frames: job.frames.map((f) => f.frame.frame_id),
    video_url: (await save(work, '.json', { id: job.segment_id, seconds: job.duration })).url,
    duration_seconds: job.duration,
    provider_metadata: {},
  }),
  line: async (job, work) => ({
    line_id: job.line.line_id,
    character: job.line.character,
    audio_url: (await save(work, '.wav', job.line.text, 'audio/wav')).url,
    duration: job.line.text.split(/\s+/).length * 0.4,
  }),
  sound: async (job, work) => ({
    items: await Promise.all(
      job.cues.map(async ({ id, scene_number, start, duration }) => ({
        id,
        scene_number,
        start,
        duration,
        audio_url: (await save(work, `.${id}.wav`, id, 'audio/wav')).url,
      })),
    ),
  }),
  mix: async (job, work) => ({
    audio_url: (await save(work, '.wav', job.tracks, 'audio/wav')).url,
    duration: job.duration,
    loudness_lufs: -23,
    peaks: [],
  }),
  edit: async (job, work) => {
    let at = 0
    const timeline = job.cuts.map((cut) => {
      const entry = {
        segment_id: cut.segment_id,
        start_time: at,
        end_time: at + cut.duration,
        transition_out: cut.transition_out,
      }
      at += cut.duration
      return entry
    })
    const file = await save(work, '.mp4', { timeline, stage: job.stage, title: job.title }, 'video/mp4')
    return { video_url: file.url, duration_seconds: at, edit_timeline: timeline, checksum: `sha256:${file.sha256}` }
  },
  inspect: async (job) => ({
    status: 'pass',
    issues: job.draft ? [{ code: 'DRAFT_MEDIA', severity: 'low', description: 'Made without a media service' }] : [],
    recommended_actions: [],
    preview_images: [],
    technical: { duration: job.edit.duration_seconds, codec: 'none', resolution: '1280x720', fps: job.settings.fps },
  }),
  promote: async (job) => ({
    trailer_url: job.edit.video_url,
    clips: job.segments,
    stills: job.stills,
    captions: job.stills.map((s) => s.caption),
  }),
}

export const plainStudio = (fail?: (kind: MediaKind, work: MediaWork) => void | Promise<void>): MediaService => ({
  name: 'local_studio',
  makes: () => true,
  async make<K extends MediaKind>(kind: K, job: MediaKinds[K]['job'], work: MediaWork): Promise<MediaResult<K>> {
    await fail?.(kind, work)
    const content = await JOBS[kind](job, work)
    const url = Object.entries(content).find(([key]) => /_url$/.test(key))?.[1]
    const bytes = typeof url === 'string' && kind !== 'promote' ? await work.files.read(url) : null
    const path = typeof url === 'string' ? url.split('/files/')[1] : undefined
    return {
      content,
      file:
        bytes && path && typeof url === 'string'
          ? {
              path: decodeURIComponent(path),
              url,
              bytes: bytes.byteLength,
              sha256: sha(bytes),
              mime_type: 'application/octet-stream',
            }
          : null,
      draft: kind !== 'inspect',
      generated_by: 'template',
      warnings: [],
      resource_usage: {},
    }
  },
})
