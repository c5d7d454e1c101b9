import { parseCaptions } from '../../exports/captions/captions.ts'
import type { EditJob, MediaWork } from '../../media-port.ts'
import type { FileRef, TimelineEntry } from '../../schema.ts'
import { animaticHtml, isHtml, readAnimatic } from '../animatic/animatic-html.ts'
import type { Animatic, AnimaticShot } from '../animatic/manifest.ts'
import { encode } from '../video/ffmpeg.ts'
import { isMp4 } from '../video/mp4-info.ts'
import { type FilmSound, filmSound } from './film-sound.ts'
import { timelineJson } from './make-segment.ts'
import { pictureUri } from './picture-uri.ts'
import { dataUri, type Maker, ms, readIfThere, result, type StudioTools, sha256, stopIfGivenUp } from './studio-work.ts'

/** Real segments are taken into the file up to this size together; beyond it they are linked. */
const MAX_EMBEDDED = 48 * 1024 * 1024

type Cut = EditJob['cuts'][number]
type Part = Omit<AnimaticShot, 'start' | 'transition' | 'id' | 'scene'>

/** Reads the cuts into one film: pictures kept once, each shot at its second. */
class FilmReader {
  readonly images: Record<string, string> = {}
  readonly shots: AnimaticShot[] = []
  readonly warnings: string[] = []
  /** Local files of the segments when all of them are real video. */
  readonly clips: string[] = []
  #embedded = 0
  #keys = new Map<string, string>()
  readonly #work: MediaWork

  constructor(work: MediaWork) {
    this.#work = work
  }

  #keep(uri: string): string {
    const known = this.#keys.get(uri)
    if (known) return known
    const key = `i${this.#keys.size + 1}`
    this.#keys.set(uri, key)
    this.images[key] = uri
    return key
  }

  async add(cut: Cut, start: number): Promise<void> {
    const parts = (await this.#video(cut)) ?? (await this.#stills(cut)) ?? [this.#card(cut)]
    const total = parts.reduce((sum, part) => sum + part.duration, 0)
    let at = start
    let asked = 0
    for (const [i, part] of parts.entries()) {
      asked += part.duration
      const end = ms(start + (asked / total) * cut.duration)
      const last = i === parts.length - 1
      this.shots.push({
        ...part,
        id: cut.segment_id,
        scene: cut.scene_number,
        start: ms(at),
        duration: ms(end - at),
        transition: last ? cut.transition_out : 'hard_cut',
      })
      at = end
    }
  }

  /** The segment's own file: an animatic gives its shots, a video is shown as it is. */
  async #video(cut: Cut): Promise<Part[] | null> {
    if (!cut.video_url) return null
    const bytes = await readIfThere(this.#work.files, cut.video_url)
    if (!bytes) {
      this.warnings.push(`${cut.segment_id} cannot be read: its pictures stand for it`)
      return null
    }
    if (isHtml(bytes)) {
      const film = readAnimatic(new TextDecoder().decode(bytes))
      if (!film) {
        this.warnings.push(`${cut.segment_id} is no animatic of ours: its pictures stand for it`)
        return null
      }
      return film.shots.map((shot) => ({
        duration: shot.duration,
        image: shot.image && film.images[shot.image] ? this.#keep(film.images[shot.image]!) : null,
        video: null,
        frame: shot.frame,
        text: shot.text || cut.caption,
        placeholder: shot.placeholder,
        ...(shot.move === undefined ? {} : { move: shot.move }),
        ...(shot.picture === undefined ? {} : { picture: shot.picture }),
      }))
    }
    if (!isMp4(bytes)) {
      this.warnings.push(`${cut.segment_id} is in a format that is not known here: its pictures stand for it`)
      return null
    }
    this.clips.push(this.#work.files.localPath(cut.video_url))
    this.#embedded += bytes.length
    const video = this.#embedded <= MAX_EMBEDDED ? dataUri('video/mp4', bytes) : cut.video_url
    return [{ duration: cut.duration, image: null, video, frame: null, text: cut.caption, placeholder: false }]
  }

  async #stills(cut: Cut): Promise<Part[] | null> {
    const parts: Part[] = []
    for (const url of cut.image_urls) {
      const bytes = await readIfThere(this.#work.files, url)
      const uri = bytes ? pictureUri(bytes) : null
      if (uri)
        parts.push({
          duration: 1,
          image: this.#keep(uri),
          video: null,
          frame: null,
          text: cut.caption,
          placeholder: cut.video_url === null,
        })
    }
    return parts.length > 0 ? parts : null
  }

  #card(cut: Cut): Part {
    this.warnings.push(`${cut.segment_id} has no usable picture: a card with its text stands for it`)
    return {
      duration: 1,
      image: null,
      video: null,
      frame: null,
      text: cut.caption || cut.segment_id,
      placeholder: true,
    }
  }
}

