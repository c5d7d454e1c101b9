import type { InspectJob, MediaWork } from '../../media-port.ts'
import type { QcIssue, QcReport } from '../../schema.ts'
import { isHtml, readAnimatic } from '../animatic/animatic-html.ts'
import type { Animatic } from '../animatic/manifest.ts'
import { mp4Info } from '../video/mp4-info.ts'
import { type Maker, ms, result, type StudioTools, sha256, stopIfGivenUp } from './studio-work.ts'

/** Brightness below which a picture counts as black (contract 4.5). */
const BLACK = 0.05
/** A still picture this long counts as frozen. */
const FROZEN_SECONDS = 20
const SAMPLES = 3

const ADVICE: Record<string, string> = {
  DECODE_ERROR: 'Make the final edit again: the file cannot be played.',
  DURATION_MISMATCH: 'Trim or extend the cut to the target length.',
  RESOLUTION_MISMATCH: 'Render the film again in the workflow’s resolution.',
  BLACK_FRAME_DETECTED: 'Make the pictures of the named segment again.',
  FROZEN_FRAME: 'Give the named segment more pictures or a shorter length.',
  MISSING_SEGMENT: 'Make the missing segment and cut the film again.',
  NO_AUDIO_TRACK: 'Mix the sound and join it with the picture again.',
  CHECKSUM_MISMATCH: 'Store the film again: the file was changed after the edit.',
  DRAFT_MEDIA: 'Configure the Task Service to replace the drawn pictures and silent tracks.',
}

type Facts = { duration: number; codec: string; width: number; height: number; fps: number; hasAudio: boolean }
type Findings = { issues: QcIssue[]; previews: string[] }

const issue = (code: string, severity: QcIssue['severity'], description: string, segment_id?: string): QcIssue => ({
  code,
  severity,
  description,
  ...(segment_id ? { segment_id } : {}),
})

/** Looks at pictures spread over the film: three at least, all of a short one. */
async function samplePictures(film: Animatic, work: MediaWork, tools: StudioTools): Promise<Findings> {
  const pictures = film.shots.filter((shot) => shot.image !== null)
  const wanted = Math.min(pictures.length, Math.max(SAMPLES, 12))
  const chosen = [...new Set(Array.from({ length: wanted }, (_, i) => Math.floor((i * pictures.length) / wanted)))].map(
    (i) => pictures[i]!,
  )
  const issues: QcIssue[] = []
  for (const shot of chosen) {
    stopIfGivenUp(work)
    try {
      const seen = await tools.images.look(film.images[shot.image!]!, film.width, film.height)
      if (seen.brightness < BLACK)
        issues.push(issue('BLACK_FRAME_DETECTED', 'high', `The picture at ${shot.start} s is black.`, shot.id))
    } catch {
      issues.push(issue('DECODE_ERROR', 'high', `The picture at ${shot.start} s cannot be decoded.`, shot.id))
    }
  }
  return { issues, previews: await previews(film, chosen, work, tools) }
}

