import type { FrameJob } from '../../media-port.ts'
import { Canvas } from '../backdrop/canvas.ts'
import { chair, table } from '../backdrop/furniture.ts'
import { INSIDE } from '../backdrop/inside-places.ts'
import { OUTSIDE } from '../backdrop/outside-places.ts'
import { lightOver, weather } from '../backdrop/sky.ts'
import { darker, mix } from '../draw/colour.ts'
import { drawFigure } from '../draw/figure/draw-figure.ts'
import { PERSON, Stage } from '../draw/stage.ts'
import { el, group, num, type Point, xmlText } from '../draw/svg.ts'
import type { InsideKind, OutsideKind } from '../read/place.ts'
import { cameraMarks } from './camera-marks.ts'
import { caption } from './caption.ts'
import { type Labelled, placeLabels } from './labels.ts'
import { type FramePlan, type Placed, planFrame } from './plan-frame.ts'

type Drawn = { z: number; svg: string }

/** Draws the people of the plan; seats and desks come with the poses that need them. */
function people(c: Canvas, plan: FramePlan): { drawn: Drawn[]; labels: Labelled[] } {
  const drawn: Drawn[] = []
  const labels: Labelled[] = []
  const light = darker(mix(c.light.key, '#ffffff', 0.2), c.light.dark * 0.62)
  for (const person of plan.people) {
    const x = c.stage.worldX(person.x, person.z)
    const foot = c.stage.project(x, 0, person.z)
    const height = c.stage.scale(person.z) * PERSON
    const seated = person.acting.pose === 'sit' || person.acting.pose === 'type'
    if (seated && c.light.interior) seat(c, x, person)
    c.shadow(x, person.z, 0.34, 0.2)
    const draw = (at: Point) =>
      drawFigure({
        look: person.look,
        pose: person.acting.pose,
        foot: at,
        height,
        facing: person.facing,
        back: person.back,
        mood: person.acting.mood,
        speaking: person.acting.speaking,
        light: plan.light.dark > 0.2 && person.z > 1 ? darker(light, 0.12) : light,
        ink: c.light.ink,
        lightFrom: c.light.from,
        silhouette: person.z < -0.5 ? 0.55 : 0,
        prop: person.acting.prop,
      })
    const first = draw(foot)
    // A close camera follows the head down when somebody sits or bends.
    const sunk = first.head[1] - (foot[1] - height * person.look.height * 0.93)
    const figure = c.stage.close && !person.back && sunk > height * 0.05 ? draw([foot[0], foot[1] - sunk]) : first
    // A faint light behind a person parts them from a dark place.
    const halo = c.radial([foot[0], figure.head[1] + height * 0.3], height * 0.55, [
      [0, c.light.key, 0.2 * Math.min(1, c.light.dark * 2)],
      [1, c.light.key, 0],
    ])
    const behind =
      c.light.dark > 0.12
        ? el('circle', { cx: foot[0], cy: figure.head[1] + height * 0.3, r: height * 0.55, fill: halo })
        : ''
    drawn.push({ z: person.z, svg: behind + figure.svg })
    const r = figure.headRadius * 1.25
    labels.push({
      name: person.look.name,
      head: { x: figure.head[0] - r, y: figure.head[1] - r, width: r * 2, height: r * 2 },
    })
  }
  return { drawn, labels }
}

function seat(c: Canvas, x: number, person: Placed): void {
  const side = person.facing < 0 ? -1 : 1
  chair(c, x - side * 0.05, person.z + 0.12)
  if (person.acting.pose === 'type') table(c, x + side * 0.75, person.z + 0.1, 0.9, 0.6)
}

