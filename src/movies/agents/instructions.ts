/**
 * What each text agent is asked for, by the artifact it makes: the duty in a few sentences, without any project text. The
 * prompt around it (./prompt.ts) adds role, limits, schema and material. `version` is recorded with what was made from it.
 */
export type Instruction = { version: number; text: string; temperature: 'creative' | 'exact' }

const creative = (text: string, version = 1): Instruction => ({ version, text, temperature: 'creative' })
const exact = (text: string, version = 1): Instruction => ({ version, text, temperature: 'exact' })

const PER_SHOT = 'Give one entry for every shot of the shot list, under the same shot_id and in the same order.'
const REPORT =
  'Read critically and independently. Answer a score from 0 to 100, whether it passes, and issues with severity, the place and what to change. Praise is not an issue.'

export const INSTRUCTIONS: Readonly<Record<string, Instruction>> = {
  concept_brief: creative(
    'Shape the idea into a brief that a producer can judge: a logline with a person, a want and an obstacle, and a core conflict that names who stands against whom. Follow the creative guidelines. When an option number is given, make this option clearly different from the obvious first one.',
  ),
  story_arc: creative(
    'Carry the core conflict of the brief through setup, escalation and resolution, naming the people in it. Give exactly three emotional beats: hook, struggle, payoff. Feedback and gate issues come first: change what they ask for and keep what they do not touch.',
  ),
  scene_list: exact(
    'Break the arc into scenes, numbered from 1 without gaps. Each has one goal that changes something, a location out of the given ones where possible, at most four people, and one image to remember. Use only people who exist.',
  ),
  episode_outline: creative(
    'Outline this one episode of the series: its own title, beats and scenes. It continues the arc and the people as they are; nothing in it may contradict the story bible.',
  ),
  world_guide: creative(
    'Describe the world the scenes need and no more: rules that have consequences, places with what they feel like, how people live, what happened before, and words of its own.',
  ),
  story_bible: exact(
    'Keep the canon. Collect what is established as facts with their source, people, and a timeline. Compare new material with the existing bible and list every contradiction under conflicts; an empty list means there is none.',
  ),
  dialogue_script: creative(
    'Write the spoken lines scene by scene. People speak in turns, differently from each other, about the goal of the scene and never explain it. Keep lines short enough for the length of the film. Scenes marked silent get no lines.',
  ),
  relationship_map: exact('State for every pair of people how each stands to the other, in one relation and one note.'),
  character_profiles: creative(
    'Create the people of the story. Those given by the project keep their names and facts. One is the protagonist, one the antagonist. Motivation in what they want and fear, signature in what a camera sees.',
  ),
  character_designs: creative(
    'Design how this one person looks so that everyone draws them alike: body and face, clothing, features, and a palette of hex colours within the look of the film.',
  ),
  voice_profiles: creative(
    'Give this one person a voice that cannot be mistaken for the others: age, timbre, accent, pace, emotional range, and a sample text in their own words.',
  ),
  cast_list: exact('Match each person with an archetype that an audience recognises, and say why in one sentence.'),
  character_arcs: creative(
    'Follow every person from the first to the last scene: where they start, what turns them, where they end, and what changes in each scene they are in.',
  ),
  style_guide: creative(
    'Fix the look of the film in words a painter can use: visual style, five hex colours, lighting, references, what to do and what to avoid. The style preferences of the client come first.',
  ),
  environment_designs: creative(
    'Design every location of the scenes once, with the scene numbers that use it. Designs that exist already stay as they are.',
  ),
  costume_designs: creative('Dress every person for the scenes they are in, within palette and period.'),
  prop_designs: creative('List the things the scenes need and design those that carry the story.'),
  makeup_designs: creative(
    'Design make-up, hair and practical effects for every person, scene by scene where it changes.',
  ),
  reference_pack: exact('Name what to look for as reference for every place, and where it could be found.'),
  research_notes: exact(
    'Note what the story has to get right, topic by topic, with a source or where to look. Invent no sources.',
  ),
  storyboard_frames: exact(
    'Break every scene into frames: two, or three when there is much action. The first shows the place, the next its people. Say who does what where, and the camera as angle, lens and movement separated by commas. frame_id is SCENE_{scene}_SHOT_{order}.',
  ),
  shot_list: exact(
    'Give every storyboard frame exactly one shot, in the same order, with angle, lens, movement and seconds.',
  ),
  blocking_plan: exact(`Place and move the people. ${PER_SHOT}`),
  lighting_plan: exact(`Light the shots within the style guide. ${PER_SHOT}`),
  lighting_setups: exact(`Turn the lighting plan into lamps with position and quality. ${PER_SHOT}`),
  camera_moves: exact(`Write the path of the camera and how long it takes. ${PER_SHOT}`),
  animation_notes: exact(`Direct the movement of people and things. ${PER_SHOT}`),
  motion_data: exact(`Turn the blocking into tracks with keys in seconds. ${PER_SHOT}`),
  facial_data: exact(`Fit faces and lips to the spoken lines. ${PER_SHOT}`),
  vfx_plan: exact('Plan at most one visual effect a segment, with parameters; a segment that needs none is left out.'),
  voice_direction: exact('Direct every line of the script: emotion, pace, emphasis and what the speaker does.'),
  continuity_report: exact(`Look for contradictions between frames, shots, scenes, people and story bible. ${REPORT}`),
  quality_report: exact(`Judge whether this is good enough to go into production. ${REPORT}`),
  script_report: exact(
    `Judge the script: every scene speaks, every voice is its own, nothing contradicts the scenes. ${REPORT}`,
  ),
  voice_match_report: exact(`Compare the spoken lines with the voice library. ${REPORT}`),
  compliance_report: exact(
    'Check the material against the content rating and the things to avoid. List each problem with its place.',
  ),
  marketing_captions: creative(
    'Write captions for stills and clips that make somebody want to see the film without giving its end away.',
  ),
}

export const instructionFor = (product: string): Instruction | undefined =>
  INSTRUCTIONS[product === 'concept_options' ? 'concept_brief' : product]
