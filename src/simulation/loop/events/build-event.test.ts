import { describe, expect, it } from 'vitest'
import {
  createActionEvent,
  createDecisionEvent,
  createDetailEvent,
  createMilestoneEvent,
  createStateEvent,
  createSystemEvent,
} from './build-event.ts'
import { typedProblem } from './validate-event.ts'

const common = { simulationId: 'demo', turnNumber: 3 }
const ID = '01K71NZ5080V8M3N4P5Q6R7S8T'

describe('the builder', () => {
  it('makes valid, frozen events of all six types', () => {
    const events = [
      createMilestoneEvent({ ...common, milestoneType: 'turn_start' }),
      createDecisionEvent({ ...common, agentId: 'ada', decisionType: 'trade', newValue: { a: 1 } }),
      createActionEvent({ ...common, agentId: 'ada', actionType: 'trade', actionPayload: { amount: 1 } }),
      createStateEvent({ ...common, agentId: 'ada', variableName: 'w', oldValue: 1, newValue: 2 }),
      createDetailEvent({ ...common, calculationType: 'sum', intermediateValues: { total: 1 } }),
      createSystemEvent({ ...common, status: 'retry', errorType: 'timeout', retryCount: 1 }),
    ]
    for (const event of events) {
      expect(typedProblem(event)).toBeUndefined()
      expect(Object.isFrozen(event)).toBe(true)
      expect('description' in event).toBe(false)
      expect('caused_by' in event).toBe(false)
    }
    const times = events.map(({ timestamp }) => timestamp)
    expect([...times].sort()).toEqual(times)
    expect(new Set(times).size).toBe(6)
  })

  it('writes the keys in the order of the contract', () => {
    const event = createActionEvent({
      ...common,
      description: 'd',
      agentId: 'ada',
      actionType: 'x',
      actionPayload: {},
      causedBy: [ID],
    })
    expect(Object.keys(event)).toEqual([
      'event_id',
      'timestamp',
      'turn_number',
      'event_type',
      'simulation_id',
      'agent_id',
      'caused_by',
      'description',
      'details',
    ])
  })

  it('shortens long descriptions to 499 code points and an ellipsis', () => {
    const { description } = createMilestoneEvent({
      ...common,
      milestoneType: 'turn_end',
      description: '😀'.repeat(501),
    })
    expect([...description!]).toHaveLength(500)
    expect(description!.endsWith('…')).toBe(true)
  })

  it('takes ids and references as causes, each once, in order', () => {
    const other = `${ID.slice(0, 25)}V`
    const event = createMilestoneEvent({
      ...common,
      milestoneType: 'turn_end',
      causedBy: [ID, { id: null, causeIds: [other, ID] }, other],
    })
    expect(event.caused_by).toEqual([ID, other])
    expect(() => createMilestoneEvent({ ...common, milestoneType: 'turn_end', causedBy: ['x'] })).toThrow('ULID')
  })

  it('omits old and new value of a decision when undefined and keeps null', () => {
    const event = createDecisionEvent({
      ...common,
      agentId: 'a',
      decisionType: 'x',
      oldValue: null,
      newValue: undefined,
    })
    expect(event.details).toEqual({ decision_type: 'x', old_value: null })
  })

  it('derives the scope of a change from the agent', () => {
    expect(createStateEvent({ ...common, variableName: 'w', oldValue: 1, newValue: 2 }).details?.['scope']).toBe(
      'global',
    )
    expect(
      createStateEvent({ ...common, agentId: 'a', variableName: 'w', oldValue: 1, newValue: 2 }).details?.['scope'],
    ).toBe('agent')
  })

  it('turns what JSON cannot hold into what it can', () => {
    const circle: Record<string, unknown> = { name: 'c' }
    circle['self'] = circle
    const payload = {
      date: new Date('2025-01-01T00:00:00Z'),
      map: new Map([['a', 1]]),
      set: new Set([1, 2]),
      big: 12345678901234567890n,
      nan: Number.NaN,
      inf: [Number.POSITIVE_INFINITY],
      gone: undefined,
      fn: () => 1,
      circle,
    }
    const event = createDetailEvent({ ...common, calculationType: 'x', intermediateValues: payload })
    expect(event.details?.['intermediate_values']).toEqual({
      date: '2025-01-01T00:00:00.000Z',
      map: { a: 1 },
      set: [1, 2],
      big: '12345678901234567890',
      nan: null,
      inf: [null],
      circle: { name: 'c', self: '[Circular]' },
    })
    expect(Object.isFrozen(payload)).toBe(false)
  })

  it.each([
    ['an action without agent', () => createActionEvent({ ...common, actionType: 'x', actionPayload: {} } as never)],
    ['a negative turn', () => createMilestoneEvent({ simulationId: 'd', turnNumber: -1, milestoneType: 'turn_end' })],
    ['an unknown milestone', () => createMilestoneEvent({ ...common, milestoneType: 'party' as never })],
    ['no run', () => createMilestoneEvent({ turnNumber: 1, milestoneType: 'turn_end' } as never)],
  ])('refuses %s', (_name, build) => {
    expect(build).toThrow()
  })
})
