import type { TimelineEntry } from '../../schema.ts'
import { productionCues } from '../captions/export-captions.ts'
import { type ExportFile, fileName, utf8 } from '../export-file.ts'
import type { Production } from '../production.ts'

/** OpenTimelineIO 1.0 JSON. Every object names its schema and version; times are whole frames at the film's rate. */
type Otio = { OTIO_SCHEMA: string; [key: string]: unknown }

const CROSSFADE_SECONDS = 0.5
const FADE_OUT_SECONDS = 1

class Clock {
  readonly rate: number
  constructor(rate: number) {
    this.rate = rate
  }
  frames = (seconds: number) => Math.round(seconds * this.rate)
  time = (frames: number): Otio => ({ OTIO_SCHEMA: 'RationalTime.1', rate: this.rate, value: frames })
  range = (start: number, frames: number): Otio => ({
    OTIO_SCHEMA: 'TimeRange.1',
    start_time: this.time(start),
    duration: this.time(frames),
  })
}

const reference = (clock: Clock, url: string | null, frames: number): Otio =>
  url
    ? { OTIO_SCHEMA: 'ExternalReference.1', target_url: url, available_range: clock.range(0, frames), metadata: {} }
    : { OTIO_SCHEMA: 'MissingReference.1', available_range: null, metadata: {}, name: '' }

type ClipInput = {
  name: string
  url: string | null
  frames: number
  metadata: Record<string, unknown>
  markers?: Otio[]
}
const clip = (clock: Clock, c: ClipInput): Otio => ({
  OTIO_SCHEMA: 'Clip.2',
  name: c.name,
  source_range: clock.range(0, c.frames),
  media_references: { DEFAULT_MEDIA: reference(clock, c.url, c.frames) },
  active_media_reference_key: 'DEFAULT_MEDIA',
  effects: [],
  markers: c.markers ?? [],
  enabled: true,
  metadata: c.metadata,
})

const gap = (clock: Clock, frames: number): Otio => ({
  OTIO_SCHEMA: 'Gap.1',
  name: '',
  source_range: clock.range(0, frames),
  effects: [],
  markers: [],
  enabled: true,
  metadata: {},
})

const transition = (clock: Clock, name: string, before: number, after: number): Otio => ({
  OTIO_SCHEMA: 'Transition.1',
  name,
  transition_type: 'SMPTE_Dissolve',
  in_offset: clock.time(before),
  out_offset: clock.time(after),
  metadata: {},
})

const track = (name: string, kind: 'Video' | 'Audio', children: Otio[]): Otio => ({
  OTIO_SCHEMA: 'Track.1',
  name,
  kind,
  source_range: null,
  children,
  effects: [],
  markers: [],
  enabled: true,
  metadata: {},
})

/** Clips laid out by their start; what is free between them is a gap. Clips that overlap are moved behind each other. */
function laidOut(clock: Clock, items: { start: number; clip: (frames: number) => Otio; seconds: number }[]): Otio[] {
  const out: Otio[] = []
  let at = 0
  for (const item of [...items].sort((a, b) => a.start - b.start)) {
    const start = Math.max(at, clock.frames(item.start))
    const frames = clock.frames(item.start + item.seconds) - start
    if (frames <= 0) continue
    if (start > at) out.push(gap(clock, start - at))
    out.push(item.clip(frames))
    at = start + frames
  }
  return out
}

