import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { drawWorkflow, workflowPage } from './draw-workflow.ts'
import { WORKFLOWS } from './workflow-defs.ts'

test('the page with the diagrams is the one the definitions give', () => {
  const page = fs.readFileSync(path.resolve(import.meta.dirname, '../../../docs/movie-workflows.md'), 'utf8')
  expect(page, 'run node scripts/write-movie-workflows.ts').toBe(workflowPage(Object.values(WORKFLOWS)))
})

describe.each(Object.values(WORKFLOWS))('the diagram of $type', (workflow) => {
  const drawn = drawWorkflow(workflow)

  test('shows every state, task, gate and decision point', () => {
    for (const state of workflow.states) {
      expect(drawn).toContain(`subgraph ${state.id}[`)
      expect(drawn).toContain(`${state.gate.id}: `)
      for (const task of state.tasks) expect(drawn).toContain(`${state.id}_${task.id}["`)
      for (const point of state.points) expect(drawn).toContain(`${state.id}_${point.point}{"`)
    }
  })

  test('draws arrows only between nodes that are there', () => {
    const nodes = new Set([...drawn.matchAll(/^\s*(\w+)(?:\[|\(|\{)/gm)].map(([, id]) => id))
    const arrows = [...drawn.matchAll(/^\s*(\w+) (?:-->|-\. ".*" \.->) (\w+)$/gm)]
    expect(arrows.length).toBeGreaterThan(10)
    for (const [, from, to] of arrows) for (const id of [from, to]) expect(nodes, `${from} to ${to}`).toContain(id)
  })
})
