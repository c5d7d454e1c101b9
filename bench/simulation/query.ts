// The query service over runs of growing size: cold index, pages with each filter, text, causality, memory.
// Run: node --expose-gc bench/simulation/query.ts [events …]     default 10000 100000 1000000
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { EventClock } from '../../src/simulation/loop/core/clock.ts'
import { UlidSource } from '../../src/simulation/loop/core/ulid.ts'
import { createEventFactory, stampSource } from '../../src/simulation/loop/events/build-event.ts'
import type { EventFilter } from '../../src/simulation/loop/events/event-filter.ts'
import { EventWriter } from '../../src/simulation/loop/writer/event-writer.ts'
import { EventService } from '../../src/simulation/service/event-service.ts'

const AGENTS = Array.from({ length: 10 }, (_, i) => `agent_${i}`)

/** A run as the loop writes it at DETAIL: per turn 6 milestones and, per agent, decision, action and two changes. */
async function writeRun(root: string, run: string, count: number): Promise<void> {
  const writer = new EventWriter({
    outputDir: path.join(root, run),
    simulationId: run,
    verbosity: 'DETAIL',
    maxQueueSize: 50_000,
  })
  const make = createEventFactory(stampSource(new EventClock(), new UlidSource()))
  await writer.start()
  const common = { simulationId: run }
  let previous = writer.emit(
    make.milestone({ ...common, turnNumber: 0, milestoneType: 'simulation_start', extra: { verbosity: 'DETAIL' } }),
  )
  let written = 1
  for (let turnNumber = 1; written < count; turnNumber++) {
    const at = { ...common, turnNumber }
    const start = writer.emit(
      make.milestone({
        ...at,
        milestoneType: 'turn_start',
        causedBy: [previous],
        description: `Turn ${turnNumber} started`,
      }),
    )
    let phase = start
    for (const to of ['decide', 'validate', 'apply', 'rules'])
      phase = writer.emit(
        make.milestone({
          ...at,
          milestoneType: 'phase_transition',
          causedBy: [phase],
          description: `Phase -> ${to}`,
          extra: { phase_to: to },
        }),
      )
    for (const [i, agentId] of AGENTS.entries()) {
      const decision = writer.emit(
        make.decision({
          ...at,
          agentId,
          decisionType: 'trade',
          causedBy: [start],
          description: `${agentId} decided: trade`,
          newValue: { amount: turnNumber },
        }),
      )
      const partner = AGENTS[(i + turnNumber) % 10]!
      const interaction = partner === agentId ? undefined : { type: 'trade', participants: [agentId, partner] }
      const action = writer.emit(
        make.action({
          ...at,
          agentId,
          actionType: 'trade',
          actionPayload: { amount: 5, partner },
          interaction,
          causedBy: [decision],
          description: `${agentId}: trade with ${partner}`,
        }),
      )
      for (const owner of [agentId, partner])
        writer.emit(
          make.state({
            ...at,
            agentId: owner,
            variableName: 'wealth',
            oldValue: turnNumber * 7,
            newValue: turnNumber * 7 + 5,
            causedBy: [action],
            description: `${owner}.wealth: ${turnNumber * 7} -> ${turnNumber * 7 + 5}`,
          }),
        )
    }
    previous = writer.emit(
      make.milestone({
        ...at,
        milestoneType: 'turn_end',
        causedBy: [phase],
        description: `Turn ${turnNumber} ended`,
        extra: { duration_ms: 1 },
      }),
    )
    written += 46
    if (turnNumber % 20 === 0) await writer.flush()
  }
  writer.emit(
    make.milestone({
      ...common,
      turnNumber: 9_999_999,
      milestoneType: 'simulation_end',
      causedBy: [previous],
      extra: { outcome: 'completed' },
    }),
  )
  await writer.stop()
}

async function best(rounds: number, work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < rounds; i++) {
    const from = performance.now()
    await work()
    least = Math.min(least, performance.now() - from)
  }
  return Number(least.toFixed(1))
}

const used = () => {
  ;(globalThis as { gc?: () => void }).gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

for (const count of process.argv
  .slice(2)
  .map(Number)
  .concat(process.argv.length > 2 ? [] : [10_000, 100_000, 1_000_000])) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))
  const run = `bench_${count}`
  await writeRun(root, run, count)
  const service = new EventService({ outputRoot: root })
  const before = used()
  const coldFrom = performance.now()
  const { total } = await service.getFilteredEvents(run, {}, { limit: 1 })
  const cold = performance.now() - coldFrom
  const after = used()
  const page = (filter: EventFilter, more: object = {}) =>
    best(5, () => service.getFilteredEvents(run, filter, { limit: 1000, ...more }))
  const late = (await service.getFilteredEvents(run, { eventTypes: ['STATE'] }, { limit: 1, order: 'desc' })).events[0]!
  const midTurn = Math.floor(total / 92)
  const mid = (await service.getFilteredEvents(run, { eventTypes: ['ACTION'], turnStart: midTurn }, { limit: 1 }))
    .events[0]!
  const start = (await service.getFilteredEvents(run, { text: `turn ${midTurn} started` }, { limit: 1 })).events[0]!
  console.log(
    JSON.stringify({
      events: total,
      cold_events_per_second: Math.round(total / (cold / 1000)),
      index_bytes_per_event: Number((service.indexBytes / total).toFixed(1)),
      heap_bytes_per_event: Number(((after - before) / total).toFixed(1)),
      page_ms: {
        first: await page({}),
        last: await page({}, { offset: Math.max(0, total - 1000) }),
        descending: await page({}, { order: 'desc' }),
        type: await page({ eventTypes: ['STATE'] }),
        agent: await page({ agentIds: ['agent_3'] }),
        turns: await page({ turnStart: midTurn, turnEnd: midTurn + 200 }),
        time: await page({ startMicros: Date.parse(mid.timestamp) * 1000 }),
        all_four: await page({
          eventTypes: ['ACTION'],
          agentIds: ['agent_3'],
          agentMatch: 'actor',
          turnStart: midTurn,
          startMicros: 0,
        }),
        sparse: await page({ eventTypes: ['MILESTONE'] }),
        text: await page({ text: 'Agent_3: trade with agent_7' }),
        text_everywhere: await page({ text: 'agent' }),
      },
      causality_ms: {
        'depth 5': await best(5, () => service.getCausalityChain(run, mid.event_id, 5)),
        'depth 20': await best(5, () => service.getCausalityChain(run, mid.event_id, 20)),
        'depth 50': await best(5, () => service.getCausalityChain(run, mid.event_id, 50)),
        'depth 50 of a turn start (fans out)': await best(5, () => service.getCausalityChain(run, start.event_id, 50)),
        'depth 50 from the end': await best(5, () => service.getCausalityChain(run, late.event_id, 50)),
      },
      turns_ms: await best(3, () => service.getTurns(run, { turnStart: midTurn, turnEnd: midTurn + 100 })),
      playback_ms: await best(3, () => service.getPlayback(run, { turnStart: midTurn }, 50)),
      facets_ms: await best(3, () => service.getFacets(run)),
      integrity_ms: await best(3, () => service.getIntegrity(run)),
      one_event_ms: await best(5, () => service.getEventById(run, mid.event_id)),
    }),
  )
  fs.rmSync(root, { recursive: true })
}
