import { expect, it } from 'vitest'
import { pairLines } from './pair-lines.ts'

const reply = (names: string[], to: number) => ({
  from_turn: 0,
  to_turn: to,
  turns_per_point: 1,
  variables: [],
  series_total: names.length,
  series: names.map((name) => ({ name, agent_id: name, variable: 'w', points: [[0, 1] as [number, number]] })),
})

it('pairs lines by agent: one colour, the second dashed, those that differ first', () => {
  const lines = pairLines(reply(['ada.w', 'bo.w', 'cy.w'], 5), reply(['ada.w', 'bo.w', 'cy.w'], 9), ['cy.w'], 2)
  expect(lines.map(({ id, color, dashed, points }) => [id, color, dashed, points.at(-1)?.x])).toEqual([
    ['aada.w', 'var(--series-2)', false, 5],
    ['acy.w', 'var(--series-1)', false, 5],
    ['bada.w', 'var(--series-2)', true, 9],
    ['bcy.w', 'var(--series-1)', true, 9],
  ])
})
