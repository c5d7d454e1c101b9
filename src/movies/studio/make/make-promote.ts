import type { PromoteJob } from '../../media-port.ts'
import { animaticHtml } from '../animatic/animatic-html.ts'
import type { Animatic, AnimaticShot } from '../animatic/manifest.ts'
import { pictureUri } from './picture-uri.ts'
import { type Maker, readIfThere, result, stopIfGivenUp } from './studio-work.ts'

const SHOT_SECONDS = 2
const MAX_SHOTS = 10
const MAX_CLIPS = 3
const MAX_STILLS = 6

/** Pictures spread over the film, its first and last among them. */
const spread = <T>(list: T[], max: number): T[] => {
  if (list.length <= max) return list
  return Array.from({ length: max }, (_, i) => list[Math.round((i * (list.length - 1)) / (max - 1))]!)
}

/** Trailer, clips, stills and captions out of the finished film. */
export const makePromote: Maker<'promote'> = async (job: PromoteJob, work) => {
  const images: Record<string, string> = {}
  const shots: AnimaticShot[] = []
  for (const [i, still] of spread(job.stills, MAX_SHOTS).entries()) {
    stopIfGivenUp(work)
    const bytes = await readIfThere(work.files, still.image_url)
    const uri = bytes ? pictureUri(bytes) : null
    if (uri) images[`i${i}`] = uri
    shots.push({
      id: `TRAILER_${i + 1}`,
      scene: i + 1,
      start: i * SHOT_SECONDS,
      duration: SHOT_SECONDS,
      image: uri ? `i${i}` : null,
      video: null,
      frame: null,
      text: still.caption,
      transition: 'crossfade',
      placeholder: !uri,
    })
  }
  const end = shots.length * SHOT_SECONDS
  shots.push({
    id: 'TITLE',
    scene: shots.length + 1,
    start: end,
    duration: SHOT_SECONDS,
    image: null,
    video: null,
    frame: null,
    text: job.title,
    transition: 'fade_out',
    placeholder: false,
  })
  const animatic: Animatic = {
    kind: 'troupe-animatic',
    version: 1,
    title: `${job.title}: trailer`,
    width: job.settings.width,
    height: job.settings.height,
    fps: job.settings.fps,
    duration: end + SHOT_SECONDS,
    draft: true,
    images,
    shots,
    captions: [{ start: 0, end: Math.max(SHOT_SECONDS, Math.min(end, 6)), speaker: '', text: job.logline }],
    sound: {
      kind: 'guide',
      cues: [{ role: 'music', who: '', words: 0, text: job.title, start: 0, duration: end + SHOT_SECONDS }],
    },
  }
  const html = new TextEncoder().encode(animaticHtml(animatic))
  const file = await work.files.write(`${work.path}/trailer.html`, html, 'text/html; charset=utf-8')
  return result<'promote'>(
    {
      trailer_url: file.url,
      clips: spread(job.segments, MAX_CLIPS).map(({ segment_id, video_url, duration, caption }) => ({
        segment_id,
        video_url,
        duration,
        caption,
      })),
      stills: spread(job.stills, MAX_STILLS),
      captions: [
        { use: 'headline', text: job.title },
        { use: 'teaser', text: job.logline },
        { use: 'announcement', text: `${job.title}: ${job.logline}` },
      ],
    },
    { file },
  )
}
