// Generated streams: what fast-check draws is small numbers; here they become events.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { EventClock } from '../../src/simulation/loop/core/clock.ts'
import { UlidSource } from '../../src/simulation/loop/core/ulid.ts'
import { buildEvent, stampSource } from '../../src/simulation/loop/events/build-event.ts'
import {
  type Cause,
  type Details,
  EVENT_TYPES,
  type EventType,
  type SimEvent,
} from '../../src/simulation/loop/events/event.ts'
import { isEventFile, sequenceFiles } from '../../src/simulation/loop/events/event-files.ts'

export const AGENTS = ['ada', 'bo', 'cy']

export const DETAILS: Record<EventType, Details> = {
  MILESTONE: { milestone_type: 'phase_transition' },
  DECISION: { decision_type: 'test' },
  ACTION: { action_type: 'test', action_payload: {} },
  STATE: { variable_name: 'x', old_value: 1, new_value: 2 },
  DETAIL: { calculation_type: 'test', intermediate_values: {} },
  SYSTEM: { status: 'success' },
}
const ACTORLESS: readonly EventType[] = ['MILESTONE', 'SYSTEM']

/** One event to come: `causes` are distances back, `size` characters of payload. */
export type Plan = { type: EventType; agent: number; partner: number; turn: number; causes: number[]; size: number }

export const planOf = (maxSize = 40): fc.Arbitrary<Plan> =>
  fc.record({
    type: fc.constantFrom(...EVENT_TYPES),
    agent: fc.nat(AGENTS.length - 1),
    partner: fc.nat(AGENTS.length - 1),
    turn: fc.nat(3),
    causes: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
    size: fc.nat(maxSize),
  })

export const stamps = () => stampSource(new EventClock(), new UlidSource())

export function makeEvent(
  stamp: ReturnType<typeof stamps>,
  run: string,
  plan: Plan,
  causedBy: readonly Cause[],
  n: number,
): SimEvent {
  const { type, agent, partner, turn, size } = plan
  const isInteraction = type === 'ACTION' && partner !== agent
  const details: Record<string, unknown> = { ...DETAILS[type], n, fill: 'é'.repeat(size) }
  if (isInteraction) {
    details['interaction_type'] = 'trade'
    details['participating_agent_ids'] = [AGENTS[agent], AGENTS[partner]]
  }
  const agentId = ACTORLESS.includes(type) ? undefined : AGENTS[agent]
  const common = { simulationId: run, turnNumber: turn, description: `Event ${n} of ${agentId ?? 'nobody'}`, causedBy }
  return buildEvent(stamp(), type, common, agentId, details)
}

export async function withRoot<T>(work: (root: string) => Promise<T>): Promise<T> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-property-'))
  try {
    return await work(root)
  } finally {
    fs.rmSync(root, { recursive: true, force: true })
  }
}

export const filesOf = (dir: string): string[] =>
  sequenceFiles(fs.readdirSync(dir).filter(isEventFile), () => 0).map((name) => path.join(dir, name))

/** All lines of all files of a run in sequence order. */
export const linesOf = (dir: string): string[] =>
  filesOf(dir).flatMap((file) => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean))

export const eventsOf = (dir: string): SimEvent[] => linesOf(dir).map((line) => JSON.parse(line) as SimEvent)

/** `FC_RUNS` multiplies the number of cases: many by hand, few in every test run. */
export const runs = (few: number): fc.Parameters<unknown> => ({ numRuns: few * Number(process.env['FC_RUNS'] ?? 1) })
