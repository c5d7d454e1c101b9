import path from 'node:path'
import { EventClock } from '../../src/simulation/loop/core/clock.ts'
import { UlidSource } from '../../src/simulation/loop/core/ulid.ts'
import { createEventFactory, stampSource } from '../../src/simulation/loop/events/build-event.ts'
import type { EventRef } from '../../src/simulation/loop/events/event.ts'
import { EventWriter } from '../../src/simulation/loop/writer/event-writer.ts'
import type { WriterStats } from '../../src/simulation/loop/writer/writer-stats.ts'

export const AGENTS = Array.from({ length: 10 }, (_, i) => `agent_${i}`)
/** Events of one turn. */
export const PER_TURN = 46

/** A run as the loop writes it at DETAIL: per turn 6 milestones and, per agent, decision, action and two changes. */
export async function writeWorld(
  root: string,
  run: string,
  count: number,
): Promise<{ stats: WriterStats; emitMs: number; totalMs: number }> {
  const began = performance.now()
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
  let emitMs = 0
  let turnNumber = 0
  for (let written = 1; written < count; written += PER_TURN) {
    const from = performance.now()
    previous = emitTurn(writer, make, run, ++turnNumber, previous)
    emitMs += performance.now() - from
    await new Promise((resolve) => setImmediate(resolve))
    while (writer.queueDepth > 20_000) await new Promise((resolve) => setImmediate(resolve))
  }
  writer.emit(
    make.milestone({
      ...common,
      turnNumber,
      milestoneType: 'simulation_end',
      causedBy: [previous],
      extra: { outcome: 'completed' },
    }),
  )
  const stats = await writer.stop()
  return { stats, emitMs, totalMs: performance.now() - began }
}

function emitTurn(
  writer: EventWriter,
  make: ReturnType<typeof createEventFactory>,
  run: string,
  turnNumber: number,
  previous: EventRef,
): EventRef {
  const at = { simulationId: run, turnNumber }
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
  return writer.emit(
    make.milestone({
      ...at,
      milestoneType: 'turn_end',
      causedBy: [phase],
      description: `Turn ${turnNumber} ended`,
      extra: { duration_ms: 1 },
    }),
  )
}
