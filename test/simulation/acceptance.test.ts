// Scenario 3, the rest of scenario 5, and the acceptance criteria A1 to A10, each from a run and what the service tells of it.
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDetailEvent } from '../../src/simulation/loop/events/build-event.ts'
import type { SimEvent } from '../../src/simulation/loop/events/event.ts'
import { fakeModel } from '../../src/simulation/loop/llm/_fake-model.ts'
import { configOf, runConfig, scripted } from '../../src/simulation/loop/run/_run-helpers.ts'
import { EventWriter } from '../../src/simulation/loop/writer/event-writer.ts'
import { eventOf, finish, idOf, writeLines } from '../../src/simulation/service/_service-helpers.ts'
import { EventService } from '../../src/simulation/service/event-service.ts'
import { filesOf, withRoot } from './_worlds.ts'

const ids = (events: readonly SimEvent[]) => events.map(({ event_id }) => event_id)
const milestoneOf = ({ details }: SimEvent) => details?.['milestone_type']
const S = (turns: number, verbosity: string) =>
  configOf({
    simulation: { name: 'event-stream-test', max_turns: turns },
    agents: [{ name: 'agent_alpha', initial_state: { wealth: 1000 } }],
    event_stream: { verbosity },
  })

describe('scenario 3: rotation', () => {
  it('cuts 12 MB into files of at most 5 MB, and the service gives all events back in order', { timeout: 60_000 }, () =>
    withRoot(async (root) => {
      const LIMIT = 5 * 1024 * 1024
      const dir = path.join(root, 'rotation')
      const options = { outputDir: dir, simulationId: 'rotation', verbosity: 'DETAIL' as const, maxFileSize: LIMIT }
      const writer = new EventWriter(options)
      await writer.start()
      const values = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`value_${i}`, 'v'.repeat(100)]))
      const made: string[] = []
      for (let turn = 1; writer.stats.bytes_written < 12 * 1024 * 1024; turn++) {
        for (let i = 0; i < 50; i++) {
          const ref = writer.emit(
            createDetailEvent({
              simulationId: 'rotation',
              turnNumber: turn,
              calculationType: 'load',
              intermediateValues: values,
              description: 'd'.repeat(400),
            }),
          )
          made.push(ref.id!)
        }
        await writer.flush()
      }
      const stats = await writer.stop()
      finish(root, 'rotation')
      const files = filesOf(dir)
      expect(files.length).toBeGreaterThanOrEqual(3)
      for (const file of files) {
        expect(path.basename(file)).toMatch(/^events(_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d-\d{6}(-\d+)?)?\.jsonl$/)
        expect(fs.statSync(file).size).toBeLessThanOrEqual(LIMIT)
      }
      expect(new Set(files).size).toBe(files.length)
      const service = new EventService({ outputRoot: root })
      const seen: SimEvent[] = []
      for (let offset = 0; offset < made.length; offset += 1000) {
        const page = await service.getFilteredEvents('rotation', {}, { offset, limit: 1000 })
        expect(page.total).toBe(stats.accepted + stats.warnings_written)
        seen.push(...page.events)
      }
      expect(ids(seen)).toEqual(made)
      const report = await service.getIntegrity('rotation')
      expect(report).toMatchObject({ ok: true, order_violations: 0 })
      expect(report.files.reduce((sum, { valid }) => sum + valid, 0)).toBe(made.length)
    }),
  )
})

