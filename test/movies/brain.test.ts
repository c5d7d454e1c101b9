import { expect, test } from 'vitest'
import { type Faults, noFaults } from '../../src/movies/services/stand-ins/faults.ts'
import { until } from '../_server.ts'
import { create, ended, tasks } from './_movies.ts'
import { filmOf, withOutside } from './_services.ts'

const outside = withOutside(['brain'])

test('I13: knowledge is asked for before text agents and told afterwards', async () => {
  const id = `p-${crypto.randomUUID()}`
  const made = await create(outside.server, filmOf(id, { target_duration: 40 }))
  await ended(outside.server, made.workflow_id)
  await until(() =>
    outside.brain.documents.some(
      (d) => d.content.includes('workflow_result') || d.content.includes('completed_states'),
    ),
  )
  const own = outside.brain.calls.filter((c) => JSON.stringify(c).includes(id))
  const names = new Set(own.map((c) => c.name))
  for (const name of [
    'search_embeddings',
    'get_knowledge',
    'store_knowledge',
    'store_embedding',
    'create_relationship',
    'store_agent_memory',
  ])
    expect(names).toContain(name)
  expect(own.find((c) => c.name === 'store_knowledge')!.arguments).toMatchObject({
    knowledge_type: 'workflow',
    content: { title: 'Signal at Dawn', genre: 'science_fiction', project_id: id },
  })
  const asked = own.find((c) => c.name === 'search_embeddings' && c.arguments['query'].includes('story_arc'))!
  expect(asked.arguments).toMatchObject({ limit: 3, query: 'story_arc science_fiction Signal at Dawn' })
  const steps = own.filter((c) => c.arguments['knowledge_type'] === 'workflow_step')
  expect(steps.length).toBeGreaterThan(0)
  const { length } = await tasks(outside.server, made.workflow_id)
  await until(
    () =>
      outside.brain.calls.filter(
        (c) => c.arguments['knowledge_type'] === 'workflow_step' && JSON.stringify(c).includes(id),
      ).length === length,
  )
  const arc = (await tasks(outside.server, made.workflow_id)).find((t) => t.task_type === 'scene_list')
  expect(arc.warnings).toEqual([])
})

test('I13: away it answers nothing, with a warning; what was to be told arrives when it is back', async () => {
  const id = `p-${crypto.randomUUID()}`
  await outside.brain.vanish()
  const made = await create(outside.server, filmOf(id))
  await ended(outside.server, made.workflow_id)
  const arc = (await tasks(outside.server, made.workflow_id)).find((t) => t.task_type === 'story_arc')
  expect(arc.warnings.join()).toContain('Brain')
  const before = outside.brain.calls.length
  await outside.brain.start()
  await until(() =>
    outside.brain.calls
      .slice(before)
      .some((c) => c.arguments['knowledge_type'] === 'workflow_result' && JSON.stringify(c).includes(id)),
  )
  const kinds = outside.brain.calls
    .slice(before)
    .filter((c) => c.name === 'store_knowledge' && JSON.stringify(c).includes(id))
  expect(kinds[0]!.arguments['knowledge_type']).toBe('workflow')
  expect(kinds.at(-1)!.arguments['knowledge_type']).toBe('workflow_result')
})

const CHAOS: [name: string, begin: () => NodeJS.Timeout | undefined][] = [
  ['cut connections', () => setInterval(() => outside.brain.disconnect(), 150)],
  ['slow answers', () => tell({ slow_ms: 300 })],
  ['no answers', () => tell({ hang: true })],
  ['nonsense', () => tell({ garbage: true })],
]
function tell(faults: Partial<Faults>): undefined {
  outside.brain.tell(faults)
}
test.each(CHAOS)('chaos: %s never fail a workflow', async (_name, begin) => {
  const id = `p-${crypto.randomUUID()}`
  const timer = begin()
  const made = await create(outside.server, filmOf(id))
  await ended(outside.server, made.workflow_id)
  clearInterval(timer ?? undefined)
  outside.brain.tell(noFaults())
  await until(() =>
    outside.brain.calls.some(
      (c) => c.arguments['knowledge_type'] === 'workflow_result' && JSON.stringify(c).includes(id),
    ),
  )
})
