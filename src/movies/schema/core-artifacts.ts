import { z } from 'zod'
import { QcCode, Severity } from './enums.ts'
import { countWords, text, texts, wordText } from './words.ts'

/** The ten artifacts on the critical path (contract 4.4, first table). */

const sceneNumber = z.int().min(1)
const unit = z.record(z.string(), z.unknown())

export const ConceptBrief = z
  .looseObject({
    title: text,
    logline: text,
    genre_tags: z.array(text).max(3),
    tone_keywords: z.array(text).max(3),
    core_conflict: text,
    audience_promise: z.string().optional(),
    success_criteria: texts.optional(),
    validation_notes: texts.default([]),
  })
  .refine((brief) => countWords(JSON.stringify(brief).replace(/[{}[\]",:]/g, ' ')) < 250, {
    error: 'the whole brief must have fewer than 250 words',
  })
export type ConceptBrief = z.infer<typeof ConceptBrief>

export const StoryArc = z.looseObject({
  setup: wordText(80),
  escalation: wordText(80),
  resolution: wordText(80),
  emotional_beats: z.array(text).length(3),
  continuity_flags: texts.default([]),
})
export type StoryArc = z.infer<typeof StoryArc>

export const Scene = z.looseObject({
  scene_number: sceneNumber,
  goal: wordText(40),
  location: text,
  primary_characters: z.array(text).max(4),
  visual_hook: text,
  beat_notes: z.array(text).max(3),
  /** A silent scene needs no lines (episode_production). */
  silent: z.boolean().optional(),
  /** A scene of high action gets three frames instead of two. */
  high_action: z.boolean().optional(),
})
export type Scene = z.infer<typeof Scene>

export const SceneList = z
  .looseObject({ scenes: z.array(Scene).min(1).max(60), continuity_flags: texts.default([]) })
  .refine((list) => list.scenes.every((scene, i) => scene.scene_number === i + 1), {
    error: 'scene_number must run 1, 2, … without gaps',
    path: ['scenes'],
  })
export type SceneList = z.infer<typeof SceneList>

export const CharacterProfile = z.looseObject({
  name: text,
  role: z.enum(['protagonist', 'antagonist', 'support']),
  motivation: wordText(50),
  visual_signature: wordText(40),
  relationships: z.array(z.union([z.string(), unit])).default([]),
  continuity_notes: texts.default([]),
})
export type CharacterProfile = z.infer<typeof CharacterProfile>

export const CharacterProfiles = z
  .looseObject({
    characters: z.array(CharacterProfile).min(1).max(20),
    unresolved_references: texts.default([]),
  })
  .refine((list) => new Set(list.characters.map((c) => c.name.toLowerCase())).size === list.characters.length, {
    error: 'every character needs a name of its own',
    path: ['characters'],
  })
export type CharacterProfiles = z.infer<typeof CharacterProfiles>

export const StoryboardFrame = z.looseObject({
  frame_id: z.string().regex(/^SCENE_\d+_SHOT_\d+$/, 'must look like SCENE_1_SHOT_2'),
  scene_number: sceneNumber,
  shot_order: z.int().min(1),
  description: wordText(60),
  camera_notes: z.string(),
  characters_present: texts,
  lighting_mood: z.string().optional(),
  prompt_seed: z.union([z.string(), z.number()]).optional(),
})
export type StoryboardFrame = z.infer<typeof StoryboardFrame>

export const StoryboardFrames = z.looseObject({
  frames: z.array(StoryboardFrame).min(1).max(240),
  continuity_notes: texts.default([]),
})
export type StoryboardFrames = z.infer<typeof StoryboardFrames>

export const ProviderMetadata = z.looseObject({
  seed: z.union([z.string(), z.number()]).optional(),
  model: z.string().optional(),
  steps: z.number().optional(),
  inference_time_ms: z.number().optional(),
})

export const GeneratedFrame = z.looseObject({
  frame_id: text,
  image_url: text,
  negative_prompts: texts.optional(),
  provider_metadata: ProviderMetadata.default({}),
  quality_score: z.number().min(0).max(100).optional(),
})
export type GeneratedFrame = z.infer<typeof GeneratedFrame>

export const GeneratedFrames = z.looseObject({
  frames: z.array(GeneratedFrame),
  failed_frames: z.array(z.looseObject({ frame_id: text, error: z.string() })).default([]),
})
export type GeneratedFrames = z.infer<typeof GeneratedFrames>

export const VideoSegment = z.looseObject({
  segment_id: z.string().regex(/^SEGMENT_\d+$/, 'must look like SEGMENT_1'),
  associated_frames: texts,
  video_url: text,
  duration_seconds: z.number().positive(),
  provider_metadata: ProviderMetadata.default({}),
})
export type VideoSegment = z.infer<typeof VideoSegment>

export const VideoSegments = z.looseObject({
  segments: z.array(VideoSegment),
  failed_segments: z.array(z.looseObject({ segment_id: text, error: z.string() })).default([]),
})
export type VideoSegments = z.infer<typeof VideoSegments>

export const TRANSITIONS = ['hard_cut', 'crossfade', 'fade_out'] as const

export const TimelineEntry = z.looseObject({
  segment_id: text,
  start_time: z.number().min(0),
  end_time: z.number().min(0),
  transition_out: z.string(),
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

export const Edit = z.looseObject({
  video_url: text,
  duration_seconds: z.number().positive(),
  edit_timeline: z.array(TimelineEntry),
  checksum: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits'),
})
export type Edit = z.infer<typeof Edit>

export const QcIssue = z.looseObject({
  code: QcCode.or(text),
  severity: Severity,
  description: z.string(),
  segment_id: z.string().optional(),
})
export type QcIssue = z.infer<typeof QcIssue>

export const QcReport = z.looseObject({
  status: z.enum(['pass', 'fail']),
  issues: z.array(QcIssue),
  recommended_actions: texts.default([]),
  preview_images: texts.default([]),
  technical: z.looseObject({
    duration: z.number(),
    codec: z.string(),
    resolution: z.string(),
    fps: z.number(),
  }),
})
export type QcReport = z.infer<typeof QcReport>

export const DistributionRecord = z.looseObject({
  storage_location: text,
  public_url: text,
  expires_at: text,
  metadata: z.looseObject({
    title: z.string(),
    duration_seconds: z.number(),
    checksum: z.string(),
    tags: texts,
  }),
  audit_log_id: text,
})
export type DistributionRecord = z.infer<typeof DistributionRecord>
