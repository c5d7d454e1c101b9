import { describe, expect, it } from 'vitest'
import { applyMessage, EMPTY_LOG, mergeMessages, type WireMessage } from './session-log.ts'

const play = (...wires: Partial<WireMessage>[]) =>
  wires.reduce((log, wire) => applyMessage(log, wire as WireMessage), EMPTY_LOG)

describe('the log of a session', () => {
  it('joins streamed chunks and replaces them by the whole message', () => {
    const chunk = { type: 'agent_message', seq: 0, message_id: 'm1', agent_name: 'Event Planner Agent', final: false }
    const streamed = play({ ...chunk, content: 'Two ' }, { ...chunk, content: 'venues' })
    expect(streamed.items).toMatchObject([{ text: 'Two venues', streaming: true }])
    const whole = applyMessage(streamed, { ...chunk, seq: 1, content: 'Two venues fit.', final: true })
    expect(whole.items).toMatchObject([{ text: 'Two venues fit.', streaming: false }])
    expect(whole.lastSeq).toBe(1)
  })
  it('ignores a numbered message it has seen, as after a resume', () => {
    const note = { type: 'lifecycle_transition', seq: 4, from_state: 'Plan', to_state: 'Research' }
    expect(play(note, note).items).toHaveLength(1)
  })
  it('holds one question until it is answered', () => {
    const asked = play({
      type: 'question_asked',
      seq: 1,
      question_id: 'q1',
      prompt: 'Where?',
      options: ['Oslo', 'Bergen'],
    })
    expect(asked.question).toMatchObject({ question_id: 'q1', options: ['Oslo', 'Bergen'] })
    expect(applyMessage(asked, { type: 'question_answered', seq: 2, answer: 'Oslo' }).question).toBeUndefined()
  })
  it('starts a streamed text anew after a restart, and lets the whole message win', () => {
    const piece = { type: 'agent_message', seq: 1, message_id: 'm1', final: false }
    const pieces = [
      { ...piece, content: 'Set the ' },
      { ...piece, content: 'bud' },
      { ...piece, content: 'The ', restart: true },
      { ...piece, content: 'budget' },
    ]
    expect(play(...pieces).items).toMatchObject([{ id: 'm1', text: 'The budget', streaming: true }])
    const whole = { type: 'agent_message', seq: 2, message_id: 'm1', content: 'The budget is set.', final: true }
    expect(play(...pieces, whole).items).toMatchObject([{ text: 'The budget is set.', streaming: false }])
  })
  it('counts artifacts of one type written in a row in one line', () => {
    const written = (seq: number, artifact_type: string) => ({
      type: 'artifact_generated',
      seq,
      artifact_type,
      version: 1,
    })
    const log = play(
      written(1, 'TaskRegister'),
      written(2, 'TaskRegister'),
      written(3, 'TaskRegister'),
      written(4, 'Timeline'),
    )
    expect(log.items).toMatchObject([
      { text: 'TaskRegister written, 3 entries' },
      { text: 'Timeline written, version 1' },
    ])
  })
  it('puts the result of a tool into its call', () => {
    const log = play(
      { type: 'tool_call', seq: 1, call_id: 'c1', tool_name: 'venue_search', arguments: { city: 'Oslo' } },
      { type: 'tool_result', seq: 2, call_id: 'c1', result: [1, 2], duration_ms: 40 },
    )
    expect(log.items).toMatchObject([{ kind: 'tool', tool: 'venue_search', result: [1, 2], ms: 40 }])
  })
  it('knows each agent by its state and task', () => {
    const log = play({
      type: 'agent_status',
      seq: 1,
      agent_name: 'Venue Researcher Agent',
      state: 'thinking',
      current_task: 'Score',
      progress_percentage: 40,
    })
    expect(log.agents['venue-researcher']).toEqual({ state: 'thinking', task: 'Score', progress: 40 })
  })
  it('adds stored messages that the socket did not bring, in time order', () => {
    const log = play({
      type: 'agent_message',
      seq: 1,
      message_id: 'm2',
      content: 'b',
      final: true,
      timestamp: '2025-01-01T00:00:02Z',
    })
    const merged = mergeMessages(log.items, [
      { message_id: 'm1', role: 'user', content: 'a', timestamp: '2025-01-01T00:00:01Z' },
      { message_id: 'm2', role: 'agent', content: 'b', timestamp: '2025-01-01T00:00:02Z' },
    ])
    expect(merged.map((item) => item.id)).toEqual(['m1', 'm2'])
  })
})