async function previews(
  film: Animatic,
  chosen: Animatic['shots'],
  work: MediaWork,
  tools: StudioTools,
): Promise<string[]> {
  const out: string[] = []
  const picks = [0, 0.5, 1]
    .map((share) => chosen[Math.round(share * (chosen.length - 1))])
    .filter((shot) => shot !== undefined)
  for (const [i, shot] of picks.entries()) {
    const uri = film.images[shot.image!]!
    const size = `width="${film.width}" height="${film.height}"`
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size} viewBox="0 0 ${film.width} ${film.height}"><image ${size} xlink:href="${uri}"/></svg>`
    // A picture that cannot be decoded is already an issue; it has no preview.
    const png = await tools.images.png(svg, 640).catch(() => null)
    if (png) out.push((await work.files.write(`${work.path}.preview-${i + 1}.png`, png, 'image/png')).url)
  }
  return out
}

/** The same picture standing too long, across the shots that show it. */
function frozen(film: Animatic): QcIssue[] {
  const issues: QcIssue[] = []
  let start = 0
  film.shots.forEach((shot, i) => {
    const next = film.shots[i + 1]
    if (shot.image !== null && next?.image === shot.image) return
    const first = film.shots[start]!
    const seconds = shot.start + shot.duration - first.start
    if (shot.image !== null && seconds > FROZEN_SECONDS)
      issues.push(
        issue('FROZEN_FRAME', 'low', `One picture stands for ${ms(seconds)} s from ${first.start} s.`, first.id),
      )
    start = i + 1
  })
  return issues
}

function compare(job: InspectJob, facts: Facts): QcIssue[] {
  const { duration, tolerance } = job.expected
  const issues: QcIssue[] = []
  if (Math.abs(facts.duration - duration) > tolerance + 0.001)
    issues.push(
      issue(
        'DURATION_MISMATCH',
        'high',
        `The film lasts ${ms(facts.duration)} s instead of ${duration} s ± ${ms(tolerance)} s.`,
      ),
    )
  if (facts.width !== job.settings.width || facts.height !== job.settings.height)
    issues.push(
      issue(
        'RESOLUTION_MISMATCH',
        'high',
        `The film is ${facts.width}x${facts.height} instead of ${job.settings.width}x${job.settings.height}.`,
      ),
    )
  if (!facts.hasAudio)
    issues.push(issue('NO_AUDIO_TRACK', 'high', 'The film has no sound track, not even a silent one.'))
  return issues
}

/** Technical check of the finished film: its bytes, length, size, pictures, segments and sound. Fails on any high severity. */
export const makeInspect: Maker<'inspect'> = async (job, work, tools) => {
  const issues: QcIssue[] = []
  let previewImages: string[] = []
  let facts: Facts = { duration: 0, codec: 'unknown', width: 0, height: 0, fps: 0, hasAudio: false }
  let bytes: Uint8Array | null = null
  try {
    bytes = await work.files.read(job.edit.video_url)
  } catch (error) {
    issues.push(
      issue(
        'DECODE_ERROR',
        'high',
        `The film cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      ),
    )
  }
  if (bytes) {
    if (`sha256:${sha256(bytes)}` !== job.edit.checksum)
      issues.push(issue('CHECKSUM_MISMATCH', 'high', 'The bytes of the film are not those of the edit.'))
    const film = isHtml(bytes) ? readAnimatic(new TextDecoder().decode(bytes)) : null
    const video = film ? null : mp4Info(bytes)
    if (film) {
      facts = {
        duration: film.duration,
        codec: 'html-animatic',
        width: film.width,
        height: film.height,
        fps: film.fps,
        hasAudio: true,
      }
      const seen = await samplePictures(film, work, tools)
      previewImages = seen.previews
      issues.push(...seen.issues, ...frozen(film))
    } else if (video) facts = { ...video, fps: video.fps ?? job.settings.fps }
    if (film || video) issues.push(...compare(job, facts))
    else issues.push(issue('DECODE_ERROR', 'high', 'The file is neither an MP4 film nor an animatic of this studio.'))
  }
  const present = new Set(job.edit.edit_timeline.map((entry) => entry.segment_id))
  for (const id of job.expected.segment_ids)
    if (!present.has(id)) issues.push(issue('MISSING_SEGMENT', 'high', `${id} is not in the film.`, id))
  if (job.draft) issues.push(issue('DRAFT_MEDIA', 'low', 'The film contains draft pictures or sound.'))
  const report: QcReport = {
    status: issues.some((found) => found.severity === 'high') ? 'fail' : 'pass',
    issues,
    recommended_actions: [
      ...new Set(issues.map((found) => ADVICE[String(found.code)]).filter((text) => text !== undefined)),
    ],
    preview_images: previewImages,
    technical: {
      duration: ms(facts.duration),
      codec: facts.codec,
      resolution: `${facts.width}x${facts.height}`,
      fps: facts.fps,
    },
  }
  const file = await work.files.write(
    `${work.path}.json`,
    new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`),
    'application/json',
  )
  return result<'inspect'>(report, { file, draft: job.draft })
}
