import type { DialogueScript, Scene, Shot, StoryboardFrame } from '../../schema.ts'
import type { AgentInput, Craft } from './craft.ts'
import { lightMood } from './locations.ts'
import { capital, clipWords, joinNames, pick, sentence, stripEnd, uncapital } from './prose.ts'
import { factsOf, itemsOf, scenesIn } from './story-facts.ts'

const WIDE = [
  'wide, 24 mm, slow push in',
  'wide from above, 24 mm, locked off',
  'wide, 28 mm, drifting left to right',
  'low wide, 24 mm, locked off',
] as const
const CLOSE = [
  'medium two-shot, 50 mm, handheld',
  'close-up over the shoulder, 85 mm, locked off',
  'medium close-up, 65 mm, slow pan',
  'close-up, 85 mm, small push in',
] as const
const THIRD = ['insert, 100 mm, whip pan', 'low angle medium, 35 mm, tracking'] as const

/** Two frames a scene, three when it is full of action: wide on the place, closer on its people, then the thing itself. */
export const storyboardFrames: Craft = (input) => {
  const f = factsOf(input)
  const script = input.artifacts.dialogue_script as DialogueScript | undefined
  const frames = scenesIn(input).flatMap((scene) => framesOfScene(input, scene, script))
  return {
    frames,
    continuity_notes: [
      ...f.issues.map((issue) => `Considered: ${clipWords(issue, 30)}`),
      ...(f.feedback ? [`Revised by the note: ${clipWords(f.feedback, 30)}`] : []),
    ],
  }
}

/** Goes on after a colon: small, unless a name stands there. */
const beginSmall = (text: string, names: readonly string[]) =>
  names.some((name) => text.startsWith(name)) ? text : uncapital(text)

function framesOfScene(input: AgentInput, scene: Scene, script: DialogueScript | undefined): StoryboardFrame[] {
  const f = factsOf(input)
  const names = joinNames(scene.primary_characters)
  const said = script?.scenes.find((s) => s.scene_number === scene.scene_number)?.lines[0]
  const light = lightMood(scene.scene_number, f.title, String(scene['heading'] ?? ''))
  const base = (shot: number, description: string, camera: string, present: string[]): StoryboardFrame => ({
    frame_id: `SCENE_${scene.scene_number}_SHOT_${shot}`,
    scene_number: scene.scene_number,
    shot_order: shot,
    description: clipWords(sentence(description), 60),
    camera_notes: camera,
    characters_present: present,
    lighting_mood: light,
    prompt_seed: `${f.visual}, ${f.tone.adjective}, ${scene.location}, ${light}`,
  })
  const frames = [
    base(
      1,
      `${scene.location} with ${names} small in it: ${beginSmall(stripEnd(scene.visual_hook), scene.primary_characters)}`,
      pick(WIDE, f.title, scene.scene_number),
      scene.primary_characters,
    ),
    base(
      2,
      said
        ? `${said.character} speaks to ${scene.primary_characters.find((c) => c !== said.character) ?? 'the room'}: “${stripEnd(clipWords(said.text, 16))}”; ${clipWords(scene.goal, 28)}`
        : `${names} closer together: ${clipWords(scene.goal, 38)}`,
      pick(CLOSE, f.title, scene.scene_number),
      scene.primary_characters,
    ),
  ]
  if (scene.high_action)
    frames.push(
      base(
        3,
        `${capital(f.motif.object)} in the hands of ${scene.primary_characters[0] ?? f.lead}, nearly lost at ${scene.location}`,
        pick(THIRD, f.title, scene.scene_number),
        scene.primary_characters.slice(0, 1),
      ),
    )
  return frames
}

/** One shot a frame, in the same order; the shots of a scene share its time. */
export const shotList: Craft = (input) => {
  const frames = itemsOf<StoryboardFrame>(input, 'storyboard_frames', 'frames')
  const scenes = new Set(frames.map((frame) => frame.scene_number)).size
  const share = input.settings.duration / Math.max(1, scenes)
  return {
    items: frames.map((frame) => {
      const [angle, lens, movement] = readCamera(frame.camera_notes)
      const inScene = frames.filter((other) => other.scene_number === frame.scene_number).length
      return {
        shot_id: `SHOT_${frame.scene_number}_${frame.shot_order}`,
        frame_id: frame.frame_id,
        angle,
        lens,
        movement,
        duration: Math.max(0.1, Math.round((share / inScene) * 1000) / 1000),
      }
    }),
  }
}

