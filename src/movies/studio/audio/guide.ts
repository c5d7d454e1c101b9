import { z } from 'zod'
import { hash, Random } from '../draw/random.ts'

/**
 * What a silent draft track stands for. The guide track makes it heard: a voice of its own tone a person, one blip a word;
 * chords for music; noise for places and steps.
 */
export const GuideSound = z.object({
  role: z.enum(['dialogue', 'music', 'effects', 'foley']),
  who: z.string().default(''),
  words: z.int().min(0).default(0),
  text: z.string().default(''),
})
export type GuideSound = z.infer<typeof GuideSound>
export type GuideCue = GuideSound & { start: number; duration: number }

export const printGuide = (sound: GuideSound): string => `troupe-guide ${JSON.stringify(sound)}`
/** The sound a comment describes; null when it is another comment. */
export function readGuide(comment: string | null): GuideSound | null {
  if (!comment?.startsWith('troupe-guide ')) return null
  try {
    return GuideSound.parse(JSON.parse(comment.slice('troupe-guide '.length)))
  } catch {
    return null
  }
}

/** Base tone of a person's voice in Hz: steps of a minor scale, so that two voices sound together. */
const SCALE = [147, 165, 175, 196, 220, 233, 262, 294] as const
export const voiceTone = (who: string): number => SCALE[hash('voice', who.toLowerCase()) % SCALE.length]!

const envelope = (t: number, length: number, edge: number) => Math.min(1, t / edge, (length - t) / edge)

function addTone(
  out: Float32Array,
  rate: number,
  start: number,
  length: number,
  tone: (t: number) => number,
  level: number,
  edge: number,
): void {
  const from = Math.max(0, Math.round(start * rate))
  const to = Math.min(out.length, Math.round((start + length) * rate))
  for (let i = from; i < to; i++) {
    const t = (i - from) / rate
    out[i] = out[i]! + tone(t) * level * Math.max(0, envelope(t, length, edge))
  }
}

function dialogue(out: Float32Array, rate: number, cue: GuideCue): void {
  const base = voiceTone(cue.who)
  const random = new Random('line', cue.who, cue.words, cue.text)
  const words = Math.max(1, cue.words)
  const step = cue.duration / words
  for (let i = 0; i < words; i++) {
    const pitch = base * (1 + random.around(0, 0.1) - (i === words - 1 ? 0.12 : 0))
    const tone = (t: number) =>
      Math.sin(2 * Math.PI * pitch * t) * 0.6 +
      Math.sin(4 * Math.PI * pitch * t) * 0.25 +
      Math.sin(6 * Math.PI * pitch * t) * 0.12
    addTone(out, rate, cue.start + i * step, step * random.between(0.62, 0.82), tone, 0.22, 0.02)
  }
}

const CHORDS = [
  [110, 131, 165],
  [98, 131, 156],
  [87, 110, 131],
  [98, 123, 147],
] as const
function music(out: Float32Array, rate: number, cue: GuideCue): void {
  const first = hash('music', cue.text) % CHORDS.length
  for (let at = 0, i = 0; at < cue.duration; at += 4, i++) {
    const chord = CHORDS[(first + i) % CHORDS.length]!
    const tone = (t: number) => chord.reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * t), 0) / chord.length
    addTone(out, rate, cue.start + at, Math.min(4.4, cue.duration - at), tone, 0.05, 0.5)
  }
}

function noise(out: Float32Array, rate: number, cue: GuideCue): void {
  const random = new Random('noise', cue.text, cue.start)
  let low = 0
  const soft = (): number => {
    low += (random.next() * 2 - 1 - low) * 0.06
    return low
  }
  if (cue.role === 'effects') addTone(out, rate, cue.start, cue.duration, soft, 0.1, 0.4)
  else for (let at = 0.4; at < cue.duration; at += 0.62) addTone(out, rate, cue.start + at, 0.09, soft, 0.4, 0.02)
}

/** The guide track of a film: the same cues give the same samples. */
export function guideTrack(cues: GuideCue[], seconds: number, rate: number): Float32Array {
  const out = new Float32Array(Math.round(seconds * rate))
  for (const cue of cues) {
    if (cue.role === 'dialogue') dialogue(out, rate, cue)
    else if (cue.role === 'music') music(out, rate, cue)
    else noise(out, rate, cue)
  }
  return out
}
