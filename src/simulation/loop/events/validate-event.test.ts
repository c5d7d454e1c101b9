import { describe, expect, it } from 'vitest'
import { baseProblem, EventValidationError, typedProblem, validateEvent } from './validate-event.ts'

const ID = '01K71NZ5080V8M3N4P5Q6R7S8T'
const base = {
  event_id: ID,
  timestamp: '2025-10-08T10:30:45.000120+00:00',
  turn_number: 1,
  event_type: 'MILESTONE',
  simulation_id: 'demo',
  details: { milestone_type: 'turn_start' },
}
const of = (event_type: string, details: unknown, agent_id?: string) => ({
  ...base,
  event_type,
  details,
  ...(agent_id ? { agent_id } : {}),
})
const action = (details: object) => of('ACTION', { action_type: 'trade', action_payload: {}, ...details }, 'ada')
const state = (details: object, agent?: string) =>
  of('STATE', { variable_name: 'w', old_value: 1, new_value: 2, ...details }, agent)

const { details: _, ...withoutDetails } = base
const { event_id: __, ...withoutId } = base

describe('the base grade', () => {
  it.each<[string, unknown, string]>([
    ['V1', null, 'not_an_object'],
    ['V1', [], 'not_an_object'],
    ['V1', 'x', 'not_an_object'],
    ['V2', withoutId, 'missing_field'],
    ['V2', { ...base, timestamp: null }, 'missing_field'],
    ['V3', { ...base, event_id: 'short' }, 'bad_event_id'],
    ['V3', { ...base, event_id: `8${ID.slice(1)}` }, 'bad_event_id'],
    ['V3', { ...base, event_id: ID.toLowerCase() }, 'bad_event_id'],
    ['V3', { ...base, caused_by: ['nope'] }, 'bad_event_id'],
    ['V4', { ...base, timestamp: '2025-10-08T10:30:45' }, 'bad_timestamp'],
    ['V4', { ...base, timestamp: 5 }, 'bad_timestamp'],
    ['V5', { ...base, turn_number: -1 }, 'bad_turn_number'],
    ['V5', { ...base, turn_number: 1.5 }, 'bad_turn_number'],
    ['V6', { ...base, event_type: 'ENV' }, 'bad_event_type'],
    ['V7', { ...base, simulation_id: '' }, 'bad_simulation_id'],
    ['V8', { ...base, agent_id: '' }, 'bad_agent_id'],
    ['V8', { ...base, agent_id: 5 }, 'bad_agent_id'],
    ['V8', { ...base, description: 'x'.repeat(501) }, 'description_too_long'],
    ['V9', { ...base, details: [] }, 'bad_details'],
    ['V9', { ...base, caused_by: 'x' }, 'bad_caused_by'],
    ['V9', { ...base, caused_by: [5] }, 'bad_caused_by'],
  ])('%s is refused as %s', (_rule, event, code) => {
    expect(baseProblem(event)?.code).toBe(code)
  })

  it.each([
    ['null fields are absent fields', { ...base, agent_id: null, caused_by: null, description: null, details: null }],
    ['a missing payload is no problem of the base grade', withoutDetails],
    ['500 code points beyond the basic plane', { ...base, description: '😀'.repeat(500) }],
    ['unknown fields', { ...base, extra: { a: 1 } }],
    ['other offsets', { ...base, timestamp: '2025-10-08T10:30:45Z' }],
  ])('accepts %s', (_name, event) => {
    expect(baseProblem(event)).toBeUndefined()
  })

  it('asks the writer to keep to its own run', () => {
    expect(baseProblem(base, 'other')?.code).toBe('bad_simulation_id')
    expect(baseProblem(base, 'demo')).toBeUndefined()
  })
})

describe('the typed grade', () => {
  it.each<[string, unknown, string]>([
    ['V10', { ...base, agent_id: 'ada' }, 'agent_id_forbidden'],
    ['V10', of('SYSTEM', { status: 'success' }, 'ada'), 'agent_id_forbidden'],
    ['V10', of('DECISION', { decision_type: 'x' }), 'agent_id_required'],
    ['V10', of('ACTION', { action_type: 'x', action_payload: {} }), 'agent_id_required'],
    ['V10', state({ scope: 'agent' }), 'agent_id_required'],
    ['V10', state({ scope: 'global' }, 'ada'), 'agent_id_forbidden'],
    ['V11', of('MILESTONE', { milestone_type: 'party' }), 'bad_details'],
    ['V11', withoutDetails, 'bad_details'],
    ['V12', of('DECISION', { decision_type: '' }, 'ada'), 'bad_details'],
    ['V13', of('ACTION', { action_type: 'x' }, 'ada'), 'bad_details'],
    ['V13', of('ACTION', { action_type: '', action_payload: {} }, 'ada'), 'bad_details'],
    ['V13', action({ interaction_type: 'trade' }), 'bad_details'],
    ['V13', action({ participating_agent_ids: ['ada', 'bo'] }), 'bad_details'],
    ['V13', action({ interaction_type: 'trade', participating_agent_ids: ['ada'] }), 'bad_details'],
    ['V13', action({ interaction_type: 'trade', participating_agent_ids: ['bo', 'cy'] }), 'bad_details'],
    ['V14', of('STATE', { variable_name: 'w', new_value: 1 }), 'bad_details'],
    ['V14', state({ variable_name: '' }), 'bad_details'],
    ['V14', state({ scope: 'town' }), 'bad_details'],
    ['V15', of('DETAIL', { calculation_type: 'x', intermediate_values: [] }), 'bad_details'],
    ['V15', of('DETAIL', { intermediate_values: {} }), 'bad_details'],
    ['V16', of('SYSTEM', { status: 'fine' }), 'bad_details'],
    ['V16', of('SYSTEM', { status: 'retry', retry_count: -1 }), 'bad_details'],
    ['V16', of('SYSTEM', { status: 'retry', error_type: 5 }), 'bad_details'],
  ])('%s is refused as %s', (_rule, event, code) => {
    expect(typedProblem(event)?.code).toBe(code)
    expect(() => validateEvent(event)).toThrow(EventValidationError)
  })

  it.each(['turn_start', 'turn_end', 'phase_transition', 'simulation_start', 'simulation_end'])(
    'accepts milestone %s',
    (type) => {
      expect(typedProblem(of('MILESTONE', { milestone_type: type }))).toBeUndefined()
    },
  )

  it.each([
    ['decision', of('DECISION', { decision_type: 'trade', old_value: null, new_value: {} }, 'ada')],
    ['interaction', action({ interaction_type: 'trade', participating_agent_ids: ['ada', 'bo'] })],
    ['global state', state({ scope: 'global' })],
    ['agent state', state({ scope: 'agent' }, 'ada')],
    ['state without scope', state({}, 'ada')],
    ['state with null values', state({ old_value: null, new_value: null })],
    ['detail with agent', of('DETAIL', { calculation_type: 'sum', intermediate_values: {} }, 'ada')],
    ['system', of('SYSTEM', { status: 'retry', retry_count: 0, error_type: 'timeout' })],
  ])('accepts %s', (_name, event) => {
    expect(validateEvent(event)).toBe(event)
  })
})
