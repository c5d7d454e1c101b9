import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { MixJob } from '../../media-port.ts'
import { type GuideCue, guideTrack, readGuide } from '../audio/guide.ts'
import { loudness, peak } from '../audio/loudness.ts'
import { readWav, silentWav, type Wav, writeWav } from '../audio/wav.ts'
import type { Encoder } from '../video/ffmpeg.ts'
import { type Maker, readIfThere, result, type StudioTools, stopIfGivenUp } from './studio-work.ts'

const RATE = 22_050
const GUIDE_RATE = 16_000
/** A guide track longer than this would be a large file for little use. */
const GUIDE_SECONDS = 600
const LEVELS: Record<MixJob['tracks'][number]['role'], number> = { dialogue: 1, music: 0.45, effects: 0.6, foley: 0.6 }

export const printGuides = (cues: GuideCue[]): string => `troupe-guides ${JSON.stringify(cues)}`

const run = promisify(execFile)
/** Sound in another format, read through the machine's encoder. */
async function decode(encoder: Encoder | null, file: string): Promise<Wav | null> {
  if (!encoder) return null
  const args = ['-hide_banner', '-loglevel', 'error', '-i', file, '-ac', '1', '-ar', String(RATE), '-f', 'wav', '-']
  try {
    const { stdout } = await run(encoder.path, args, { encoding: 'buffer', maxBuffer: 512 * 1024 * 1024 })
    return readWav(stdout)
  } catch {
    return null
  }
}

function add(out: Float32Array, wav: Wav, start: number, seconds: number, level: number): void {
  const from = Math.round(start * RATE)
  const count = Math.min(out.length - from, Math.round(seconds * RATE))
  const step = wav.rate / RATE
  for (let i = 0; i < count; i++) {
    const at = i * step
    const k = Math.floor(at)
    if (k >= wav.samples.length) return
    const [a, b] = [wav.samples[k]!, wav.samples[k + 1] ?? 0]
    out[from + i] = out[from + i]! + (a + (b - a) * (at - k)) * level
  }
}

type Read = { cue: GuideCue | null; wav: Wav | null; warning: string | null }
type Track = MixJob['tracks'][number]

async function readTrack(track: Track, work: Parameters<Maker<'mix'>>[1], tools: StudioTools): Promise<Read> {
  const bytes = await readIfThere(work.files, track.audio_url)
  if (!bytes) return { cue: null, wav: null, warning: `a ${track.role} track is gone and is left out of the mix` }
  const wav = readWav(bytes) ?? (await decode(tools.encoder, work.files.localPath(track.audio_url)))
  if (!wav)
    return {
      cue: null,
      wav: null,
      warning: `a ${track.role} track is in a format that cannot be read here and is left out of the mix`,
    }
  const guide = readGuide(wav.comment)
  return guide
    ? { cue: { ...guide, role: track.role, start: track.start, duration: track.duration }, wav: null, warning: null }
    : { cue: null, wav, warning: null }
}

/**
 * One track exactly as long as the picture. Silent draft tracks stay silent; a guide track beside the mix makes their times
 * heard. Real tracks are mixed, measured, and turned down when they would clip.
 */
export const makeMix: Maker<'mix'> = async (job: MixJob, work, tools) => {
  const cues: GuideCue[] = []
  const warnings = new Set<string>()
  let out: Float32Array | null = null
  for (const [i, track] of job.tracks.entries()) {
    stopIfGivenUp(work)
    const read = await readTrack(track, work, tools)
    if (read.warning) warnings.add(read.warning)
    if (read.cue) cues.push(read.cue)
    if (read.wav) {
      out ??= new Float32Array(Math.max(1, Math.round(job.duration * RATE)))
      add(out, read.wav, track.start, track.duration, LEVELS[track.role])
    }
    work.onProgress((i + 1) / (job.tracks.length + 1))
  }
  const note = cues.length > 0 ? printGuides(cues) : null
  if (out) {
    const high = peak(out)
    if (high > 0.98) for (let i = 0; i < out.length; i++) out[i] = (out[i]! * 0.98) / high
    const file = await work.files.write(`${work.path}.wav`, writeWav(out, RATE, note), 'audio/wav')
    const content = {
      audio_url: file.url,
      duration: job.duration,
      loudness_lufs: loudness(out, RATE),
      peaks: [peak(out)],
    }
    return result<'mix'>(content, { file, draft: cues.length > 0, warnings: [...warnings] })
  }
  const file = await work.files.write(`${work.path}.wav`, silentWav(job.duration, note), 'audio/wav')
  const content = { audio_url: file.url, duration: job.duration, loudness_lufs: -70, peaks: [0] }
  if (cues.length === 0 || job.duration > GUIDE_SECONDS)
    return result<'mix'>(content, { file, warnings: [...warnings] })
  const guide = writeWav(guideTrack(cues, job.duration, GUIDE_RATE), GUIDE_RATE)
  const guideFile = await work.files.write(`${work.path}.guide.wav`, guide, 'audio/wav')
  return result<'mix'>({ ...content, guide_url: guideFile.url } as typeof content, { file, warnings: [...warnings] })
}
