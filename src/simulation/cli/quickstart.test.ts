import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { typedProblem } from '../loop/events/validate-event.ts'
import { eventsIn, MINIMAL, readJson, runCli, withTemp, writeConfig } from './_run-cli.ts'

const count = (events: any[], test: (event: any) => boolean) => events.filter(test).length
const ofType = (events: any[], type: string) => events.filter(({ event_type }) => event_type === type)
const milestone = (type: string) => (event: any) => event.details?.milestone_type === type

function assertLinked(events: any[]): void {
  const seen = new Set<string>()
  for (const event of events) {
    for (const cause of event.caused_by ?? []) expect(seen.has(cause)).toBe(true)
    seen.add(event.event_id)
  }
}

async function run(dir: string, ...args: string[]) {
  const result = await runCli(['run', writeConfig(dir), '--output-dir', path.join(dir, 'out'), ...args])
  expect(result.err.split('\n').filter((line) => line.includes('"ERROR"'))).toEqual([])
  expect(result.code).toBe(0)
  expect(result.lines).toHaveLength(2)
  return { result, runDir: result.lines[0].run_dir as string, events: eventsIn(result.lines[0].run_dir) }
}

describe('scenario 1: basic capture', () => {
  it('writes a complete, valid, ordered stream and the files of a run', () =>
    withTemp(async (dir) => {
      const { result, runDir, events } = await run(dir, '--verbosity', 'ACTION')
      const [first, last] = result.lines
      expect(first).toEqual({ run_id: path.basename(runDir), run_dir: runDir, status: 'running' })
      expect(last).toMatchObject({
        run_id: first.run_id,
        status: 'completed',
        termination_reason: 'max_turns',
        total_turns: 5,
        final_turn: 5,
        events_written: 42,
        events_dropped: 0,
        events_lost: 0,
      })
      expect(first.run_id).toMatch(/^event-stream-test_1agents_\d{8}_\d{6}_01$/)
      for (const event of events) {
        expect(typedProblem(event)).toBeUndefined()
        expect(event.simulation_id).toBe(first.run_id)
      }
      const ids = events.map(({ event_id }) => event_id)
      expect(new Set(ids).size).toBe(ids.length)
      expect([...ids].sort()).toEqual(ids)
      expect(events.map(({ timestamp }) => timestamp)).toEqual(events.map(({ timestamp }) => timestamp).sort())
      const turns = events.map(({ turn_number }) => turn_number)
      expect([...turns].sort((a, b) => a - b)).toEqual(turns)
      expect(ofType(events, 'MILESTONE')).toHaveLength(32)
      expect(events.filter(milestone('simulation_start')).map(({ turn_number }) => turn_number)).toEqual([0])
      expect(events.filter(milestone('simulation_end')).map(({ turn_number }) => turn_number)).toEqual([5])
      expect(count(events, milestone('turn_start'))).toBe(5)
      expect(count(events, milestone('turn_end'))).toBe(5)
      for (const type of ['DECISION', 'ACTION']) {
        expect(ofType(events, type)).toHaveLength(5)
        expect(ofType(events, type).every(({ agent_id }) => agent_id === 'agent_alpha')).toBe(true)
      }
      for (const type of ['STATE', 'DETAIL', 'SYSTEM']) expect(ofType(events, type)).toHaveLength(0)
      expect(readJson(runDir, 'result.json').final_state.agents.agent_alpha.wealth).toBe(1020)
      expect(fs.readdirSync(path.join(runDir, 'checkpoints')).sort()).toEqual([
        'last.json',
        'turn_0.json',
        'turn_5.json',
      ])
      expect(readJson(runDir, 'config.json').event_stream.verbosity).toBe('ACTION')
    }))
})

describe('scenario 2: verbosity', () => {
  it('nests the levels and keeps links whole at each', () =>
    withTemp(async (dir) => {
      const types = ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL']
      const counts: number[] = []
      for (const [i, level] of types.entries()) {
        const { events } = await run(dir, '--verbosity', i % 2 ? level.toLowerCase() : level)
        expect([...new Set(events.map(({ event_type }) => event_type))].sort()).toEqual(types.slice(0, i + 1).sort())
        assertLinked(events)
        counts.push(events.length)
      }
      expect(counts).toEqual([32, 37, 42, 52, 57])
    }))

  it('defaults to ACTION, and has twelve milestones without phase transitions', () =>
    withTemp(async (dir) => {
      expect((await run(dir)).events).toHaveLength(42)
      const quiet = writeConfig(
        dir,
        `${MINIMAL}event_stream: { phase_transitions: false, verbosity: milestone }\n`,
        'quiet.yaml',
      )
      const result = await runCli([quiet, '--output-dir', path.join(dir, 'out')])
      const events = eventsIn(result.lines[0].run_dir)
      expect(events).toHaveLength(12)
      assertLinked(events)
    }))

  it.each(['--verbosity', 'file'])('refuses an unknown level given by %s, naming the five', (how) =>
    withTemp(async (dir) => {
      const text = how === 'file' ? `${MINIMAL}event_stream: { verbosity: ALL }\n` : MINIMAL
      const args = how === 'file' ? [] : ['--verbosity', 'ALL']
      const result = await runCli(['run', writeConfig(dir, text), '--output-dir', path.join(dir, 'out'), ...args])
      expect(result.code).toBe(2)
      expect(result.out).toBe('')
      for (const level of ['MILESTONE', 'DECISION', 'ACTION', 'STATE', 'DETAIL']) expect(result.err).toContain(level)
      expect(fs.existsSync(path.join(dir, 'out'))).toBe(false)
    }),
  )
})

describe('scenario 5: integrity and causality', () => {
  it.each(['ACTION', 'DETAIL'])('links everything at %s', (level) =>
    withTemp(async (dir) => {
      const { events } = await run(dir, '--turns', '3', '--verbosity', level)
      assertLinked(events)
      const byId = new Map(events.map((event) => [event.event_id, event]))
      for (const action of ofType(events, 'ACTION')) {
        const causes = action.caused_by.map((id: string) => byId.get(id))
        expect(causes.map((c: any) => [c.event_type, c.agent_id, c.turn_number])).toEqual([
          ['DECISION', action.agent_id, action.turn_number],
        ])
      }
      for (const decision of ofType(events, 'DECISION')) {
        const [cause] = decision.caused_by.map((id: string) => byId.get(id))
        expect(cause.details.milestone_type).toBe('turn_start')
      }
      const start2 = events.find((event) => milestone('turn_start')(event) && event.turn_number === 2)
      expect(byId.get(start2.caused_by[0])).toMatchObject({ turn_number: 1, details: { milestone_type: 'turn_end' } })
      const decisions = ofType(events, 'DECISION')
      expect(decisions[0].details).toMatchObject({ decision_type: 'trade', old_value: null })
      expect(decisions[1].details.old_value).toEqual(decisions[0].details.new_value)
      if (level === 'ACTION') return
      for (const state of ofType(events, 'STATE').filter(({ details }) => details.variable_name === 'wealth'))
        expect(state.caused_by.map((id: string) => byId.get(id).event_type)).toEqual(['ACTION'])
      const total = ofType(events, 'STATE').find(({ details }) => details.variable_name === 'total_wealth')
      expect(total.caused_by.map((id: string) => byId.get(id).event_type)).toEqual(['MILESTONE', 'DETAIL'])
      expect(total.details).toMatchObject({ scope: 'global', phase: 'rules' })
    }),
  )
})
