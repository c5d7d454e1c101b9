import { z } from 'zod'
import { SceneList } from './core-artifacts.ts'
import { Severity } from './enums.ts'
import { text, texts } from './words.ts'

/** The artifacts around the critical path: minimum fields of contract 4.4, further fields are kept. */

const any = z.unknown()
const loose = z.record(z.string(), any)
/** A list artifact: `{ items: […] }` and whatever stands beside it. */
const listOf = <T extends z.ZodType>(item: T) => z.looseObject({ items: z.array(item) })
const sceneNumber = z.int().min(1)
const score = z.number().min(0).max(100)

export const WorldGuide = z.looseObject({
  rules: z.array(any),
  places: z.array(any),
  culture: z.union([z.string(), loose]),
  history: z.union([z.string(), loose]),
  glossary: z.array(any),
})
export type WorldGuide = z.infer<typeof WorldGuide>

export const StoryBible = z.looseObject({
  facts: z.array(z.looseObject({ id: text, text, source: z.string() })),
  characters: z.array(any),
  timeline: z.array(z.looseObject({ at: z.union([z.string(), z.number()]), event: text })),
  conflicts: z.array(any),
})
export type StoryBible = z.infer<typeof StoryBible>

export const EpisodeOutline = z.looseObject({
  episode_number: z.int().min(1).max(50),
  title: text,
  beats: z.array(any),
  scene_list: SceneList,
})
export type EpisodeOutline = z.infer<typeof EpisodeOutline>

export const ScriptLine = z.looseObject({
  line_id: text,
  character: text,
  text,
  emotion: z.string(),
  direction: z.string(),
})
export type ScriptLine = z.infer<typeof ScriptLine>

export const DialogueScript = z.looseObject({
  scenes: z.array(z.looseObject({ scene_number: sceneNumber, lines: z.array(ScriptLine) })),
})
export type DialogueScript = z.infer<typeof DialogueScript>

export const CharacterDesign = z.looseObject({
  character: text,
  appearance: text,
  clothing: text,
  features: z.array(any),
  palette: texts,
  image_url: z.string().optional(),
})
export type CharacterDesign = z.infer<typeof CharacterDesign>
export const CharacterDesigns = listOf(CharacterDesign)

export const VoiceProfile = z.looseObject({
  character: text,
  age: z.union([z.string(), z.number()]),
  timbre: text,
  accent: z.string(),
  pace: z.union([z.string(), z.number()]),
  emotional_range: texts,
  sample_text: text,
})
export type VoiceProfile = z.infer<typeof VoiceProfile>
export const VoiceProfiles = listOf(VoiceProfile)

export const DialogueAudioItem = z.looseObject({
  line_id: text,
  character: text,
  audio_url: text,
  duration: z.number().min(0),
})
export type DialogueAudioItem = z.infer<typeof DialogueAudioItem>
export const DialogueAudio = listOf(DialogueAudioItem)

export const VoiceDirection = listOf(
  z.looseObject({
    line_id: text,
    character: text,
    emotion: z.string(),
    pace: z.union([z.string(), z.number()]),
    emphasis: z.union([z.string(), texts]),
    direction: z.string(),
  }),
)
export const RelationshipMap = listOf(z.looseObject({ from: text, to: text, relation: text, note: z.string() }))
export const CastList = listOf(z.looseObject({ character: text, archetype: text, rationale: text }))
export const CharacterArc = z.looseObject({
  character: text,
  start: z.string(),
  turning_points: z.array(any),
  end: z.string(),
  per_scene: z.array(any),
})
export type CharacterArc = z.infer<typeof CharacterArc>
export const CharacterArcs = listOf(CharacterArc)
export const VoiceLibrary = listOf(
  z.looseObject({
    character: text,
    voice_id: text,
    version: z.union([z.string(), z.number()]),
    profile: any,
  }),
)
export const StyleGuide = z.looseObject({
  visual_style: text,
  palette: texts,
  lighting: text,
  references: z.array(any),
  do: texts,
  avoid: texts,
})
export type StyleGuide = z.infer<typeof StyleGuide>

export const DesignItem = z.looseObject({
  name: text,
  description: text,
  scenes: z.array(sceneNumber),
  image_url: z.string().optional(),
})
export type DesignItem = z.infer<typeof DesignItem>
export const Designs = listOf(DesignItem)
export const NoteList = listOf(z.looseObject({ topic: text, note: text, source: z.string() }))

export const Shot = z.looseObject({
  shot_id: text,
  frame_id: text,
  angle: text,
  lens: text,
  movement: text,
  duration: z.number().positive(),
})
export type Shot = z.infer<typeof Shot>
export const ShotList = listOf(Shot)
export const ShotNotes = listOf(z.looseObject({ shot_id: text }))

export const Report = z.looseObject({
  score,
  passed: z.boolean(),
  issues: z.array(z.looseObject({ severity: Severity, where: z.string(), text: z.string() })),
})
export type Report = z.infer<typeof Report>

export const Plan = z.looseObject({
  tasks: z.array(
    z.looseObject({
      id: text,
      order: z.number(),
      resource: z.union([z.string(), loose]),
      estimate: z.number().min(0),
    }),
  ),
  total_estimate: z.number().min(0),
})

export const SoundCue = z.looseObject({
  id: text,
  scene_number: sceneNumber,
  audio_url: text,
  start: z.number().min(0),
  duration: z.number().min(0),
})
export type SoundCue = z.infer<typeof SoundCue>
export const SoundCues = listOf(SoundCue)

export const AudioMix = z.looseObject({
  audio_url: text,
  duration: z.number().min(0),
  loudness_lufs: z.number(),
  peaks: z.union([z.number(), z.array(z.number())]),
})
export type AudioMix = z.infer<typeof AudioMix>

export const Subtitles = z.looseObject({ srt: z.string(), vtt: z.string(), language: text })
export type Subtitles = z.infer<typeof Subtitles>
export const VfxPlan = listOf(z.looseObject({ segment_id: text, effect: text, parameters: loose }))
export const ComplianceReport = z.looseObject({
  rating: z.string(),
  passed: z.boolean(),
  issues: z.array(any),
})
export const AssetList = listOf(
  z.looseObject({
    artifact: text,
    version: z.union([z.string(), z.number()]),
    checksum: z.string(),
    location: z.string(),
  }),
)
export const FigureReport = z.looseObject({
  figures: z.union([z.array(any), loose]),
  bottlenecks: z.array(any),
  total: z.union([z.number(), loose]),
  suggestions: z.array(any),
})
export const MarketingAssets = z.looseObject({
  trailer_url: text,
  clips: z.array(any),
  stills: z.array(any),
  captions: z.array(any),
})
export type MarketingAssets = z.infer<typeof MarketingAssets>
