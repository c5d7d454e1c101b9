import type { FrameJob } from '../../media-port.ts'
import type { PoseName } from '../draw/figure/pose.ts'
import type { Stage } from '../draw/stage.ts'
import { type Acting, readActing } from '../read/acting.ts'
import { type CameraRead, readShot } from '../read/camera.ts'
import { type Light, readLight } from '../read/light.ts'
import { type Look, lookOfName, readLooks } from '../read/look.ts'
import { type Place, readPlace, readTime, readWeather } from '../read/place.ts'

/** One person's place before the camera. `x` in parts of the picture, `z` in metres behind (+) or before (-) the subject. */
export type Placed = { look: Look; acting: Acting; x: number; z: number; facing: number; back: boolean }
export type FramePlan = { camera: CameraRead; place: Place; light: Light; people: Placed[]; seed: string }

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase()

/** Who is in the frame, in the order that keeps everybody on their side of the picture through a scene. */
function present(job: FrameJob): string[] {
  const order = [...(job.scene?.primary_characters ?? []), ...job.cast.map((c) => c.name)]
  const rank = (name: string) => {
    const at = order.findIndex((other) => same(other, name))
    return at < 0 ? order.length : at
  }
  const unique = job.frame.characters_present.filter(
    (name, i, all) => all.findIndex((other) => same(other, name)) === i,
  )
  return unique.sort((a, b) => rank(a) - rank(b))
}

type Slot = { x: number; z: number; facing: number; back?: true }

const SPREAD: Record<number, readonly number[]> = {
  1: [0.4],
  2: [0.32, 0.68],
  3: [0.2, 0.5, 0.78],
  4: [0.14, 0.38, 0.62, 0.86],
}
const spread = (n: number): readonly number[] =>
  SPREAD[n] ?? Array.from({ length: n }, (_, i) => 0.1 + (0.8 * i) / (n - 1))

/** Side by side, turned toward the middle. */
function sideBySide(n: number, close: boolean): Slot[] {
  return spread(n).map((x, i) => ({
    x: close && n === 2 ? 0.5 + (x - 0.5) * 1.3 : x,
    z: n > 2 ? (i % 2) * (close ? 0.35 : 0.7) : 0,
    facing: n === 1 ? 0.45 : x < 0.45 ? 0.6 : x > 0.55 ? -0.6 : 0.2,
  }))
}

/** One person large, the others smaller behind. The large one stands left or right by their side of the scene. */
function oneLarge(n: number, main: number): Slot[] {
  const left = main === 0
  let others = 0
  return Array.from({ length: n }, (_, i): Slot => {
    if (i === main) return { x: n === 1 ? 0.43 : left ? 0.37 : 0.62, z: 0, facing: n === 1 ? 0.4 : left ? 0.5 : -0.5 }
    const k = others++
    const x = left ? 0.8 - k * 0.16 : 0.2 + k * 0.16
    return { x: k > 2 ? 0.5 : x, z: 1.5 + k * 0.7, facing: left ? -0.5 : 0.5 }
  })
}

/** Over the shoulder of the one who listens: a dark back at the edge, the speaker beyond it. */
function overShoulder(n: number, main: number): Slot[] {
  const left = main === 0
  let others = 0
  return Array.from({ length: n }, (_, i): Slot => {
    if (i === main) return { x: left ? 0.4 : 0.6, z: 0, facing: left ? 0.45 : -0.45 }
    const k = others++
    if (k === 0) return { x: left ? 0.9 : 0.1, z: -0.75, facing: left ? -0.3 : 0.3, back: true }
    return { x: left ? 0.12 + k * 0.12 : 0.88 - k * 0.12, z: 1.4, facing: left ? 0.4 : -0.4 }
  })
}

function slots(camera: CameraRead, n: number, main: number): Slot[] {
  if (n === 0) return []
  if (camera.overShoulder && n > 1) return overShoulder(n, main)
  const large =
    ['close', 'extreme_close', 'insert'].includes(camera.size) ||
    (camera.size === 'medium_close' && !camera.twoShot && n > 2)
  if (large && n > 0) return oneLarge(n, main)
  return sideBySide(n, ['medium', 'medium_close', 'medium_wide'].includes(camera.size))
}

