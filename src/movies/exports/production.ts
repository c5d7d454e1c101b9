import type * as schema from '../schema.ts'
import type { ArtifactName } from '../schema.ts'

/** Contents of the artifacts an export may need; a list artifact is in its joined form. What was never made is absent. */
export type ProductionArtifacts = {
  concept_brief?: schema.ConceptBrief
  story_arc?: schema.StoryArc
  scene_list?: schema.SceneList
  character_profiles?: schema.CharacterProfiles
  dialogue_script?: schema.DialogueScript
  character_designs?: { items: schema.CharacterDesign[] }
  voice_profiles?: { items: schema.VoiceProfile[] }
  character_arcs?: { items: schema.CharacterArc[] }
  environment_designs?: { items: schema.DesignItem[] }
  style_guide?: schema.StyleGuide
  storyboard_frames?: schema.StoryboardFrames
  shot_list?: { items: schema.Shot[] }
  generated_frames?: schema.GeneratedFrames
  video_segments?: schema.VideoSegments
  dialogue_audio?: { items: schema.DialogueAudioItem[] }
  music_tracks?: { items: schema.SoundCue[] }
  rough_cut?: schema.Edit
  final_edit?: schema.Edit
  audio_mix?: schema.AudioMix
  subtitles?: schema.Subtitles
  qc_report?: schema.QcReport
  continuity_report?: schema.Report
  quality_report?: schema.Report
  distribution_record?: schema.DistributionRecord
}

/** What happened in the making, for the production report. */
export type ProductionRecord = {
  status: string
  created_at: string
  completed_at: string | null
  completed_states: string[]
  draft: boolean
  tasks: {
    task_type: string
    state: string
    status: string
    agent_id: string | null
    seconds: number | null
    retries: number
  }[]
  decisions: {
    decision_id: string
    choice: string | null
    actor: string | null
    automatic: boolean
    at: string | null
    feedback: string | null
  }[]
  artifacts: {
    name: ArtifactName | string
    version: number
    draft: boolean
    generated_by: string | null
    sha256: string | null
  }[]
  warnings: string[]
}

/** One production as the exports see it. */
export type Production = {
  workflow_id: string
  project_id: string
  title: string
  description: string
  genre: string | null
  target_duration: number
  author: string | null
  fps: number
  width: number
  height: number
  artifacts: ProductionArtifacts
  record: ProductionRecord | null
  /** Bytes behind an address in an artifact; null when there are none to be had. */
  readFile(url: string): Promise<Uint8Array | null>
}
