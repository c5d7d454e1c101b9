import type {
  AudioMix,
  CharacterDesign,
  CharacterProfile,
  DesignItem,
  DialogueAudioItem,
  Edit,
  FileRef,
  GeneratedFrame,
  MarketingAssets,
  QcReport,
  Scene,
  ScriptLine,
  Shot,
  SoundCue,
  StoryboardFrame,
  StyleGuide,
  Subtitles,
  VideoSegment,
  VoiceProfile,
} from './schema.ts'

/**
 * The port between the engine and whatever makes pictures, sound and edits: the local studio, or the Task Service.
 * The engine names a kind of job and hands over everything it needs; the service writes bytes through `work.files` and
 * answers the artifact content of that kind. Same job, same bytes. A job that fails throws MediaError.
 */
export type MediaKinds = {
  /** One storyboard frame as a picture -> one item of `generated_frames`. */
  frame: { job: FrameJob; content: GeneratedFrame }
  /** A picture of a character, place, costume or prop for its design. */
  design: { job: DesignJob; content: { image_url: string } }
  /** One moving segment from the frames that exist -> one item of `video_segments`. */
  segment: { job: SegmentJob; content: VideoSegment }
  /** One spoken line -> one item of `dialogue_audio`. */
  line: { job: LineJob; content: DialogueAudioItem }
  /** Music, effects or foley, one cue each -> `items` of `music_tracks`, `sound_effects`, `foley_tracks`. */
  sound: { job: SoundJob; content: { items: SoundCue[] } }
  /** All sound as one track exactly as long as the picture -> `audio_mix`. */
  mix: { job: MixJob; content: AudioMix }
  /** A cut of the film -> `rough_cut`, `composite`, `graded_edit` or `final_edit`. */
  edit: { job: EditJob; content: Edit }
  /** Final technical check of the film -> `qc_report`. */
  inspect: { job: InspectJob; content: QcReport }
  /** Trailer, clips and stills out of the finished film -> `marketing_assets`. */
  promote: { job: PromoteJob; content: MarketingAssets }
}
export type MediaKind = keyof MediaKinds

export type MediaSettings = {
  width: number
  height: number
  fps: number
  aspect_ratio: string
  quality: string
}

export type FrameJob = {
  frame: StoryboardFrame
  scene: Scene | null
  shot: Shot | null
  /** Everybody of the film in profile order, so that one person looks the same in every frame. */
  cast: CharacterProfile[]
  designs: CharacterDesign[]
  environment: DesignItem | null
  /** Who stands where in this shot and what they do, when a blocking plan was made. */
  blocking?: { character: string; position: string; action: string }[]
  style: StyleGuide | null
  settings: MediaSettings
  seed: number
  prompt: string
  negative_prompts: string[]
}
export type DesignJob = {
  subject: 'character' | 'environment' | 'costume' | 'prop'
  name: string
  description: string
  palette: string[]
  /** For a character: the whole cast, so that the sheet shows the person the frames will show. */
  cast?: CharacterProfile[]
  style: StyleGuide | null
  settings: MediaSettings
  seed: number
  prompt: string
}
export type SegmentJob = {
  segment_id: string
  scene: Scene | null
  frames: { frame: StoryboardFrame; image_url: string }[]
  shots: Shot[]
  /** Seconds; at most 7. */
  duration: number
  /** Motion, camera and light notes of the shots, when a full-profile run made them. */
  notes: Record<string, unknown>
  settings: MediaSettings
  seed: number
  prompt: string
}
export type LineJob = {
  line: ScriptLine
  scene_number: number
  voice: VoiceProfile | null
  direction: Record<string, unknown> | null
  seed: number
}
export type SoundJob = {
  role: 'music' | 'effects' | 'foley'
  cues: { id: string; scene_number: number; start: number; duration: number; prompt: string }[]
  seed: number
}
export type MixJob = {
  /** Length of the picture in seconds; the mix has the same. */
  duration: number
  /** Each track with the second it starts at. */
  tracks: { role: 'dialogue' | 'music' | 'effects' | 'foley'; audio_url: string; start: number; duration: number }[]
}
export type EditJob = {
  stage: 'rough_cut' | 'composite' | 'graded_edit' | 'final_edit'
  title: string
  /** File name without its ending; the final edit is `{project_id}_{workflow_id}`. */
  file_name: string
  cuts: {
    segment_id: string
    scene_number: number
    /** null: no usable segment, put a placeholder in and mark the result as draft. */
    video_url: string | null
    image_urls: string[]
    duration: number
    transition_out: 'hard_cut' | 'crossfade' | 'fade_out'
    caption: string
  }[]
  audio: AudioMix | null
  subtitles: Subtitles | null
  style: StyleGuide | null
  effects: Record<string, unknown>[]
  settings: MediaSettings
}
export type InspectJob = {
  edit: Edit
  /** Seconds the film should last, and how far it may be off. */
  expected: { duration: number; tolerance: number; segment_ids: string[] }
  /** True when the film is a draft: DRAFT_MEDIA is added and does not fail it. */
  draft: boolean
  settings: MediaSettings
}
export type PromoteJob = {
  title: string
  logline: string
  edit: Edit
  stills: { caption: string; image_url: string }[]
  segments: { segment_id: string; video_url: string; duration: number; caption: string }[]
  settings: MediaSettings
}