/** Background out of focus when the camera is close, with the darkness of the hour already over it. */
function layers(c: Canvas, figures: Drawn[], unit: number): string {
  // Fixed regions: a filter over a shape without height has none of its own.
  const region = `filterUnits="userSpaceOnUse" x="0" y="0" width="${num(c.stage.width)}" height="${num(c.stage.height)}"`
  const blur = c.stage.close ? c.stage.person / c.stage.height : 0
  c.defs.push(
    `<filter id="soft" color-interpolation-filters="sRGB" ${region}><feGaussianBlur stdDeviation="${num(Math.min(4.5, blur * 1.25) * unit)}"/></filter>`,
    `<filter id="dim" color-interpolation-filters="sRGB" ${region}><feComponentTransfer>${['R', 'G', 'B'].map((k) => `<feFunc${k} type="linear" slope="${num((1 - c.light.dark * 0.85) * 10) === '10' ? '1' : String(Math.round((1 - c.light.dark * 0.85) * 100) / 100)}"/>`).join('')}</feComponentTransfer></filter>`,
  )
  const front = Math.min(0.3, ...figures.map((f) => f.z)) - 0.01
  const nearest = c.things.filter((t) => t.z < front)
  const between = c.things.filter((t) => t.z >= front)
  const far = between.filter((t) => t.z > 0.55 && !figures.some((f) => f.z >= t.z))
  const mid = between.filter((t) => !far.includes(t))
  const order = (list: Drawn[]) => [...list].sort((a, b) => b.z - a.z).map((t) => t.svg)
  const background = group({ filter: blur > 0 ? 'url(#soft)' : undefined }, ...c.back, ...order(far))
  const glowing = lightOver(c)
  const dimmed = mid.map((t) => ({ z: t.z, svg: c.light.dark > 0.02 ? group({ filter: 'url(#dim)' }, t.svg) : t.svg }))
  const before =
    nearest.length > 0 ? group({ filter: c.light.dark > 0.02 ? 'url(#dim)' : undefined }, ...order(nearest)) : ''
  return [background, glowing, ...order([...dimmed, ...figures]), before].join('')
}

export type DrawnFrame = { svg: string; width: number; height: number; plan: FramePlan; captionHeight: number }

/**
 * A storyboard frame as SVG: the place in its light, the people acting in it, the camera's movement, names, and the caption
 * strip. Text is drawn as outlines. The same job gives the same text.
 */
export function drawFrame(job: FrameJob): DrawnFrame {
  const { width, height } = job.settings
  const unit = Math.min(width, height) / 720
  const plan = planFrame(job)
  const { frame, scene } = job
  const strip = caption(
    width,
    height,
    {
      id: frame.frame_id,
      scene: `Scene ${frame.scene_number}${scene ? ` · ${scene.location}` : ''}`,
      camera: plan.camera.label,
    },
    frame.description,
  )
  const picture = height - strip.height
  const tallest = Math.max(1, ...plan.people.map((p) => p.look.height))
  const stage = new Stage(
    width,
    picture,
    plan.camera.size,
    plan.camera.angle,
    plan.camera.lens,
    frame.frame_id,
    tallest,
  )
  const c = new Canvas(stage, plan.light, plan.seed)
  if (plan.place.interior) INSIDE[plan.place.kind as InsideKind](c)
  else OUTSIDE[plan.place.kind as OutsideKind](c)
  const { drawn, labels } = people(c, plan)
  const world = layers(c, drawn, unit)
  const turned =
    plan.camera.angle === 'dutch'
      ? group(
          {
            transform: `rotate(-7 ${num(width / 2)} ${num(picture / 2)}) translate(${num(-width * 0.07)} ${num(-picture * 0.07)}) scale(1.14)`,
          },
          world,
        )
      : world
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${xmlText(frame.frame_id)}</title><desc>${xmlText(`${frame.description} (${plan.camera.label})`)}</desc>`,
    `<defs>${c.defs.join('')}</defs>`,
    group(
      {},
      turned,
      weather(c),
      cameraMarks(plan.camera.move, width, picture, unit),
      placeLabels(labels, width, picture, unit),
    ),
    // The strip covers what the picture shows below its edge: clipping it would make layers that the renderer cannot hold.
    strip.draw(picture),
    '</svg>',
  ].join('')
  return { svg, width, height, plan, captionHeight: strip.height }
}
