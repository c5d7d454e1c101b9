import type {
  DesignJob,
  EditJob,
  FrameJob,
  InspectJob,
  LineJob,
  MediaKind,
  MediaKinds,
  MediaSettings,
  MixJob,
  PromoteJob,
  SegmentJob,
  SoundJob,
} from '../../media-port.ts'
import type {
  AudioMix,
  CharacterDesign,
  DesignItem,
  DialogueAudioItem,
  DialogueScript,
  Edit,
  GeneratedFrame,
  Scene,
  ScriptLine,
  Shot,
  SoundCue,
  StoryboardFrame,
  StyleGuide,
  Subtitles,
  VideoSegment,
  VoiceProfile,
} from '../../schema.ts'
import { saysSize } from '../../studio/read/camera.ts'
import type { AgentInput } from '../craft/craft.ts'
import { hashIndex } from '../craft/prose.ts'
import { factsOf, itemsOf, profilesOf, scenesIn } from '../craft/story-facts.ts'
import { timeLines } from './time-lines.ts'

/** Turns the task of a media agent into a job for the media service: everything the service needs, nothing it must ask. */
export type MediaJob<K extends MediaKind = MediaKind> = { kind: K; job: MediaKinds[K]['job'] }
type Maker = (input: AgentInput) => MediaJob

const settingsOf = (input: AgentInput): MediaSettings => {
  const { width, height, fps, aspect_ratio, quality } = input.settings
  return { width, height, fps, aspect_ratio, quality }
}
/** A later run of the same item gets another seed. */
const seedOf = (input: AgentInput) =>
  hashIndex(2_147_483_647, input.workflow.workflow_id, input.task.task_type, input.task.index, input.task.run)

const styleOf = (input: AgentInput) => (input.artifacts.style_guide ?? null) as StyleGuide | null
const frames = (input: AgentInput) => itemsOf<StoryboardFrame>(input, 'storyboard_frames', 'frames')
const shots = (input: AgentInput) => itemsOf<Shot>(input, 'shot_list')
const sceneOf = (input: AgentInput, n: number): Scene | null =>
  scenesIn(input).find((s) => s.scene_number === n) ?? null
const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase()

type Position = { character: string; position: string; action: string }
/** Who stands where in the frame's shot, where a blocking plan says it. */
function blockingOf(input: AgentInput, frameId: string): Position[] {
  const shot = shots(input).find((s) => s.frame_id === frameId)
  const plan = itemsOf<{ shot_id: string; positions?: unknown }>(input, 'blocking_plan').find(
    (note) => shot !== undefined && note.shot_id === shot.shot_id,
  )
  const positions = Array.isArray(plan?.positions) ? (plan.positions as Partial<Position>[]) : []
  return positions.flatMap((p) =>
    typeof p?.character === 'string'
      ? [{ character: p.character, position: String(p.position ?? ''), action: String(p.action ?? '') }]
      : [],
  )
}

/** What a person asked of a picture that is made again leads the words its camera and light are read from. */
function asWished(input: AgentInput): { frame: StoryboardFrame; shot: Shot | null; wish: string } {
  const planned = input.input['frame'] as StoryboardFrame
  const shot = shots(input).find((s) => s.frame_id === planned.frame_id) ?? null
  const wish = typeof input.input['feedback'] === 'string' ? input.input['feedback'].split('\n').at(-1)! : ''
  if (wish === '') return { frame: planned, shot, wish }
  const frame = {
    ...planned,
    camera_notes: `${wish}. ${planned.camera_notes}`,
    lighting_mood: [wish, planned.lighting_mood].filter(Boolean).join(', '),
  }
  return { frame, shot: shot && { ...shot, angle: saysSize(wish) ? wish : `${wish}, ${shot.angle}` }, wish }
}