/** A place the blocking names wins over the usual one. */
function moved(slot: Slot, acting: Acting): Slot {
  const mark = acting.place
  if (!mark || slot.back) return slot
  const x = mark.side === null ? slot.x : 0.5 + mark.side * 0.2
  const z = mark.depth === 'back' ? slot.z + 1.6 : slot.z
  return { ...slot, x, z, facing: mark.side ? -mark.side * 0.55 : slot.facing }
}

/** Two people the blocking put at one place move apart. */
function apart(list: Placed[]): Placed[] {
  const sorted = [...list].filter((p) => !p.back).sort((a, b) => a.x - b.x)
  const gap = Math.min(0.16, 0.72 / Math.max(1, sorted.length))
  for (let i = 1; i < sorted.length; i++) {
    const need = sorted[i - 1]!.x + gap - sorted[i]!.x
    if (need > 0) {
      sorted[i]!.x = Math.min(0.9, sorted[i]!.x + need)
      sorted[i - 1]!.x = Math.max(0.1, sorted[i]!.x - gap)
    }
  }
  return list
}

const SEATED: ReadonlySet<PoseName> = new Set(['sit', 'type', 'lie', 'crouch', 'kneel'])
const NEAR_SIZES: ReadonlySet<string> = new Set(['medium', 'medium_close', 'close', 'extreme_close', 'insert'])

/** What a close camera would not see as such is played standing; a raised arm would hide the face. */
const NEAR: Partial<Record<PoseName, PoseName>> = {
  run: 'stand',
  walk: 'stand',
  lie: 'look_up',
  crouch: 'look_down',
  kneel: 'look_down',
  bow: 'look_down',
  raise: 'talk',
  point: 'talk',
}

/** Reads a frame job: which camera, which place in which light, and who stands where doing what. Pure and repeatable. */
export function planFrame(job: FrameJob): FramePlan {
  const { frame, scene } = job
  const camera = readShot(frame, job.shot)
  const location = scene?.location ?? job.environment?.name ?? ''
  const heading = typeof scene?.['heading'] === 'string' ? String(scene['heading']) : ''
  const hook = [scene?.visual_hook, frame.description, job.environment?.description].filter(Boolean).join('. ')
  const place = readPlace(heading || location, hook)
  const mood = [frame.lighting_mood, job.style?.lighting].filter(Boolean).join('. ')
  const time = readTime(
    frame.lighting_mood,
    heading,
    location,
    scene?.visual_hook,
    frame.description,
    job.style?.lighting,
  )
  const weather = readWeather(frame.description, scene?.visual_hook, frame.lighting_mood, job.environment?.description)
  // Light keeps its side through a place, as the sun would.
  const seed = `${location}|${place.kind}`
  const from = seed.length % 2 === 0 ? 1 : -1
  const light = readLight({ interior: place.interior, time, weather }, mood, job.style, from)
  const looks = readLooks(job.cast, job.designs)
  const names = present(job)
  const blocking = job.blocking ?? []
  const acting = names.map((name, index) => {
    const note = blocking.find((b) => same(b.character, name))
    return readActing({
      description: frame.description,
      name,
      index,
      others: names.length - 1,
      note: note ? `${note.position}. ${note.action}` : '',
      goal: scene?.goal ?? '',
    })
  })
  const speaker = acting.findIndex((a) => a.speaking)
  const main = Math.max(0, speaker)
  const people = slots(camera, names.length, main).map((slot, i): Placed => {
    const act = acting[i]!
    const near = NEAR_SIZES.has(camera.size)
    const seated = place.kind === 'vehicle' && !SEATED.has(act.pose) ? 'sit' : act.pose
    const still = near ? (NEAR[seated] ?? seated) : seated
    const at = camera.overShoulder ? slot : moved(slot, act)
    return {
      look: looks.get(names[i]!.toLowerCase()) ?? lookOfName(names[i]!),
      acting: { ...act, pose: slot.back ? 'stand' : still },
      x: at.x,
      z: at.z,
      facing: at.facing,
      back: slot.back === true || (act.away && !near),
    }
  })
  return { camera, place, light, people: apart(people), seed }
}

/** Pixels of the picture a person covers, for placing labels. */
export const personBox = (stage: Stage, p: Placed) => {
  const [x, y] = stage.project(stage.worldX(p.x, p.z), 0, p.z)
  const h = stage.scale(p.z) * 1.72 * p.look.height
  return { x: x - h * 0.12, y: y - h, width: h * 0.24, height: h }
}
