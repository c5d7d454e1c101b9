import fs from 'node:fs'
import path from 'node:path'
import { formatMicros } from '../loop/core/timestamp.ts'
import type { SimEvent } from '../loop/events/event.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** An id that sorts by its number. */
export function idOf(n: number): string {
  let text = ''
  for (let rest = n, i = 0; i < 8; i++, rest = Math.floor(rest / 32)) text = ALPHABET[rest % 32]! + text
  return `01K71NZ50600000000${text}`
}

/** A millisecond a number. */
export const stampOf = (n: number): string => formatMicros(Date.UTC(2025, 9, 8, 10, 30, 10) * 1000 + n * 1000)

type Part = Partial<Record<keyof SimEvent, unknown>>

/** A hand-written event: number n gives id and time. */
export const eventOf = (n: number, part: Part = {}): Record<string, unknown> => ({
  event_id: idOf(n),
  timestamp: stampOf(n),
  turn_number: 1,
  event_type: 'MILESTONE',
  simulation_id: 'sim',
  details: { milestone_type: 'phase_transition' },
  ...part,
})

export const milestoneOf = (n: number, turn: number, type: string, part: Part = {}) =>
  eventOf(n, { turn_number: turn, details: { milestone_type: type }, ...part })

export function writeLines(root: string, run: string, file: string, lines: readonly unknown[]): string {
  const dir = path.join(root, run)
  fs.mkdirSync(dir, { recursive: true })
  const target = path.join(dir, file)
  fs.writeFileSync(target, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''))
  return target
}

export function finish(root: string, run: string, status = 'completed'): void {
  fs.writeFileSync(path.join(root, run, 'result.json'), JSON.stringify({ status }))
}

/** The run of scenario 4. */
export function writeApiTest(root: string): Record<string, unknown>[] {
  const id = { simulation_id: 'api-test-sim-123' }
  const action = (n: number, turn: number, agent: string, payload: object, more: object = {}) =>
    eventOf(n, {
      ...id,
      turn_number: turn,
      event_type: 'ACTION',
      agent_id: agent,
      description: `${agent} acts`,
      details: { action_type: Object.keys(payload).length > 1 ? 'trade' : 'invest', action_payload: payload, ...more },
    })
  const events = [
    milestoneOf(1, 1, 'turn_start', id),
    action(2, 1, 'agent_alice', { partner: 'agent_bob', amount: 100 }),
    milestoneOf(3, 1, 'turn_end', id),
    milestoneOf(4, 2, 'turn_start', id),
    action(5, 2, 'agent_bob', { amount: 50 }),
    milestoneOf(6, 2, 'turn_end', id),
  ]
  writeLines(root, 'api-test-sim-123', 'events.jsonl', events)
  finish(root, 'api-test-sim-123')
  return events
}