function frameJob(input: AgentInput): FrameJob {
  const { frame, shot, wish } = asWished(input)
  const scene = sceneOf(input, frame.scene_number)
  const f = factsOf(input)
  const style = styleOf(input)
  const environment =
    itemsOf<DesignItem>(input, 'environment_designs').find((d) => scene && same(d.name, scene.location)) ?? null
  return {
    frame,
    scene,
    shot,
    cast: profilesOf(input),
    designs: itemsOf<CharacterDesign>(input, 'character_designs'),
    environment,
    blocking: blockingOf(input, frame.frame_id),
    style,
    settings: settingsOf(input),
    seed: seedOf(input),
    prompt: [frame.description, wish, frame.camera_notes, frame.lighting_mood, style?.visual_style ?? f.visual]
      .filter(Boolean)
      .join('. '),
    negative_prompts: ['text', 'watermark', 'deformed hands', ...(style?.avoid ?? [])],
  }
}

function segmentJob(input: AgentInput): SegmentJob {
  const ids = input.input['frame_ids'] as string[]
  const drawn = new Map(
    itemsOf<GeneratedFrame>(input, 'generated_frames', 'frames').map((g) => [g.frame_id, g.image_url]),
  )
  const placeholder = input.input['placeholder'] === true
  const own = placeholder ? [] : frames(input).filter((f) => ids.includes(f.frame_id) && drawn.has(f.frame_id))
  const scene = sceneOf(input, Number(input.input['scene_number']))
  const ownShots = shots(input).filter((s) => ids.includes(s.frame_id))
  const notes: Record<string, unknown> = {}
  for (const name of ['animation_notes', 'camera_moves', 'lighting_setups', 'motion_data'] as const) {
    const items = itemsOf<{ shot_id: string }>(input, name).filter((n) => ownShots.some((s) => s.shot_id === n.shot_id))
    if (items.length > 0) notes[name] = items
  }
  return {
    segment_id: String(input.input['segment_id']),
    scene,
    frames: own.map((frame) => ({ frame, image_url: drawn.get(frame.frame_id)! })),
    shots: ownShots,
    duration: Number(input.input['duration']),
    notes,
    settings: settingsOf(input),
    seed: seedOf(input),
    prompt: [scene?.goal, ...own.map((f) => f.description)].filter(Boolean).join(' '),
  }
}

function lineJob(input: AgentInput): LineJob {
  const line = input.input['line'] as ScriptLine
  const library = itemsOf<{ character: string; profile: unknown }>(input, 'voice_library').find((v) =>
    same(v.character, line.character),
  )
  const voice = itemsOf<VoiceProfile>(input, 'voice_profiles').find((v) => same(v.character, line.character))
  return {
    line,
    scene_number: Number(input.input['scene_number']),
    voice: voice ?? (library?.profile as VoiceProfile | undefined) ?? null,
    direction: itemsOf<{ line_id: string }>(input, 'voice_direction').find((d) => d.line_id === line.line_id) ?? null,
    seed: seedOf(input),
  }
}

/** Where each scene lies in the planned film, in seconds. */
function scenePlan(input: AgentInput): { scene: Scene; start: number; duration: number }[] {
  let at = 0
  const plan = scenesIn(input).map((scene) => {
    const duration = input.segments
      .filter((s) => s.scene_number === scene.scene_number)
      .reduce((sum, s) => sum + s.duration, 0)
    const start = at
    at += duration
    return { scene, start: round(start), duration: round(duration) }
  })
  return plan.filter((p) => p.duration > 0)
}
const round = (n: number) => Math.round(n * 1000) / 1000

const soundJob =
  (role: SoundJob['role'], prompt: (input: AgentInput, scene: Scene, i: number) => string) =>
  (input: AgentInput): SoundJob => ({
    role,
    cues: scenePlan(input).map(({ scene, start, duration }, i) => ({
      id: `${role}_${scene.scene_number}`,
      scene_number: scene.scene_number,
      start,
      duration,
      prompt: prompt(input, scene, i),
    })),
    seed: seedOf(input),
  })