describe('scenario 5: causality through the service', () => {
  it('leads from a change to its action, decision and turn, and back', () =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, S(3, 'DETAIL'))
      const service = new EventService({ outputRoot: root })
      const states = (await service.getFilteredEvents(run.runId, { eventTypes: ['STATE'] })).events
      const wealth = states.find(({ turn_number, agent_id }) => turn_number === 2 && agent_id === 'agent_alpha')!
      const chain = await service.getCausalityChain(run.runId, wealth.event_id, 5)
      const kinds = chain.upstream.map((event) => milestoneOf(event) ?? event.event_type)
      expect(kinds.slice(0, 3)).toEqual(['ACTION', 'DECISION', 'turn_start'])
      const turnEnd = chain.upstream.find((event) => milestoneOf(event) === 'turn_end')
      expect(turnEnd?.turn_number).toBe(1)
      const back = await service.getCausalityChain(run.runId, chain.upstream[0]!.event_id, 5)
      expect(ids(back.downstream)).toContain(wealth.event_id)
      const { cycles, dangling_causes, ok } = await service.getIntegrity(run.runId)
      expect([ok, cycles.count, dangling_causes.count]).toEqual([true, 0, 0])
    }))

  it('answers hand-written links: two ways to one cause, a circle, a cause that is nowhere', () =>
    withRoot(async (root) => {
      const cite = (n: number, ...causes: number[]) => eventOf(n, { caused_by: causes.map(idOf) })
      writeLines(root, 'sim', 'events.jsonl', [
        eventOf(1),
        cite(2, 1),
        cite(3, 1, 2),
        cite(4, 5),
        cite(5, 4),
        cite(6, 99),
      ])
      finish(root, 'sim')
      const service = new EventService({ outputRoot: root })
      const chain = (n: number, depth?: number) => service.getCausalityChain('sim', idOf(n), depth)
      expect(new Set(ids((await chain(3)).upstream))).toEqual(new Set([idOf(1), idOf(2)]))
      expect(ids((await chain(3, 1)).upstream)).toEqual([idOf(1), idOf(2)])
      const circle = await chain(4)
      expect([ids(circle.upstream), ids(circle.downstream)]).toEqual([[idOf(5)], [idOf(5)]])
      expect((await chain(6)).missing).toEqual([idOf(99)])
    }))
})

const trade = (amount: number, partner: string) => ({ action_name: 'trade', parameters: { amount, partner } })

