import { expect, it } from 'vitest'
import { mapLayout, spreadTokens } from './map-layout.ts'

it('reads a grid from ids such as "5,3" and keeps its proportions', () => {
  const { places, aspect } = mapLayout([{ id: '0,0' }, { id: '3,0' }, { id: '0,1' }])
  expect(aspect).toBe(2)
  expect(places.map((place) => [place.px, place.py])).toEqual([
    [0.125, 0.25],
    [0.875, 0.25],
    [0.125, 0.75],
  ])
})

it('puts a network without coordinates on a circle', () => {
  const { places } = mapLayout([{ id: '北京' }, { id: 'a' }, { id: 'b' }])
  for (const place of places) expect(Math.hypot(place.px - 0.5, place.py - 0.5)).toBeCloseTo(0.42)
})

it('gives hex neighbours the same distance', () => {
  const { places, aspect } = mapLayout([{ id: '0,0' }, { id: '1,0' }, { id: '0,1' }, { id: '-1,1' }], 'hex')
  const [a, b, c, d] = places.map((place) => ({ x: place.px * aspect, y: place.py }))
  const far = (p: typeof a, q: typeof a) => Math.hypot(p!.x - q!.x, p!.y - q!.y)
  expect(far(a, c)).toBeCloseTo(far(a, b), 5)
  expect(far(a, d)).toBeCloseTo(far(a, b), 5)
})

it('never stacks the tokens of a place', () => {
  const spots = spreadTokens(['x', 'y', 'z'].map((id) => ({ id, label: id, place: 'p' }))).map(
    (token) => `${token.dx.toFixed(3)},${token.dy.toFixed(3)}`,
  )
  expect(new Set(spots).size).toBe(3)
})
