import * as details from './character-details.ts'
import { characterProfiles } from './character-profiles.ts'
import { conceptBrief } from './concept-brief.ts'
import type { Craft } from './craft.ts'
import { dialogueScript } from './dialogue-script.ts'
import { episodeOutline } from './episode-outline.ts'
import * as look from './look.ts'
import * as plans from './plans.ts'
import { relationshipMap } from './relationship-map.ts'
import * as reports from './reports.ts'
import { sceneList } from './scene-list.ts'
import * as shots from './shots.ts'
import { storyArc } from './story-arc.ts'
import { storyBible } from './story-bible.ts'
import { subtitles } from './subtitles.ts'
import { worldGuide } from './world-guide.ts'

/** How an artifact is drafted without a model: by the name of what is produced. */
export const CRAFTS: Readonly<Record<string, Craft>> = {
  concept_brief: conceptBrief,
  concept_options: conceptBrief,
  story_arc: storyArc,
  scene_list: sceneList,
  episode_outline: episodeOutline,
  world_guide: worldGuide,
  story_bible: storyBible,
  dialogue_script: dialogueScript,
  relationship_map: relationshipMap,
  character_profiles: characterProfiles,
  character_designs: details.characterDesign,
  voice_profiles: details.voiceProfile,
  cast_list: details.castList,
  character_arcs: details.characterArcs,
  voice_library: details.voiceLibrary,
  voice_direction: details.voiceDirection,
  style_guide: look.styleGuide,
  environment_designs: look.environmentDesigns,
  costume_designs: look.costumeDesigns,
  prop_designs: look.propDesigns,
  makeup_designs: look.makeupDesigns,
  reference_pack: look.referencePack,
  research_notes: look.researchNotes,
  storyboard_frames: shots.storyboardFrames,
  shot_list: shots.shotList,
  blocking_plan: shots.blockingPlan,
  lighting_plan: shots.lightingPlan,
  lighting_setups: shots.lightingSetups,
  camera_moves: shots.cameraMoves,
  animation_notes: shots.animationNotes,
  motion_data: shots.motionData,
  facial_data: shots.facialData,
  continuity_report: reports.continuityReport,
  quality_report: reports.qualityReport,
  script_report: reports.scriptReport,
  voice_match_report: reports.voiceMatchReport,
  compliance_report: reports.complianceReport,
  production_plan: plans.productionPlan,
  render_schedule: plans.renderSchedule,
  vfx_plan: plans.vfxPlan,
  asset_catalog: plans.assetCatalog,
  asset_versions: plans.assetCatalog,
  performance_report: plans.performanceReport,
  cost_report: plans.costReport,
  subtitles,
}
