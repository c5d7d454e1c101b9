import type { Shot, StoryboardFrame } from '../../schema.ts'

/** What the camera words of a shot mean: how much of a person is seen, from where, and how the camera moves. */
export const SIZES = [
  'extreme_wide',
  'wide',
  'full',
  'medium_wide',
  'medium',
  'medium_close',
  'close',
  'extreme_close',
  'insert',
] as const
export type ShotSize = (typeof SIZES)[number]
export const ANGLES = ['eye', 'low', 'high', 'overhead', 'dutch'] as const
export type Angle = (typeof ANGLES)[number]
export const MOVES = [
  'static',
  'push_in',
  'pull_out',
  'zoom_in',
  'zoom_out',
  'pan_left',
  'pan_right',
  'whip_pan',
  'tilt_up',
  'tilt_down',
  'track_left',
  'track_right',
  'crane_up',
  'crane_down',
  'orbit',
  'handheld',
] as const
export type Move = (typeof MOVES)[number]

export type CameraRead = {
  size: ShotSize
  angle: Angle
  overShoulder: boolean
  twoShot: boolean
  /** Millimetres on a 36 mm wide picture. */
  lens: number
  move: Move
  label: string
}

const first = <T>(table: readonly (readonly [RegExp, T])[], text: string): T | undefined =>
  table.find(([rule]) => rule.test(text))?.[1]

const SIZE_WORDS: [RegExp, ShotSize][] = [
  [/extreme(?:ly)?[- ](?:wide|long)|establishing|aerial|panorama|vista|\b(?:ews|els)\b/i, 'extreme_wide'],
  [/extreme[- ]close|\b(?:ecu|xcu)\b|macro|eyes only/i, 'extreme_close'],
  [/medium[- ]close|\bmcu\b|bust|chest/i, 'medium_close'],
  [/medium[- ](?:wide|long|full)|cowboy|american|\bmws\b|knee/i, 'medium_wide'],
  [/insert|cutaway|detail of/i, 'insert'],
  [/close|\bcu\b/i, 'close'],
  [/full[- ](?:shot|figure|body|length)|\bfull\b|\bfs\b/i, 'full'],
  [/medium|\bmid\b|\bms\b|waist|two[- ]shot|over[- ]the[- ]shoulder/i, 'medium'],
  [/wide|long shot|master|\b(?:ws|ls)\b|overview|group/i, 'wide'],
]
const ANGLE_WORDS: [RegExp, Angle][] = [
  [/overhead|top[- ]down|bird|god's eye|straight down/i, 'overhead'],
  [/dutch|canted|tilted (?:frame|horizon|angle)|oblique/i, 'dutch'],
  [/\blow\b|from below|worm|looking up/i, 'low'],
  [/\bhigh\b|from above|looking down|elevated/i, 'high'],
]
const MOVE_WORDS: [RegExp, Move][] = [
  [/whip|swish/i, 'whip_pan'],
  [/zoom(?:s|ing)? (?:out|back)/i, 'zoom_out'],
  [/zoom/i, 'zoom_in'],
  [/pull(?:s|ing)?[- ]?(?:out|back|away)?|(?:dolly|track|move)s? (?:out|back)|retreat/i, 'pull_out'],
  [/push|creep|(?:dolly|track|move|glide)s? (?:in|forward|closer|toward)|moves? in\b/i, 'push_in'],
  [/tilt(?:s|ing)? (?:up|to the sky)|tilt$/i, 'tilt_up'],
  [/tilt(?:s|ing)? down/i, 'tilt_down'],
  [/(?:crane|boom|jib|rise|ascend|pedestal)(?:s|ing)? ?(?:up)?(?! down)|rising/i, 'crane_up'],
  [/(?:crane|boom|jib|pedestal)(?:s|ing)? down|descend|lower(?:s|ing)/i, 'crane_down'],
  [/orbit|arc\b|circl/i, 'orbit'],
  [/pan(?:s|ning)?[^,;]*left/i, 'pan_left'],
  [/\bpan/i, 'pan_right'],
  [
    /(?:track|truck|dolly|drift|slid|follow|steadicam|glid)[^,;]*(?:right to left|to the left|\bleft\b(?! to right))/i,
    'track_left',
  ],
  [/track|truck|dolly|drift|slid|follow|steadicam|glid/i, 'track_right'],
  [/hand[- ]?held|shaky|unsteady/i, 'handheld'],
]
const USUAL_LENS: Record<ShotSize, number> = {
  extreme_wide: 24,
  wide: 28,
  full: 35,
  medium_wide: 40,
  medium: 50,
  medium_close: 65,
  close: 85,
  extreme_close: 100,
  insert: 85,
}

const SHORT: Record<ShotSize, string> = {
  extreme_wide: 'extreme wide',
  wide: 'wide',
  full: 'full shot',
  medium_wide: 'medium wide',
  medium: 'medium',
  medium_close: 'medium close-up',
  close: 'close-up',
  extreme_close: 'extreme close-up',
  insert: 'insert',
}

/** Whether a text says how much is to be seen: closer, wide, full figure … */
export const saysSize = (text: string) => first(SIZE_WORDS, text) !== undefined

/** Reads the shot where there is one, else the frame's camera notes. Words it does not know leave a medium shot at eye level. */
export function readShot(frame: StoryboardFrame, shot: Shot | null): CameraRead {
  const words = shot ? `${shot.angle}, ${shot.lens}, ${shot.movement}` : frame.camera_notes
  const said =
    first(SIZE_WORDS, shot?.angle ?? words) ?? first(SIZE_WORDS, words) ?? first(SIZE_WORDS, frame.camera_notes)
  const size = said ?? (frame.shot_order === 1 ? 'wide' : 'medium')
  const mm = /(\d{1,3})\s*-?\s*mm\b/i.exec(words)
  const move = first(MOVE_WORDS, shot?.movement ?? words) ?? 'static'
  const lens = mm ? Math.min(200, Math.max(14, Number(mm[1]))) : USUAL_LENS[size]
  const angle = first(ANGLE_WORDS, words) ?? 'eye'
  const label = [SHORT[size], angle === 'eye' ? '' : `${angle} angle`, `${lens} mm`, move.replace('_', ' ')].filter(
    Boolean,
  )
  return {
    size,
    angle,
    overShoulder: /over[- ](?:the|her|his|their)?[- ]?shoulder|\bots\b/i.test(words),
    twoShot: /two[- ]shot/i.test(words),
    lens,
    move,
    label: label.join(' · '),
  }
}
