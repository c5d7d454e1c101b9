import type { DesignJob, FrameJob, LineJob, MixJob, SegmentJob, SoundJob } from '../../media-port.ts'
import type { JobRequest } from './job-types.ts'

/** `task_data` of each kind of job, as contract 2.6.3 names the fields. */

const NONE = 'none'
const resolution = ({ width, height }: { width: number; height: number }) => `${width}x${height}`
const styleOf = (style: FrameJob['style']) =>
  style === null ? {} : { visual_style: style.visual_style, palette: style.palette, lighting: style.lighting }

export const frameRequest = (job: FrameJob, references: string[]): JobRequest => ({
  type: 'generate_image',
  data: {
    prompt: job.prompt,
    negative_prompt: job.negative_prompts.join(', '),
    style_guide: styleOf(job.style),
    reference_images: references,
    character_id: job.frame.characters_present[0] ?? null,
    pose: job.blocking?.map((b) => `${b.character}: ${b.action || b.position}`).join('; ') ?? '',
    lighting: job.frame.lighting_mood ?? job.style?.lighting ?? '',
    resolution: resolution(job.settings),
    quality: job.settings.quality,
    seed: job.seed,
  },
})

export const designRequest = (job: DesignJob): JobRequest => ({
  type: 'generate_image',
  data: {
    prompt: [job.prompt, job.style?.visual_style].filter(Boolean).join('. '),
    negative_prompt: (job.style?.avoid ?? []).join(', '),
    style_guide: styleOf(job.style),
    reference_images: [],
    character_id: job.subject === 'character' ? job.name : null,
    pose: job.subject === 'character' ? 'neutral, full figure' : '',
    lighting: job.style?.lighting ?? '',
    resolution: resolution(job.settings),
    quality: job.settings.quality,
    seed: job.seed,
  },
})

export function segmentRequest(job: SegmentJob, images: string[]): JobRequest {
  const shot = job.shots[0]
  const people = [...new Set(job.frames.flatMap(({ frame }) => frame.characters_present))]
  const motion = (job.notes['animation_notes'] ?? job.notes['motion_data']) as Record<string, unknown>[] | undefined
  return {
    type: 'generate_video',
    data: {
      storyboard_images: images,
      scene_description: job.prompt,
      camera_angle: [shot?.angle, shot?.lens, shot?.movement].filter(Boolean).join(', ') || 'eye level',
      lighting: job.frames[0]?.frame.lighting_mood ?? '',
      character_positions: people.map((name, i) => ({
        character_id: name,
        position: ['left', 'right', 'centre', 'background'][i % 4],
        action: String(motion?.[i]?.['action'] ?? motion?.[i]?.['motion'] ?? job.scene?.goal ?? ''),
      })),
      duration: Math.min(7, job.duration),
      fps: job.settings.fps,
      resolution: resolution(job.settings),
      seed: job.seed,
    },
  }
}

export const lineRequest = (job: LineJob): JobRequest => ({
  type: 'generate_character_voice',
  data: {
    text: job.line.text,
    character_voice_profile: job.voice ?? { character: job.line.character },
    emotion: String(job.direction?.['emotion'] ?? job.line.emotion),
    pace: job.direction?.['pace'] ?? job.voice?.pace ?? 'normal',
    background_noise: NONE,
    output_format: 'mp3',
    sample_rate: 44_100,
    seed: job.seed,
  },
})

/** For a service that knows no voices: speech as a kind of sound. */
export const speechRequest = (job: LineJob): JobRequest => ({
  type: 'process_audio',
  data: {
    prompt: job.line.text,
    inputs: [],
    operation: 'speech',
    audio_params: { ...lineRequest(job).data, character: job.line.character },
    seed: job.seed,
  },
})

export const cueRequest = (job: SoundJob, cue: SoundJob['cues'][number]): JobRequest => ({
  type: 'process_audio',
  data: {
    prompt: cue.prompt,
    inputs: [],
    operation: job.role,
    audio_params: { duration: cue.duration, output_format: 'mp3', sample_rate: 44_100 },
    seed: job.seed,
  },
})

export const mixRequest = (job: MixJob, inputs: string[]): JobRequest => ({
  type: 'process_audio',
  data: {
    prompt: `mix ${job.tracks.length} tracks to ${job.duration} s`,
    inputs,
    operation: 'mix',
    audio_params: {
      duration: job.duration,
      tracks: job.tracks.map(({ role, start, duration }, i) => ({ input: inputs[i] ?? null, role, start, duration })),
      loudness_lufs: -16,
      output_format: 'mp3',
      sample_rate: 44_100,
    },
  },
})