function timelineOf(cuts: Cut[]): { entries: TimelineEntry[]; seconds: number } {
  let at = 0
  const entries = cuts.map((cut) => {
    const start = at
    at = ms(at + cut.duration)
    return { segment_id: cut.segment_id, start_time: start, end_time: at, transition_out: cut.transition_out }
  })
  return { entries, seconds: at }
}

/** Film by the machine's encoder, when every cut is a real video file. */
async function encodeFilm(
  job: EditJob,
  reader: FilmReader,
  sound: FilmSound,
  seconds: number,
  work: MediaWork,
  tools: StudioTools,
): Promise<FileRef | null> {
  if (!tools.encoder || reader.clips.length !== job.cuts.length || job.cuts.length === 0) return null
  const base = `${work.path}/${job.file_name}`
  const list = await work.files.write(`${base}.txt`, new Uint8Array(), 'text/plain')
  const subtitles = job.subtitles
    ? await work.files.write(`${base}.srt`, new TextEncoder().encode(job.subtitles.srt), 'application/x-subrip')
    : null
  const audio = job.audio && !(sound.silent && sound.sound.kind !== 'guide') ? audioFile(job.audio) : null
  await encode(
    tools.encoder,
    {
      input: { kind: 'clips', files: reader.clips, listFile: work.files.localPath(list.url) },
      output: work.files.localPath(`${base}.mp4`),
      width: job.settings.width,
      height: job.settings.height,
      fps: job.settings.fps,
      seconds,
      audio: audio ? work.files.localPath(audio) : null,
      subtitles: subtitles && job.subtitles!.srt.trim() !== '' ? work.files.localPath(subtitles.url) : null,
      fadeOut: job.cuts.at(-1)?.transition_out === 'fade_out',
    },
    work.signal,
  )
  return work.files.adopt(`${base}.mp4`, 'video/mp4')
}

/** The guide track where the mix is silent, else the mix. */
const audioFile = (mix: NonNullable<EditJob['audio']>) => {
  const guide = (mix as Record<string, unknown>)['guide_url']
  return typeof guide === 'string' ? guide : mix.audio_url
}

/**
 * A cut of the film: MP4 when an encoder is there and all segments are video, else one HTML file that plays by itself, and
 * always a JSON timeline beside it. The checksum is that of the file's bytes.
 */
export const makeEdit: Maker<'edit'> = async (job, work, tools) => {
  const reader = new FilmReader(work)
  const { entries, seconds } = timelineOf(job.cuts)
  for (const [i, cut] of job.cuts.entries()) {
    stopIfGivenUp(work)
    await reader.add(cut, entries[i]!.start_time)
    work.onProgress((i + 1) / (job.cuts.length + 2), cut.segment_id)
  }
  const sound = await filmSound(work.files, job.audio)
  if (sound.warning) reader.warnings.push(sound.warning)
  const captions = job.subtitles
    ? parseCaptions(job.subtitles.vtt).map((cue) => ({
        start: cue.start / 1000,
        end: cue.end / 1000,
        speaker: cue.speaker ?? '',
        text: cue.text,
      }))
    : []
  const real = reader.shots.every((shot) => shot.video !== null)
  const animatic: Animatic = {
    kind: 'troupe-animatic',
    version: 1,
    title: job.title,
    width: job.settings.width,
    height: job.settings.height,
    fps: job.settings.fps,
    duration: seconds,
    draft: !real || sound.silent,
    images: reader.images,
    shots: reader.shots,
    captions,
    sound: sound.sound,
  }
  const timeline = await work.files.write(
    `${work.path}/${job.file_name}.timeline.json`,
    timelineJson(animatic),
    'application/json',
  )
  let file: FileRef | null = null
  try {
    file = await encodeFilm(job, reader, sound, seconds, work, tools)
  } catch (error) {
    stopIfGivenUp(work)
    reader.warnings.push(`the film is an animatic: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!file) {
    const html = new TextEncoder().encode(animaticHtml(animatic))
    file = await work.files.write(`${work.path}/${job.file_name}.html`, html, 'text/html; charset=utf-8')
  }
  const checksum = `sha256:${file.sha256 || sha256(await work.files.read(file.url))}`
  const content = {
    video_url: file.url,
    duration_seconds: seconds,
    edit_timeline: entries,
    checksum,
    timeline_url: timeline.url,
  }
  return result<'edit'>(content, { file, draft: animatic.draft, warnings: reader.warnings })
}
