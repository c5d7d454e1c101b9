import type { z } from 'zod'
import * as core from './core-artifacts.ts'
import * as other from './other-artifacts.ts'

/**
 * What each artifact is: the schema of its `content` (always an object), the key of its list when it has one, and for a
 * fan-out artifact the schema of one item (each item is an artifact of its own with an `index`).
 */
export type ArtifactKind = {
  schema: z.ZodType
  listKey?: string
  item?: z.ZodType
  /** Fan-out only: where the joined content keeps the items that failed. */
  failedKey?: string
}

const items = (schema: z.ZodType): ArtifactKind => ({ schema, listKey: 'items' })
const one = (schema: z.ZodType): ArtifactKind => ({ schema })

export const ARTIFACTS = {
  concept_brief: one(core.ConceptBrief),
  story_arc: one(core.StoryArc),
  scene_list: { schema: core.SceneList, listKey: 'scenes' },
  character_profiles: { schema: core.CharacterProfiles, listKey: 'characters' },
  storyboard_frames: { schema: core.StoryboardFrames, listKey: 'frames' },
  generated_frames: {
    schema: core.GeneratedFrames,
    listKey: 'frames',
    item: core.GeneratedFrame,
    failedKey: 'failed_frames',
  },
  video_segments: {
    schema: core.VideoSegments,
    listKey: 'segments',
    item: core.VideoSegment,
    failedKey: 'failed_segments',
  },
  final_edit: one(core.Edit),
  qc_report: one(core.QcReport),
  distribution_record: one(core.DistributionRecord),
  world_guide: one(other.WorldGuide),
  story_bible: one(other.StoryBible),
  episode_outline: one(other.EpisodeOutline),
  dialogue_script: one(other.DialogueScript),
  character_designs: { ...items(other.CharacterDesigns), item: other.CharacterDesign },
  voice_profiles: { ...items(other.VoiceProfiles), item: other.VoiceProfile },
  voice_direction: items(other.VoiceDirection),
  relationship_map: items(other.RelationshipMap),
  cast_list: items(other.CastList),
  character_arcs: items(other.CharacterArcs),
  voice_library: items(other.VoiceLibrary),
  style_guide: one(other.StyleGuide),
  environment_designs: items(other.Designs),
  costume_designs: items(other.Designs),
  prop_designs: items(other.Designs),
  makeup_designs: items(other.Designs),
  reference_pack: items(other.NoteList),
  research_notes: items(other.NoteList),
  shot_list: items(other.ShotList),
  blocking_plan: items(other.ShotNotes),
  lighting_plan: items(other.ShotNotes),
  lighting_setups: items(other.ShotNotes),
  camera_moves: items(other.ShotNotes),
  animation_notes: items(other.ShotNotes),
  motion_data: items(other.ShotNotes),
  facial_data: items(other.ShotNotes),
  continuity_report: one(other.Report),
  script_report: one(other.Report),
  voice_match_report: one(other.Report),
  quality_report: one(other.Report),
  production_plan: one(other.Plan),
  render_schedule: one(other.Plan),
  dialogue_audio: { ...items(other.DialogueAudio), item: other.DialogueAudioItem },
  sound_effects: items(other.SoundCues),
  foley_tracks: items(other.SoundCues),
  music_tracks: items(other.SoundCues),
  rough_cut: one(core.Edit),
  composite: one(core.Edit),
  graded_edit: one(core.Edit),
  audio_mix: one(other.AudioMix),
  subtitles: one(other.Subtitles),
  vfx_plan: items(other.VfxPlan),
  compliance_report: one(other.ComplianceReport),
  asset_catalog: items(other.AssetList),
  asset_versions: items(other.AssetList),
  performance_report: one(other.FigureReport),
  cost_report: one(other.FigureReport),
  marketing_assets: one(other.MarketingAssets),
} as const satisfies Record<string, ArtifactKind>

export type ArtifactName = keyof typeof ARTIFACTS
export const ARTIFACT_NAMES = Object.keys(ARTIFACTS) as ArtifactName[]

export const isArtifactName = (name: string): name is ArtifactName => Object.hasOwn(ARTIFACTS, name)
/** The kind of an artifact; a helper because the table's own type is exact per row. */
export const artifactKind = (name: ArtifactName): ArtifactKind => ARTIFACTS[name]
