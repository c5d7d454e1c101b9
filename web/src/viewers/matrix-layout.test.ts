import { expect, it } from 'vitest'
import { matrixLayout, severity } from './matrix-layout.ts'

const point = (id: string, x: number, y: number) => ({ id, label: id, x, y })

it('puts a single point into the middle of its cell, y upwards', () => {
  const [one] = matrixLayout([point('a', 1, 5)], 5, 5)
  expect([one!.cx, one!.cy]).toEqual([0.1, 0.1])
})

it('never puts two points of a cell on one spot', () => {
  const spots = matrixLayout(
    Array.from({ length: 7 }, (_, i) => point(`p${i}`, 3, 3)),
    5,
    5,
  ).map((one) => `${one.cx},${one.cy}`)
  expect(new Set(spots).size).toBe(7)
})

it('keeps points outside the scale at its edge', () => {
  expect(matrixLayout([point('a', 9, 0)], 5, 5)[0]).toMatchObject({ column: 5, row: 1 })
  expect(severity(5, 5, 5, 5)).toBe(1)
})
