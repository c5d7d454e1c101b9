import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ServiceCaller } from '../../services-port.ts'
import type { OutboxEntry } from '../core/outbox.ts'
import { ServiceLine } from '../core/service-line.ts'
import { BRAIN_TOOL_SETS, BrainStandIn } from '../stand-ins/brain-stand-in.ts'
import { createBrain, itemsOf, socketUrl } from './brain.ts'
import { type BrainOperation, toolFor } from './tools.ts'

const caller: ServiceCaller = { workflow_id: 'w', project_id: 'p1', priority: 5, correlation_id: 'c' }
const entry = (operation: BrainOperation, payload: Record<string, unknown>): OutboxEntry => ({
  service: 'brain',
  lane: 'l',
  operation,
  payload: { project_id: 'p1', ...payload },
  workflow_id: 'w',
  correlation_id: 'c',
  priority: 5,
})

function connect(standIn: BrainStandIn, timeoutSeconds = 1) {
  const line = new ServiceLine({
    service: 'brain',
    limit: 20,
    timeoutSeconds,
    retries: 3,
    backOffBase: 0.02,
    openSeconds: 0.2,
    now: () => performance.now(),
    random: () => 1,
    record: () => undefined,
  })
  return createBrain({
    line,
    pool: {
      url: socketUrl(standIn.url),
      headers: {},
      size: 4,
      pingMs: 1000,
      openMs: 1000,
      reconnectSeconds: 0.01,
      now: () => performance.now(),
      random: () => 1,
    },
    warn: () => undefined,
  })
}

describe.each(['preferred', 'alternative'] as const)('a Brain with the %s tools', (tools) => {
  let standIn: BrainStandIn
  let brain: ReturnType<typeof createBrain>
  beforeAll(async () => {
    standIn = await new BrainStandIn(tools).start()
    brain = connect(standIn)
  })
  afterAll(async () => {
    brain.close()
    await standIn.close()
  })

  test('every operation finds its tool, told texts are found again in their project only', async () => {
    await brain.deliver(
      entry('remember_text', { content: 'The lighthouse keeper waits', metadata: { kind: 'scene' } }),
      caller,
    )
    await brain.deliver(entry('store_knowledge', { knowledge_type: 'workflow', knowledge: { title: 'Lamp' } }), caller)
    await brain.deliver(entry('agent_memory', { agent_id: 'a', memory_type: 'decision', content: 'approved' }), caller)
    await brain.deliver(entry('relate', { from_id: 'a', to_id: 'b', relationship_type: 'APPEARS_IN' }), caller)
    const { items } = await brain.service.findSimilar('who is the lighthouse keeper', 3, caller)
    expect(items[0]!.text).toBe('The lighthouse keeper waits')
    const foreign = await brain.service.findSimilar('lighthouse keeper', 3, { ...caller, project_id: 'p2' })
    expect(foreign.items).toEqual([])
    await brain.service.getKnowledge('canon', 'keeper', caller)
    await brain.probe(caller, 1)
    const used = new Set(standIn.calls.map((c) => c.name))
    expect([...used].every((name) => (BRAIN_TOOL_SETS[tools] as readonly string[]).includes(name))).toBe(true)
    expect(used.size).toBe(tools === 'preferred' ? 7 : 4)
    for (const call of standIn.calls.filter((c) => c.name !== 'health_check'))
      expect(JSON.stringify(call.arguments)).toMatch(/"project_id":"p[12]"/)
  })

  test('errors with retry_after are waited for, refusals are for good, a text answer is no result', async () => {
    standIn.errors.push({ code: -32000, message: 'busy', data: { retry_after: 20 } })
    expect((await brain.service.findSimilar('lighthouse keeper', 3, caller)).items).toHaveLength(1)
    standIn.errors.push({ code: -32602, message: 'no such thing' })
    expect(await brain.service.findSimilar('lighthouse', 3, caller)).toMatchObject({
      items: [],
      warning: expect.stringContaining('no such thing'),
    })
    standIn.textOnly = true
    expect(await brain.service.findSimilar('lighthouse', 3, caller)).toEqual({ items: [] })
    standIn.textOnly = false
  })

  test('many calls at once share at most four connections; a cut repeats what was open', async () => {
    standIn.tell({ slow_ms: 30 })
    const reads = Array.from({ length: 20 }, () => brain.service.findSimilar('lighthouse keeper', 1, caller))
    setTimeout(() => standIn.disconnect(), 15)
    const answers = await Promise.all(reads)
    standIn.tell({ slow_ms: 0 })
    expect(brain.connections()).toBeLessThanOrEqual(4)
    expect(answers.every((a) => a.items.length === 1)).toBe(true)
    expect((await brain.service.findSimilar('lighthouse keeper', 1, caller)).items).toHaveLength(1)
  })
})

test('a silent Brain is given up at the limit, with a warning', async () => {
  const standIn = await new BrainStandIn().start()
  standIn.tell({ hang: true })
  const brain = connect(standIn, 0.05)
  const { items, warning } = await brain.service.findSimilar('x', 3, caller)
  expect([items, warning]).toEqual([[], expect.stringContaining('did not answer within 0.05 s')])
  brain.close()
  await standIn.close()
})

test('the first offered tool is used, none is told', () => {
  expect(toolFor('remember_text', new Set(['store_document', 'store_embedding']))!.name).toBe('store_embedding')
  expect(toolFor('agent_memory', new Set(['store_workflow_data']))!.name).toBe('store_workflow_data')
  expect(toolFor('relate', new Set(['store_document']))).toBeUndefined()
})

test('results are found wherever a tool puts them', () => {
  const results = [{ content: 'a', score: 0.5 }]
  for (const answer of [
    { results },
    { structuredContent: { results } },
    { content: [{ type: 'text', text: JSON.stringify({ results }) }] },
    { results: [{ query: 'q', results }] },
    { content: [{ type: 'text', text: JSON.stringify(results) }] },
  ])
    expect(itemsOf(answer)).toEqual([{ text: 'a', score: 0.5, metadata: {} }])
  expect(itemsOf({ content: [{ type: 'text', text: 'Three things were found.' }] })).toEqual([])
  expect(itemsOf(null)).toEqual([])
})
