import type { StyleGuide } from '../../schema.ts'
import { isHex, lightness, lit, mix } from '../draw/colour.ts'
import type { TimeOfDay, Weather } from './place.ts'

/** The colours of a frame: time of day, weather and mood words, leaning toward the film's palette. */
export type Light = {
  time: TimeOfDay
  weather: Weather
  interior: boolean
  skyTop: string
  skyLow: string
  haze: string
  ground: string
  green: string
  stone: string
  wall: string
  floor: string
  wood: string
  metal: string
  cloth: string
  water: string
  ink: string
  /** Colour of the light that falls on things, and of lamps. */
  key: string
  lamp: string
  /** 0 bright … 1 black: how much darkness lies over the picture. */
  dark: number
  /** 0 flat … 1 hard. */
  contrast: number
  /** The side the light comes from. */
  from: -1 | 1
}

type Base = Pick<Light, 'skyTop' | 'skyLow' | 'haze' | 'key' | 'dark'>
const TIMES: Record<TimeOfDay, Base> = {
  day: { skyTop: '#8fb2c6', skyLow: '#e6e6d8', haze: '#d4dbd8', key: '#fff9ee', dark: 0 },
  dawn: { skyTop: '#8a9ab4', skyLow: '#f4cfa8', haze: '#e3cdb9', key: '#ffeedd', dark: 0.06 },
  dusk: { skyTop: '#41496e', skyLow: '#e88f56', haze: '#b98d7c', key: '#f6cfae', dark: 0.16 },
  night: { skyTop: '#0d1524', skyLow: '#2d4059', haze: '#2c3c52', key: '#b3c3dc', dark: 0.36 },
}
const SURFACES = {
  ground: '#b3a27f',
  green: '#6d8458',
  stone: '#9c968b',
  wall: '#cbbfa9',
  floor: '#94775a',
  wood: '#8c6542',
  metal: '#7d8890',
  cloth: '#8a5a4c',
  water: '#5f8794',
}

const WEATHER_SKY: Partial<Record<Weather, { tint: string; share: number }>> = {
  fog: { tint: '#c9ccc9', share: 0.55 },
  rain: { tint: '#7f8a92', share: 0.5 },
  storm: { tint: '#4b5560', share: 0.65 },
  snow: { tint: '#d8dde0', share: 0.5 },
}

const MOODS: [RegExp, { key?: string; dark?: number; contrast?: number; lamp?: string }][] = [
  [/neon/i, { lamp: '#ff6fae', key: '#b9c4f2', contrast: 0.8 }],
  [/screen|monitor|cold|moon|blue/i, { key: '#c3d8ea', contrast: 0.5 }],
  [/candle|fire|torch|ember/i, { lamp: '#ffb35c', key: '#f3d2a8', dark: 0.12, contrast: 0.75 }],
  [/noir|hard|low[- ]key|deep shadow|failing|wide dark/i, { dark: 0.16, contrast: 0.95 }],
  [/golden|warm|orange|amber/i, { key: '#ffe2bd', contrast: 0.5 }],
  [/soft|even|diffuse|flat|overcast/i, { contrast: 0.2 }],
  [/bright|high[- ]key/i, { dark: -0.05, contrast: 0.25 }],
]

/** Leans a colour toward the palette entry of about its lightness. */
function lean(colour: string, palette: string[], share: number): string {
  if (palette.length === 0) return colour
  const wanted = lightness(colour)
  const nearest = palette.reduce((best, entry) =>
    Math.abs(lightness(entry) - wanted) < Math.abs(lightness(best) - wanted) ? entry : best,
  )
  return mix(colour, nearest, share)
}

export function readLight(
  place: { interior: boolean; time: TimeOfDay; weather: Weather },
  mood: string,
  style: StyleGuide | null,
  from: -1 | 1,
): Light {
  const base = TIMES[place.time]
  const palette = (style?.palette ?? []).filter(isHex)
  const grey = place.interior ? undefined : WEATHER_SKY[place.weather]
  const sky = (colour: string) => {
    const weathered = grey
      ? mix(colour, lit(grey.tint, mix('#ffffff', base.haze, base.dark * 1.6)), grey.share)
      : colour
    return lean(weathered, palette, 0.2)
  }
  const words = MOODS.filter(([rule]) => rule.test(mood)).map(([, effect]) => effect)
  const last = <K extends 'key' | 'lamp'>(name: K) => words.find((effect) => effect[name])?.[name]
  // At night a room is lit by its lamps, not by the sky.
  const hour = place.interior && place.time === 'night' ? '#ecd9bd' : base.key
  const key = last('key') ? mix(hour, last('key')!, 0.55) : hour
  const dark = Math.min(
    0.5,
    Math.max(0, base.dark * (place.interior ? 0.8 : 1) + words.reduce((sum, e) => sum + (e.dark ?? 0), 0)),
  )
  const surface = (colour: string) => lean(colour, palette, 0.28)
  return {
    ...place,
    skyTop: sky(base.skyTop),
    skyLow: sky(base.skyLow),
    haze: sky(base.haze),
    ground: surface(SURFACES.ground),
    green: surface(SURFACES.green),
    stone: surface(SURFACES.stone),
    wall: surface(SURFACES.wall),
    floor: surface(SURFACES.floor),
    wood: surface(SURFACES.wood),
    metal: surface(SURFACES.metal),
    cloth: surface(SURFACES.cloth),
    water: surface(SURFACES.water),
    ink: '#1c1a1c',
    key,
    lamp: last('lamp') ?? '#ffd58a',
    dark,
    contrast: words.find((e) => e.contrast !== undefined)?.contrast ?? (place.time === 'day' ? 0.3 : 0.6),
    from,
  }
}
