import { describe, expect, test } from 'vitest'
import { ROSTER, rosterAgent } from '../agents/roster.ts'
import { ARTIFACT_NAMES } from '../schema.ts'
import { WORKFLOWS } from './workflow-defs.ts'

const LINES: Record<string, [state: string, weight: number, seconds: number][]> = {
  movie_creation: [
    ['concept_development', 10, 300],
    ['character_creation', 15, 600],
    ['scene_planning', 20, 900],
    ['media_generation', 35, 3600],
    ['post_production', 15, 900],
    ['final_assembly', 5, 300],
  ],
  episode_production: [
    ['episode_planning', 10, 300],
    ['script_writing', 15, 600],
    ['scene_planning', 20, 900],
    ['media_generation', 35, 3600],
    ['post_production', 15, 900],
    ['final_assembly', 5, 300],
  ],
  character_development: [
    ['character_concept', 25, 120],
    ['character_design', 25, 300],
    ['voice_design', 20, 180],
    ['arc_development', 20, 180],
    ['character_review', 10, 60],
  ],
}

describe.each(Object.values(WORKFLOWS))('workflow $type', (workflow) => {
  test('has the states, weights and expected seconds of the contract; the weights add up to 100', () => {
    expect(workflow.states.map((s) => [s.id, s.weight, s.expectedSeconds])).toEqual(LINES[workflow.type])
    expect(workflow.states.reduce((sum, s) => sum + s.weight, 0)).toBe(100)
  })

  test.each(workflow.states.map((state) => [state.id, state] as const))(
    '%s: tasks and points refer to what is there',
    (_id, state) => {
      const known = new Set<string>(['gate', ...state.tasks.map((t) => t.id), ...state.points.map((p) => p.point)])
      expect(known.size).toBe(1 + state.tasks.length + state.points.length)
      for (const task of state.tasks) {
        expect(rosterAgent(task.agent), `${task.id}: ${task.agent} is on the roster`).toBeDefined()
        expect(ARTIFACT_NAMES as readonly string[]).toContain(task.produces)
      }
      const earlier = workflow.states.slice(0, workflow.states.indexOf(state)).flatMap((s) => s.tasks.map((t) => t.id))
      const soFar = [...known, ...earlier]
      for (const node of [...state.tasks, ...state.points]) for (const id of node.after) expect(soFar).toContain(id)
      for (const point of state.points)
        for (const branch of Object.values(point.branches))
          if (branch.to === 'repeat') {
            const to = workflow.states.find((s) => s.id === branch.state)!
            for (const id of branch.tasks) expect(to.tasks.map((t) => t.id)).toContain(id)
          }
      if (state.gate.onFail.repeat) expect(soFar).toContain(state.gate.onFail.repeat)
    },
  )

  test('every deliverable is produced by a task of its profile, or may be another', () => {
    const made = new Set<string>(workflow.states.flatMap((s) => s.tasks.map((t) => t.produces)))
    for (const d of workflow.deliverables) expect(made, d.name).toContain(d.name)
  })
})

test('the roster has 55 agents of the four types, 16 of them core, with one operation each', () => {
  expect(ROSTER).toHaveLength(55)
  expect(new Set(ROSTER.map((a) => a.id)).size).toBe(55)
  expect(ROSTER.filter((a) => a.core)).toHaveLength(16)
  expect(new Set(ROSTER.map((a) => a.type))).toEqual(new Set(['story', 'character', 'visual', 'production']))
  expect(new Set(ROSTER.map((a) => a.department)).size).toBe(11)
  expect(new Set(ROSTER.map((a) => a.operation)).size).toBe(55)
})

test('every agent of the roster has work in some workflow', () => {
  const used = new Set(Object.values(WORKFLOWS).flatMap((w) => w.states.flatMap((s) => s.tasks.map((t) => t.agent))))
  expect(ROSTER.map((a) => a.id).filter((id) => !used.has(id))).toEqual([])
})
