import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lighthouse } from '../../exports/_lighthouse.ts'
import { frameJob } from '../_film.ts'
import { INSIDE_KINDS, OUTSIDE_KINDS } from '../read/place.ts'
import { caption, MIN_TEXT } from './caption.ts'
import { drawFrame } from './draw-frame.ts'
import { planFrame } from './plan-frame.ts'
import { measure, wrapWords } from './text.ts'

const over = (frame: Partial<ReturnType<typeof frameJob>['frame']>, rest: Parameters<typeof frameJob>[1] = {}) => {
  const job = frameJob(0, { shot: null, ...rest })
  return { ...job, frame: { ...job.frame, ...frame } }
}

test('one figure a character, each with its name and the same look in every frame', () => {
  const looks = [0, 1, 3].map((i) => planFrame(frameJob(i)).people.map((p) => ({ ...p.look })))
  expect(looks.map((list) => list.map((l) => l.name))).toEqual([
    ['Mara', 'Tomas'],
    ['Mara', 'Tomas'],
    ['Mara', 'Tomas'],
  ])
  expect(looks[1]).toEqual(looks[0])
  expect(looks[2]).toEqual(looks[0])
})

test('people keep their side of the picture through a scene, whoever is named first', () => {
  const side = (names: string[]) => {
    const { people } = planFrame(over({ characters_present: names, camera_notes: 'medium two-shot, 50 mm' }))
    return people.find((p) => p.look.name === 'Mara')!.x < people.find((p) => p.look.name === 'Tomas')!.x
  }
  expect(side(['Mara', 'Tomas'])).toBe(side(['Tomas', 'Mara']))
})

test('the shot decides how large people are, the angle where the horizon lies', () => {
  const read = (camera_notes: string) => planFrame(over({ camera_notes })).camera
  expect(read('extreme wide, 24 mm, pan left')).toMatchObject({ size: 'extreme_wide', lens: 24, move: 'pan_left' })
  expect(read('close-up over the shoulder, 85 mm, locked off')).toMatchObject({
    size: 'close',
    overShoulder: true,
    move: 'static',
  })
  expect(read('wide from above, 24 mm, drifting left to right')).toMatchObject({ angle: 'high', move: 'track_right' })
  expect(read('low wide, 24 mm, small push in')).toMatchObject({ size: 'wide', angle: 'low', move: 'push_in' })
})

test('acting follows the verbs beside the name', () => {
  const { people } = planFrame(
    over({ description: 'Mara holds the letter; Tomas kneels, afraid, and turns away.', camera_notes: 'full shot' }),
  )
  expect(people.map((p) => [p.acting.pose, p.acting.prop, p.acting.mood, p.back])).toEqual([
    ['hold', 'paper', 'afraid', false],
    ['kneel', null, 'afraid', true],
  ])
})

test('light follows place, hour and mood', () => {
  const plan = (location: string, lighting_mood: string) =>
    planFrame(over({ lighting_mood }, { scene: { ...lighthouse.artifacts.scene_list!.scenes[0]!, location } }))
  expect(plan('Old pier', 'night').light.dark).toBeGreaterThan(plan('Old pier', 'even daylight').light.dark)
  expect(plan('Old pier', 'last orange light against blue').light.time).toBe('dusk')
  expect(plan('Kitchen', 'night').place).toEqual({ kind: 'kitchen', interior: true })
})

test('the caption strip has letters of 24 pixels at least, and all words of the description', () => {
  const words = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ')
  for (const [width, height] of [
    [1280, 720],
    [720, 1280],
    [1024, 768],
    [1680, 720],
    [720, 720],
  ] as const) {
    const strip = caption(width, height, { id: 'SCENE_1_SHOT_1', scene: 'Scene 1', camera: 'wide' }, words)
    const svg = strip.draw(height - strip.height)
    const scales = [...svg.matchAll(/scale\(([\d.]+) /g)].map((match) => Number(match[1]) * 2048)
    expect(Math.min(...scales)).toBeGreaterThanOrEqual(MIN_TEXT - 0.1)
    expect(strip.height).toBeLessThan(height)
    const lines = wrapWords(words, MIN_TEXT, width - 44)
    expect(lines.join(' ')).toBe(words)
    for (const line of lines) expect(measure(line, MIN_TEXT)).toBeLessThanOrEqual(width - 44)
  }
})

test('every kind of place is drawn, inside and outside, at every size of shot', () => {
  const sizes = ['extreme wide', 'wide', 'full', 'medium', 'close-up', 'insert'] as const
  const kinds = [...OUTSIDE_KINDS.map((k) => `EXT. ${k}`), ...INSIDE_KINDS.map((k) => `INT. ${k.replace('_', ' ')}`)]
  for (const [i, location] of kinds.entries()) {
    const job = over(
      {
        camera_notes: `${sizes[i % sizes.length]}, static`,
        lighting_mood: ['day', 'dusk', 'night rain', 'dawn mist'][i % 4]!,
      },
      { scene: { ...lighthouse.artifacts.scene_list!.scenes[0]!, location, visual_hook: '' } },
    )
    expect(drawFrame(job).svg.length).toBeGreaterThan(5000)
  }
})

test('any words give a drawing without broken numbers or marks', () => {
  const words = fc.array(
    fc.constantFrom(
      'Mara',
      'Tomas',
      'runs',
      '“quoted',
      '<b>',
      '&',
      'night',
      'forest',
      '\u0000',
      '雨',
      'low',
      '35 mm',
      'close',
      '',
    ),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(
      words,
      words,
      words,
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom([320, 180], [1280, 720], [720, 1280]),
      (a, b, c, people, [width, height]) => {
        const names = Array.from({ length: people }, (_, i) => ['Mara', 'Tomas', 'X', 'Y', 'Z', 'A & B', 'Ö', 'K'][i]!)
        const job = over(
          { description: a.join(' ') || 'x', camera_notes: b.join(' '), characters_present: names },
          {
            scene: { ...lighthouse.artifacts.scene_list!.scenes[0]!, location: c.join(' ') || 'x' },
            settings: { width: width!, height: height!, fps: 24, aspect_ratio: '16:9', quality: 'draft' },
          },
        )
        const { svg } = drawFrame(job)
        expect(svg).not.toMatch(/NaN|Infinity|undefined|\u0000/)
        expect(svg).toBe(drawFrame(job).svg)
        const numbers = [...svg.matchAll(/(?<![#\w.])-?\d{6,}/g)]
        expect(numbers).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
})
