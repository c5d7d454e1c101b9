import { expect, test } from 'vitest'
import { placeName, readPlace, readTime, readWeather, sceneHeading } from './place.ts'

test.each([
  ['EXT. LIGHTHOUSE - NIGHT', 'lighthouse', false],
  ['Lighthouse lamp room', 'lantern_room', true],
  ['INT. LIGHTHOUSE', 'lantern_room', true],
  ['Harbour office', 'office', true],
  ['Abandoned radio station', 'control_room', true],
  ['City street', 'street', false],
  ['Old pier', 'harbour', false],
  ['Spaceship bridge', 'spaceship', true],
  ['Deep forest', 'forest', false],
  ['Main location', 'room', true],
  ['EXT. SOMEWHERE', 'landscape', false],
])('%s is a %s', (location, kind, interior) => {
  expect(readPlace(location)).toEqual({ kind, interior })
})

test('a silent location asks the hint', () => {
  expect(readPlace('Main location', 'Waves break below the cliff')).toEqual({ kind: 'coast', interior: false })
})

test('the first text that says a time or weather decides', () => {
  expect(readTime('Pier', 'warm sunset light', 'night')).toBe('dusk')
  expect(readTime(undefined, 'flat')).toBe('day')
  expect(readWeather('in heavy rain')).toBe('rain')
  expect(readWeather('a yellow raincoat', 'a mistake')).toBe('clear')
})

test('a heading keeps what the location already says', () => {
  expect(sceneHeading('Old pier', 'cold moonlight')).toBe('EXT. OLD PIER - NIGHT')
  expect(sceneHeading('INT. KITCHEN - LATER')).toBe('INT. KITCHEN - LATER')
  expect(sceneHeading('INT./EXT. CAR - DAWN')).toBe('INT./EXT. CAR - DAWN')
  expect(placeName('EXT. OLD PIER - NIGHT')).toBe('OLD PIER')
})
