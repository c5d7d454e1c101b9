import type { DesignJob } from '../../media-port.ts'
import { Canvas } from '../backdrop/canvas.ts'
import { INSIDE } from '../backdrop/inside-places.ts'
import { OUTSIDE } from '../backdrop/outside-places.ts'
import { lightOver } from '../backdrop/sky.ts'
import { isHex, mix } from '../draw/colour.ts'
import { drawFigure } from '../draw/figure/draw-figure.ts'
import { Stage } from '../draw/stage.ts'
import { el, group, num, xmlText } from '../draw/svg.ts'
import { readLight } from '../read/light.ts'
import { readLooks } from '../read/look.ts'
import { type InsideKind, type OutsideKind, readPlace, readTime, readWeather } from '../read/place.ts'
import { caption } from './caption.ts'
import { textPath } from './text.ts'

const PAPER = '#ece6d9'
const INK = '#1c1a1c'

function svgOf(job: DesignJob, parts: string[], defs: string[] = []): string {
  const { width, height } = job.settings
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${xmlText(job.name)}</title><desc>${xmlText(job.description)}</desc><defs>${defs.join('')}</defs>`,
    ...parts,
    '</svg>',
  ].join('')
}

/** A person three times standing and once close, with the palette: what a model sheet shows. */
function character(job: DesignJob, pictureHeight: number): string[] {
  const { width } = job.settings
  const profile = job.cast?.find((c) => c.name.toLowerCase() === job.name.toLowerCase())
  const cast = profile
    ? job.cast!
    : [
        {
          name: job.name,
          role: 'support' as const,
          motivation: '',
          visual_signature: job.description,
          relationships: [],
          continuity_notes: [],
        },
      ]
  const design = { character: job.name, appearance: job.description, clothing: '', features: [], palette: job.palette }
  const look = readLooks(cast, [design]).get(job.name.toLowerCase())!
  const standing = [0, 0.62, -1].map((facing, i) =>
    drawFigure({
      look,
      pose: (['stand', 'relaxed', 'walk'] as const)[i]!,
      foot: [width * (0.13 + i * 0.17), pictureHeight * 0.93],
      height: (pictureHeight * 0.82) / Math.max(1, look.height),
      facing,
      back: false,
      mood: 'calm',
      speaking: false,
      light: '#ffffff',
      lightFrom: -1,
      ink: INK,
      silhouette: 0,
      prop: null,
    }),
  )
  const close = drawFigure({
    look,
    pose: 'stand',
    foot: [width * 0.76, pictureHeight * 2.5],
    height: (pictureHeight * 2.32) / look.height,
    facing: -0.45,
    back: false,
    mood: 'determined',
    speaking: false,
    light: '#ffffff',
    lightFrom: -1,
    ink: INK,
    silhouette: 0,
    prop: null,
  })
  const box = { x: width * 0.58, y: pictureHeight * 0.06, width: width * 0.36, height: pictureHeight * 0.74 }
  const swatches = (
    job.palette.filter(isHex).length > 0 ? job.palette.filter(isHex) : [look.top, look.bottom, look.accent]
  ).slice(0, 6)
  const size = pictureHeight * 0.09
  return [
    el('rect', { x: 0, y: 0, width, height: pictureHeight, fill: PAPER }),
    el('path', {
      d: `M${num(width * 0.04)} ${num(pictureHeight * 0.93)}H${num(width * 0.55)}`,
      stroke: mix(PAPER, INK, 0.4),
      'stroke-width': 2,
    }),
    ...standing.map((figure) => figure.svg),
    `<clipPath id="close"><rect x="${num(box.x)}" y="${num(box.y)}" width="${num(box.width)}" height="${num(box.height)}"/></clipPath>`,
    el('rect', { ...box, fill: mix(PAPER, look.top, 0.22) }),
    group({ 'clip-path': 'url(#close)' }, close.svg),
    el('rect', { ...box, fill: 'none', stroke: INK, 'stroke-width': 3 }),
    ...swatches.map((colour, i) =>
      el('rect', {
        x: box.x + i * size * 1.2,
        y: pictureHeight * 0.84,
        width: size,
        height: size,
        fill: colour,
        stroke: INK,
        'stroke-width': 2,
      }),
    ),
  ]
}

/** A place without people, in its own light. */
function environment(job: DesignJob, pictureHeight: number): { parts: string[]; defs: string[] } {
  const text = `${job.name}. ${job.description}`
  const place = readPlace(job.name, job.description)
  const time = readTime(job.description, job.style?.lighting)
  const light = readLight(
    { interior: place.interior, time, weather: readWeather(job.description) },
    text,
    job.style,
    job.name.length % 2 ? -1 : 1,
  )
  const stage = new Stage(job.settings.width, pictureHeight, 'wide', 'eye', 24, job.name)
  const c = new Canvas(stage, light, `${job.name}|${place.kind}`)
  if (place.interior) INSIDE[place.kind as InsideKind](c)
  else OUTSIDE[place.kind as OutsideKind](c)
  const things = [...c.things].sort((a, b) => b.z - a.z).map((thing) => thing.svg)
  return { parts: [group({}, ...c.back, ...things, lightOver(c))], defs: c.defs }
}

/** A card of colours and words, for costumes and props. */
function card(job: DesignJob, pictureHeight: number): string[] {
  const { width } = job.settings
  const colours = [...job.palette.filter(isHex), '#8a6a50', '#3f6f8f', '#c49a3a'].slice(0, 5)
  return [
    el('rect', { x: 0, y: 0, width, height: pictureHeight, fill: PAPER }),
    ...colours.map((colour, i) =>
      el('rect', {
        x: width * (0.08 + i * 0.17),
        y: pictureHeight * 0.3,
        width: width * 0.15,
        height: pictureHeight * 0.5,
        fill: colour,
        stroke: INK,
        'stroke-width': 3,
      }),
    ),
    textPath(job.name, width * 0.08, pictureHeight * 0.2, Math.max(28, pictureHeight * 0.09), INK, true),
  ]
}

/** A design sheet as SVG: a person, a place, a costume or a prop. The same job gives the same text. */
export function drawDesign(job: DesignJob): string {
  const { width, height } = job.settings
  const strip = caption(width, height, { id: job.name, scene: job.subject, camera: '' }, job.description)
  const pictureHeight = height - strip.height
  if (job.subject === 'environment') {
    const { parts, defs } = environment(job, pictureHeight)
    return svgOf(job, [...parts, strip.draw(pictureHeight)], defs)
  }
  const parts = job.subject === 'character' ? character(job, pictureHeight) : card(job, pictureHeight)
  return svgOf(job, [...parts, strip.draw(pictureHeight)])
}