function pictureTrack(production: Production, clock: Clock, timeline: TimelineEntry[]): Otio {
  const segments = new Map((production.artifacts.video_segments?.segments ?? []).map((s) => [s.segment_id, s]))
  const frames = new Map((production.artifacts.storyboard_frames?.frames ?? []).map((f) => [f.frame_id, f]))
  const children: Otio[] = []
  const bounds = timeline.map((entry, i) => {
    const end = clock.frames(timeline[i + 1]?.start_time ?? entry.end_time)
    return { entry, start: clock.frames(entry.start_time), end }
  })
  bounds.forEach(({ entry, start, end }, i) => {
    const segment = segments.get(entry.segment_id)
    const first = frames.get(segment?.associated_frames[0] ?? '')
    const length = Math.max(1, end - start)
    children.push(
      clip(clock, {
        name: entry.segment_id,
        url: segment?.video_url ?? null,
        frames: length,
        metadata: {
          troupe: {
            frames: segment?.associated_frames ?? [],
            scene: first?.scene_number ?? null,
            note: first?.description ?? '',
          },
        },
      }),
    )
    const next = bounds[i + 1]
    const half = (seconds: number) => Math.min(clock.frames(seconds / 2), Math.floor(length / 2))
    if (entry.transition_out === 'crossfade' && next) {
      const after = Math.min(half(CROSSFADE_SECONDS), Math.floor((next.end - next.start) / 2))
      children.push(transition(clock, 'crossfade', half(CROSSFADE_SECONDS), after))
    }
    if (entry.transition_out === 'fade_out' && !next)
      children.push(transition(clock, 'fade out', Math.min(clock.frames(FADE_OUT_SECONDS), length), 0))
  })
  return track('Picture', 'Video', children)
}

function soundTracks(production: Production, clock: Clock, seconds: number): Otio[] {
  const { audio_mix, music_tracks } = production.artifacts
  const out: Otio[] = []
  if (audio_mix)
    out.push(
      track('Mix', 'Audio', [
        clip(clock, {
          name: 'mix',
          url: audio_mix.audio_url,
          frames: clock.frames(seconds),
          metadata: { troupe: { loudness_lufs: audio_mix.loudness_lufs } },
        }),
      ]),
    )
  if (music_tracks && music_tracks.items.length > 0)
    out.push(
      track(
        'Music',
        'Audio',
        laidOut(
          clock,
          music_tracks.items.map((cue) => ({
            start: cue.start,
            seconds: cue.duration,
            clip: (frames) => clip(clock, { name: cue.id, url: cue.audio_url, frames, metadata: {} }),
          })),
        ),
      ),
    )
  return out
}

/** A cut for a film that has none yet: one clip a frame, its shot's length each. */
function plannedTimeline(production: Production): TimelineEntry[] {
  const frames = production.artifacts.storyboard_frames?.frames ?? []
  const shots = new Map((production.artifacts.shot_list?.items ?? []).map((s) => [s.frame_id, s.duration]))
  let at = 0
  return frames.map((frame) => {
    const start = at
    at += shots.get(frame.frame_id) ?? production.target_duration / frames.length
    return { segment_id: frame.frame_id, start_time: start, end_time: at, transition_out: 'hard_cut' }
  })
}

/** The cut as an OpenTimelineIO timeline, for editing programs: picture, sound, captions as markers. */
export function exportOtio(production: Production): ExportFile {
  const edit = production.artifacts.final_edit ?? production.artifacts.rough_cut
  const timeline = edit?.edit_timeline ?? plannedTimeline(production)
  const clock = new Clock(production.fps)
  const seconds = edit?.duration_seconds ?? timeline.at(-1)?.end_time ?? 0
  const { cues } = productionCues(production)
  const markers = cues.map(
    (cue): Otio => ({
      OTIO_SCHEMA: 'Marker.2',
      name: cue.speaker ? `${cue.speaker}: ${cue.text}` : cue.text,
      color: 'GREEN',
      comment: '',
      marked_range: clock.range(
        clock.frames(cue.start / 1000),
        Math.max(1, clock.frames((cue.end - cue.start) / 1000)),
      ),
      metadata: {},
    }),
  )
  const document: Otio = {
    OTIO_SCHEMA: 'Timeline.1',
    name: production.title,
    global_start_time: clock.time(0),
    metadata: { troupe: { project_id: production.project_id, workflow_id: production.workflow_id } },
    tracks: {
      OTIO_SCHEMA: 'Stack.1',
      name: 'tracks',
      source_range: null,
      children: [pictureTrack(production, clock, timeline), ...soundTracks(production, clock, seconds)],
      effects: [],
      markers,
      enabled: true,
      metadata: {},
    },
  }
  return {
    bytes: utf8(`${JSON.stringify(document, null, 2)}\n`),
    name: fileName(production.title, '.otio'),
    mime: 'application/json',
    loss: [
      ...(edit ? [] : ['the film is not cut yet: the timeline follows the shot list']),
      'media are named by address, their bytes are not part of the file',
    ],
  }
}