const music = soundJob('music', (input, scene, i) => {
  const f = factsOf(input)
  return `${f.motif.instruments}, ${f.tone.adjective}, ${i === 0 ? 'holding back' : 'opening up'}, for a scene in which ${scene.goal}`
})
const effects = soundJob('effects', (input, scene, i) => {
  const f = factsOf(input)
  return `${f.motif.sounds[i % 3]}, as heard at ${scene.location}`
})
const foley = soundJob('foley', (input, scene) => {
  const f = factsOf(input)
  return `${f.motif.steps}, ${scene.primary_characters.join(' and ')} at ${scene.location}`
})

function mixJob(input: AgentInput): MixJob {
  const cut = input.artifacts.rough_cut as Edit | undefined
  const duration = cut?.duration_seconds ?? input.settings.duration
  const scene = new Map(input.segments.map((s) => [s.segment_id, s.scene_number]))
  const audio = itemsOf<DialogueAudioItem>(input, 'dialogue_audio')
  const script = (input.artifacts.dialogue_script ?? { scenes: [] }) as DialogueScript
  const spoken = timeLines(script, cut?.edit_timeline ?? [], (id) => scene.get(id), audio).flatMap((timed) => {
    const sound = audio.find((a) => a.line_id === timed.line.line_id)
    return sound
      ? [
          {
            role: 'dialogue' as const,
            audio_url: sound.audio_url,
            start: timed.start,
            duration: round(timed.end - timed.start),
          },
        ]
      : []
  })
  const cues = (name: 'music_tracks' | 'sound_effects' | 'foley_tracks', role: 'music' | 'effects' | 'foley') =>
    itemsOf<SoundCue>(input, name)
      .filter((c) => c.start < duration)
      .map((c) => ({
        role,
        audio_url: c.audio_url,
        start: c.start,
        duration: round(Math.min(c.duration, duration - c.start)),
      }))
  return {
    duration,
    tracks: [
      ...spoken,
      ...cues('music_tracks', 'music'),
      ...cues('sound_effects', 'effects'),
      ...cues('foley_tracks', 'foley'),
    ],
  }
}

/** The usable segments in the order of the plan; scenes are joined by a crossfade, the film ends with a fade. */
function cutsOf(input: AgentInput): EditJob['cuts'] {
  const made = new Map(itemsOf<VideoSegment>(input, 'video_segments', 'segments').map((s) => [s.segment_id, s]))
  const images = new Map(
    itemsOf<GeneratedFrame>(input, 'generated_frames', 'frames').map((g) => [g.frame_id, g.image_url]),
  )
  const used = input.segments.filter((plan) => made.has(plan.segment_id))
  return used.map((plan, i) => {
    const next = used[i + 1]
    const segment = made.get(plan.segment_id)!
    return {
      segment_id: plan.segment_id,
      scene_number: plan.scene_number,
      video_url: segment.video_url,
      image_urls: plan.frame_ids.flatMap((id) => images.get(id) ?? []),
      duration: segment.duration_seconds,
      transition_out: !next ? 'fade_out' : next.scene_number === plan.scene_number ? 'hard_cut' : 'crossfade',
      caption: sceneOf(input, plan.scene_number)?.goal ?? '',
    }
  })
}

export const finalFileName = (input: AgentInput) => `${input.workflow.project_id}_${input.workflow.workflow_id}`

const editJob =
  (stage: EditJob['stage'], withSound: boolean) =>
  (input: AgentInput): EditJob => ({
    stage,
    title: input.workflow.title,
    file_name: stage === 'final_edit' ? finalFileName(input) : stage,
    cuts: cutsOf(input),
    audio: withSound ? ((input.artifacts.audio_mix ?? null) as AudioMix | null) : null,
    subtitles: withSound ? ((input.artifacts.subtitles ?? null) as Subtitles | null) : null,
    style: styleOf(input),
    effects: stage === 'rough_cut' ? [] : itemsOf<Record<string, unknown>>(input, 'vfx_plan'),
    settings: settingsOf(input),
  })