/** `wide from above, 24 mm, locked off` -> angle, lens, movement. */
export function readCamera(notes: string): [angle: string, lens: string, movement: string] {
  const parts = notes
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return [parts[0] ?? 'medium', parts[1] ?? '50 mm', parts[2] ?? 'locked off']
}

/** Instructions for each shot: the craft of everyone who works shot by shot. */
export const shotNotes =
  (
    write: (
      shot: Shot,
      frame: StoryboardFrame | undefined,
      scene: Scene | undefined,
      input: AgentInput,
    ) => Record<string, unknown>,
  ): Craft =>
  (input) => {
    const frames = new Map(itemsOf<StoryboardFrame>(input, 'storyboard_frames', 'frames').map((f) => [f.frame_id, f]))
    const scenes = new Map(scenesIn(input).map((s) => [s.scene_number, s]))
    return {
      items: itemsOf<Shot>(input, 'shot_list').map((shot) => {
        const frame = frames.get(shot.frame_id)
        return {
          shot_id: shot.shot_id,
          ...write(shot, frame, frame ? scenes.get(frame.scene_number) : undefined, input),
        }
      }),
    }
  }

const MARKS = [
  'left of frame, facing in',
  'right of frame, half turned away',
  'centre, close to the lens',
  'background, in the doorway',
] as const
const MOVES = [
  'stays on the mark until the last word',
  'crosses behind the other one',
  'comes one step closer',
  'turns to the light',
] as const

/** Who stands where and what they do. */
export const blockingPlan = shotNotes((shot, frame) => ({
  positions: (frame?.characters_present ?? []).map((character, i) => ({
    character,
    position: MARKS[i % MARKS.length]!,
    action: `${character} ${pick(MOVES, shot.shot_id, character)}`,
  })),
}))

const keyOf = (input: AgentInput) => factsOf(input).motif.light

export const lightingPlan = shotNotes((shot, frame, _scene, input) => ({
  key: sentence(capital(frame?.lighting_mood ?? keyOf(input))),
  contrast: /close|medium/.test(shot.angle)
    ? 'faces two stops brighter than the ground'
    : 'the place carries the light, people cut into it',
  note: `Holds to ${keyOf(input)}.`,
}))

export const lightingSetups = shotNotes((shot, frame, _scene, input) => ({
  lamps: [
    {
      role: 'key',
      position: /from above|low/.test(shot.angle) ? 'high side' : 'window side',
      quality: frame?.lighting_mood ?? keyOf(input),
    },
    { role: 'fill', position: 'camera side', quality: 'soft, three stops under' },
  ],
  colour: factsOf(input).motif.palette[0],
}))

export const cameraMoves = shotNotes((shot, frame) => ({
  movement: shot.movement,
  path: /locked/.test(shot.movement)
    ? [
        [0, 0],
        [0, 0],
      ]
    : /pan|drift|tracking|whip/.test(shot.movement)
      ? [
          [-0.05, 0],
          [0.05, 0],
        ]
      : [
          [0, 0],
          [0, 0.08],
        ],
  seconds: shot.duration,
  note: frame ? `Ends on ${joinNames(frame.characters_present) || 'the empty place'}.` : 'Ends where it began.',
}))

export const animationNotes = shotNotes((shot, frame, scene) => ({
  motion: (frame?.characters_present ?? []).map((character) => `${character} ${pick(MOVES, shot.shot_id, character)}`),
  camera: shot.movement,
  note: scene ? `The shot serves this: ${clipWords(scene.goal, 24)}` : 'Keep it still.',
}))

export const motionData = shotNotes((shot, frame) => ({
  seconds: shot.duration,
  tracks: (frame?.characters_present ?? []).map((character, i) => ({
    character,
    keys: [
      { at: 0, x: i === 0 ? -0.3 : 0.3, y: 0 },
      { at: shot.duration, x: i === 0 ? -0.2 : 0.2, y: 0 },
    ],
  })),
}))

export const facialData: Craft = (input) => {
  const audio = itemsOf<{ line_id: string; character: string; duration: number }>(input, 'dialogue_audio')
  const script = (input.artifacts.dialogue_script as DialogueScript | undefined)?.scenes ?? []
  const frames = shotNotes((_shot, frame) => {
    const lines = script.find((s) => s.scene_number === frame?.scene_number)?.lines ?? []
    return {
      lip_sync: lines
        .filter((line) => frame?.characters_present.includes(line.character))
        .map((line) => ({
          line_id: line.line_id,
          character: line.character,
          seconds: audio.find((a) => a.line_id === line.line_id)?.duration ?? 0,
          emotion: line.emotion,
        })),
    }
  })
  return frames(input)
}
