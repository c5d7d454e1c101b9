import { expect, it } from 'vitest'
import type { CausalityReply, SimEvent, SimType } from '../types.ts'
import { causalView } from './causal-view.ts'

const event = (event_id: string, event_type: SimType): SimEvent => ({
  event_id,
  event_type,
  timestamp: '',
  turn_number: 1,
  simulation_id: 's',
  description: event_id,
})
const reply: CausalityReply = {
  event_id: 'action',
  event: event('action', 'ACTION'),
  upstream: [event('decision', 'DECISION'), event('turn', 'MILESTONE')],
  downstream: [event('state', 'STATE'), event('later', 'DECISION')],
  edges: [
    ['turn', 'decision'],
    ['decision', 'action'],
    ['action', 'state'],
    ['state', 'later'],
  ],
  missing: [],
  truncated: false,
}

it('joins what a hidden level connected by a dashed link', () => {
  const { nodes, edges } = causalView(reply, (type) => type !== 'STATE')
  expect(nodes.map((node) => node.id).sort()).toEqual(['action', 'decision', 'later', 'turn'])
  expect(edges).toContainEqual({ from: 'action', to: 'later', hidden: true })
})

it('keeps the event asked for, whatever its level', () => {
  const { nodes, edges } = causalView(reply, (type) => type === 'MILESTONE')
  expect(nodes.map((node) => node.id).sort()).toEqual(['action', 'turn'])
  expect(edges).toEqual([{ from: 'turn', to: 'action', hidden: true }])
})