describe('acceptance criteria', () => {
  it('A1 a decision has time, agent, type and causes', () =>
    withRoot(async (root) => {
      const { events } = await runConfig(root, S(1, 'DECISION'))
      const decision = events.find(({ event_type }) => event_type === 'DECISION')
      expect(decision).toMatchObject({ agent_id: 'agent_alpha', details: { decision_type: 'trade' } })
      expect(decision.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/)
      const cause = events.find(({ event_id }) => event_id === decision.caused_by[0])
      expect(milestoneOf(cause)).toBe('turn_start')
    }))

  it('A2, A9 the agent filter gives what involves an agent, in order, interactions under both', () =>
    withRoot(async (root) => {
      const agents = [
        scripted('ada', [trade(40, 'bo')], { initial_state: { wealth: 100 } }),
        scripted('bo', [{ action_name: 'hold' }], { initial_state: { wealth: 100 } }),
        scripted('cy', [{ action_name: 'hold' }], { initial_state: { wealth: 100 } }),
      ]
      const { run } = await runConfig(root, configOf({ agents, simulation: { max_turns: 2 } }))
      const service = new EventService({ outputRoot: root })
      const of = async (name: string) => (await service.getFilteredEvents(run.runId, { agentIds: [name] })).events
      const [ada, bo, cy] = [await of('ada'), await of('bo'), await of('cy')]
      const interactions = ada.filter(({ details }) => details?.['interaction_type'] === 'trade')
      expect(interactions).toHaveLength(2)
      expect(interactions[0]!.details).toMatchObject({ participating_agent_ids: ['ada', 'bo'] })
      for (const event of interactions) {
        expect(ids(bo)).toContain(event.event_id)
        expect(ids(cy)).not.toContain(event.event_id)
      }
      for (const list of [ada, bo, cy]) expect(ids(list)).toEqual(ids(list).sort())
      expect(cy.every(({ agent_id }) => agent_id === 'cy')).toBe(true)
      const changes = bo.filter(({ event_type }) => event_type === 'STATE')
      expect(changes.map(({ details }) => details?.['new_value'])).toEqual([140, 180])
      for (const change of changes) expect(ids(interactions)).toContain(change.caused_by![0])
    }))

  it('A3 at MILESTONE there is nothing but milestones', () =>
    withRoot(async (root) => {
      const { events } = await runConfig(root, S(5, 'MILESTONE'))
      expect(events).toHaveLength(32)
      expect(new Set(events.map(({ event_type }) => event_type))).toEqual(new Set(['MILESTONE']))
    }))

  it('A4 at DETAIL changes have old and new value and lead to action and calculation', () =>
    withRoot(async (root) => {
      const { run, events } = await runConfig(root, S(1, 'DETAIL'))
      const service = new EventService({ outputRoot: root })
      const change = (name: string) => events.find(({ details }) => details.variable_name === name)
      expect(change('wealth').details).toMatchObject({ old_value: 1000, new_value: 1010 })
      const total = await service.getCausalityChain(run.runId, change('total_wealth').event_id, 1)
      expect(total.upstream.map(({ event_type }) => event_type)).toContain('DETAIL')
      const wealth = await service.getCausalityChain(run.runId, change('wealth').event_id, 1)
      expect(wealth.upstream.map(({ event_type }) => event_type)).toEqual(['ACTION'])
    }))

  it('A5, A6, A7 a question is answered from its run, its turns and its types alone', () =>
    withRoot(async (root) => {
      const runs = []
      for (const turns of [12, 3]) runs.push((await runConfig(root, S(turns, 'DETAIL'))).run.runId)
      const service = new EventService({ outputRoot: root })
      for (const id of runs) {
        const { events } = await service.getFilteredEvents(id)
        expect(new Set(events.map(({ simulation_id }) => simulation_id))).toEqual(new Set([id]))
      }
      const middle = await service.getFilteredEvents(runs[0]!, { turnStart: 5, turnEnd: 10 })
      expect(new Set(middle.events.map(({ turn_number }) => turn_number))).toEqual(new Set([5, 6, 7, 8, 9, 10]))
      expect(middle.total).toBe(6 * 11)
      const decisions = await service.getFilteredEvents(runs[0]!, { eventTypes: ['DECISION'] })
      expect(decisions.total).toBe(12)
      expect(new Set(decisions.events.map(({ event_type }) => event_type))).toEqual(new Set(['DECISION']))
    }))

  it('A8 a failing model call shows its retry, then success or failure', () =>
    withRoot(async (root) => {
      const answer = { action: 'Raise the tax rate', reasoning: 'Demand is too high for supply.', confidence: 0.8 }
      const runWith = async (replies: Parameters<typeof fakeModel>[0]) => {
        const model = await fakeModel(replies)
        try {
          const config = configOf({
            simulation: { max_turns: 1 },
            engine: { type: 'economic' },
            validator: { type: 'always_valid' },
            agents: [{ name: 'nation', type: 'econ_llm_agent' }],
            llm: { host: model.url, provider: 'ollama', max_retries: 1 },
          })
          const { events, result } = await runConfig(root, config)
          const told = events.filter(({ event_type }) => event_type === 'SYSTEM')
          return {
            told: told.map(({ details }) => [details.system_event_type, details.status, details.retry_count]),
            result,
          }
        } finally {
          await model.close()
        }
      }
      const recovered = await runWith([{ status: 500 }, { content: JSON.stringify(answer) }])
      expect(recovered.told).toEqual([
        ['llm_retry', 'retry', 1],
        ['llm_call', 'success', 1],
      ])
      expect(recovered.result.status).toBe('completed')
      const failed = await runWith([{ status: 500 }])
      expect(failed.told.slice(0, 2).map(([type]) => type)).toEqual(['llm_retry', 'llm_failure'])
      expect(failed.result.status).toBe('failed')
    }))

  it('A10 timeline, causes and playback come from the service alone', () =>
    withRoot(async (root) => {
      const { run, result } = await runConfig(root, S(5, 'STATE'))
      // Nothing but the folder: another process, another day.
      const service = new EventService({ outputRoot: root })
      const { frames } = await service.getPlayback(run.runId)
      let wealth = 1000
      for (const { changes } of frames)
        for (const { variable_name, old_value, new_value } of changes)
          if (variable_name === 'wealth') {
            expect(old_value).toBe(wealth)
            wealth = Number(new_value)
          }
      expect(wealth).toBe(1020)
      expect(result.final_state?.agents['agent_alpha']?.['wealth']).toBe(1020)
      const turns = await service.getTurns(run.runId)
      expect(turns.map(({ turn }) => turn)).toEqual([0, 1, 2, 3, 4, 5])
      const facets = await service.getFacets(run.runId)
      expect(facets.event_types.STATE).toBe(10)
      expect((await service.getState(run.runId, 3)).state.agents['agent_alpha']).toMatchObject({ wealth: 1015 })
    }))
})