function inspectJob(input: AgentInput): InspectJob {
  const expected = input.input['expected'] as { wanted: number; tolerance: number }
  return {
    edit: input.artifacts.final_edit as Edit,
    expected: {
      duration: expected.wanted,
      tolerance: expected.tolerance,
      segment_ids: cutsOf(input).map((cut) => cut.segment_id),
    },
    draft: input.input['draft'] === true,
    settings: settingsOf(input),
  }
}

function promoteJob(input: AgentInput): PromoteJob {
  const images = new Map(
    itemsOf<GeneratedFrame>(input, 'generated_frames', 'frames').map((g) => [g.frame_id, g.image_url]),
  )
  return {
    title: input.workflow.title,
    logline: String(input.artifacts.concept_brief?.['logline'] ?? input.workflow.title),
    edit: input.artifacts.final_edit as Edit,
    stills: frames(input).flatMap((f) =>
      images.has(f.frame_id) ? [{ caption: f.description, image_url: images.get(f.frame_id)! }] : [],
    ),
    segments: cutsOf(input).flatMap((c) =>
      c.video_url
        ? [{ segment_id: c.segment_id, video_url: c.video_url, duration: c.duration, caption: c.caption }]
        : [],
    ),
    settings: settingsOf(input),
  }
}

/** By task type. */
export const MEDIA_JOBS: Readonly<Record<string, Maker>> = {
  frames: (input) => ({ kind: 'frame', job: frameJob(input) }),
  segments: (input) => ({ kind: 'segment', job: segmentJob(input) }),
  dialogue_audio: (input) => ({ kind: 'line', job: lineJob(input) }),
  music: (input) => ({ kind: 'sound', job: music(input) }),
  sound_effects: (input) => ({ kind: 'sound', job: effects(input) }),
  foley_tracks: (input) => ({ kind: 'sound', job: foley(input) }),
  audio_mix: (input) => ({ kind: 'mix', job: mixJob(input) }),
  rough_cut: (input) => ({ kind: 'edit', job: editJob('rough_cut', false)(input) }),
  composite: (input) => ({ kind: 'edit', job: editJob('composite', false)(input) }),
  graded_edit: (input) => ({ kind: 'edit', job: editJob('graded_edit', false)(input) }),
  final_edit: (input) => ({ kind: 'edit', job: editJob('final_edit', true)(input) }),
  final_qc: (input) => ({ kind: 'inspect', job: inspectJob(input) }),
  marketing: (input) => ({ kind: 'promote', job: promoteJob(input) }),
}

/** Pictures for designs made in words: by task type, one job for each item that has none. */
export function designJobs(
  input: AgentInput,
  content: Record<string, unknown>,
): { index: number | null; job: DesignJob }[] {
  const subject = DESIGN_SUBJECTS[input.task.task_type]
  if (!subject) return []
  const job = (name: string, description: string, palette: string[]): DesignJob => ({
    subject,
    name,
    description,
    palette,
    ...(subject === 'character' ? { cast: profilesOf(input) } : {}),
    style: styleOf(input),
    settings: settingsOf(input),
    seed: seedOf(input),
    prompt: `${name}: ${description}`,
  })
  if (subject === 'character') {
    const d = content as unknown as CharacterDesign
    return d.image_url ? [] : [{ index: null, job: job(d.character, `${d.appearance} ${d.clothing}`, d.palette) }]
  }
  const palette = styleOf(input)?.palette ?? []
  return ((content['items'] ?? []) as DesignItem[]).flatMap((d, index) =>
    d.image_url ? [] : [{ index, job: job(d.name, d.description, palette) }],
  )
}
const DESIGN_SUBJECTS: Readonly<Record<string, DesignJob['subject']>> = {
  character_designs: 'character',
  environment_designs: 'environment',
}