/** The folder of one workflow. Paths are relative, with `/`; a path that leaves the folder is refused. */
export type MediaFiles = {
  write(path: string, bytes: Uint8Array, mimeType: string): Promise<FileRef>
  /** Takes over a file that an encoder has written to `localPath(path)`. */
  adopt(path: string, mimeType: string): Promise<FileRef>
  /** By relative path, or by an address that `url` made. */
  read(pathOrUrl: string): Promise<Uint8Array>
  localPath(pathOrUrl: string): string
  url(path: string): string
}

/** What surrounds one job. */
export type MediaWork = {
  workflow_id: string
  project_id: string
  task_id: string
  agent_id: string
  scene_id: string | null
  correlation_id: string
  /** Workflow priority 1–10. */
  priority: number
  /** Prefix for the files of this job, unique for artifact, index and version: `generated_frames/0003.v1`. */
  path: string
  files: MediaFiles
  signal: AbortSignal
  /** An outside job that was submitted before a restart: take it up again instead of submitting twice. */
  external_job_id: string | null
  onSubmitted(externalJobId: string): Promise<void>
  /** 0 … 1. */
  onProgress(progress: number, step?: string): void
}

export type MediaResult<K extends MediaKind = MediaKind> = {
  content: MediaKinds[K]['content']
  /** The bytes the content speaks of; null when the content is all there is. */
  file: FileRef | null
  draft: boolean
  generated_by: 'task_service' | 'template'
  warnings: string[]
  resource_usage: { cpu_seconds?: number; gpu_seconds?: number; memory_gb?: number; cost?: number }
}

export interface MediaService {
  readonly name: 'local_studio' | 'task_service'
  /** False: the engine gives this kind of job to the local studio. */
  makes(kind: MediaKind): boolean
  make<K extends MediaKind>(kind: K, job: MediaKinds[K]['job'], work: MediaWork): Promise<MediaResult<K>>
}

export type MediaErrorCategory = 'transient' | 'permanent' | 'outage'

/**
 * Why a media job failed. `transient` is retried; `permanent` (refused input, unauthorised, cancelled outside) is not;
 * `outage` means the service cannot be reached: the task goes back to pending and the workflow waits for the service.
 */
export class MediaError extends Error {
  readonly category: MediaErrorCategory
  readonly type: string
  constructor(category: MediaErrorCategory, type: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'MediaError'
    this.category = category
    this.type = type
  }
}
