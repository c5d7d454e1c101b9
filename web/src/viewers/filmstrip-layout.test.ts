import { expect, it } from 'vitest'
import { frameAt, frameTimes, timecode } from './filmstrip-layout.ts'

const frames = frameTimes([
  { id: 'a', title: 'A', status: 'done', seconds: 2 },
  { id: 'b', title: 'B', status: 'done' },
  { id: 'c', title: 'C', status: 'done', seconds: 4 },
])

it('shows frames one after the other', () => {
  expect(frames.map((frame) => [frame.from, frame.to])).toEqual([
    [0, 2],
    [2, 5],
    [5, 9],
  ])
})

it('finds the frame on screen at any time', () => {
  expect([-1, 0, 1.99, 2, 4.9, 5, 99].map((at) => frameAt(frames, at)?.id)).toEqual(['a', 'a', 'a', 'b', 'b', 'c', 'c'])
  expect(frameAt([], 3)).toBeUndefined()
})

it('writes a time as minutes and seconds', () => {
  expect([0, 65, 600].map(timecode)).toEqual(['0:00', '1:05', '10:00'])
})
