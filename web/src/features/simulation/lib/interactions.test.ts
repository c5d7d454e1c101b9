import { expect, it } from 'vitest'
import type { SimEvent } from '../types.ts'
import { interactionsOf } from './interactions.ts'

const action = (agent_id: string, participating_agent_ids: string[]): SimEvent => ({
  ...{
    event_id: agent_id,
    timestamp: '',
    turn_number: 1,
    event_type: 'ACTION',
    simulation_id: 's',
    agent_id,
    description: 'traded',
  },
  details: { action_type: 'trade', action_payload: {}, participating_agent_ids },
})

it('leads from the actor to everyone else who took part, once', () => {
  expect(
    interactionsOf([
      action('ada', ['ada', 'bo', 'cy']),
      action('ada', ['ada', 'bo']),
      { ...action('bo', ['ada']), event_type: 'STATE' },
    ]),
  ).toEqual([
    { from: 'ada', to: 'bo', label: 'traded' },
    { from: 'ada', to: 'cy', label: 'traded' },
  ])
})
