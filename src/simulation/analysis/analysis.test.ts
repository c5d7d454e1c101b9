import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LlmTransport } from '../loop/llm/llm-transport.ts'
import { configOf, recorder, runConfig, scripted, withRoot } from '../loop/run/_run-helpers.ts'
import { Orchestrator } from '../loop/run/orchestrator.ts'
import { EventService } from '../service/event-service.ts'
import { compareRuns } from './compare-runs.ts'
import { metricsCsv } from './metrics-csv.ts'
import { plotRuns } from './plot-run.ts'
import { repeatRun } from './repeat-run.ts'
import { traceOf } from './write-trace.ts'

const trade = (amount: number, more: object = {}) => ({ action_name: 'trade', parameters: { amount }, ...more })
const world = (amounts: number[], more: Record<string, any> = {}) =>
  configOf({
    simulation: { max_turns: 6, checkpoint_interval: 2 },
    agents: [
      scripted(
        'ada',
        amounts.map((amount) => trade(amount)),
        { initial_state: { wealth: 100 } },
      ),
      { name: 'bo', type: 'simple', initial_state: { wealth: 50 } },
    ],
    ...more,
  })
const text = async (pieces: AsyncIterable<string>) => {
  let all = ''
  for await (const piece of pieces) all += piece
  return all
}

describe('comparing two runs', () => {
  it('finds nothing between runs of one configuration', () =>
    withRoot(async (root) => {
      const [a, b] = [await runConfig(root, world([1, 2, 3])), await runConfig(root, world([1, 2, 3]))]
      const found = await compareRuns(new EventService({ outputRoot: root }), a.run.runId, b.run.runId)
      expect(found).toMatchObject({ same: true, divergence: null, variables: [], settings: [] })
      expect(found.compared).toEqual({ from_turn: 0, to_turn: 6, level: 'DETAIL', variables: 3 })
    }))

  it('stops at the first event that differs, and says where each variable parts', () =>
    withRoot(async (root) => {
      const a = await runConfig(root, world([1, 1, 1, 1, 1, 1]))
      const b = await runConfig(root, world([1, 1, 1, 5, 1, 1]))
      const found = await compareRuns(new EventService({ outputRoot: root }), a.run.runId, b.run.runId)
      expect(found.same).toBe(false)
      expect(found.divergence).toMatchObject({
        kind: 'event',
        turn: 4,
        agent_id: 'ada',
        a: { event_type: 'DECISION', turn_number: 4 },
        b: { event_type: 'DECISION', turn_number: 4 },
      })
      expect(
        found.variables.map(({ name, first_turn, a: x, b: y, last_a, last_b, max_difference }) => [
          name,
          first_turn,
          x,
          y,
          last_a,
          last_b,
          max_difference,
        ]),
      ).toEqual([
        ['total_wealth', 4, 164, 168, 171, 175, 4],
        ['ada.wealth', 4, 104, 108, 106, 110, 4],
      ])
      expect(found.settings).toEqual([{ path: 'agents[0].config.actions[3].parameters.amount', a: 1, b: 5 }])
    }))

  it('of different levels compares what both recorded, and the states of common checkpoints', () =>
    withRoot(async (root) => {
      const a = await runConfig(root, world([1, 1, 1, 1, 1, 1]))
      const coarse = world([1, 1, 1, 5, 1, 1], { event_stream: { verbosity: 'MILESTONE' } })
      const b = await runConfig(root, coarse)
      const found = await compareRuns(new EventService({ outputRoot: root }), a.run.runId, b.run.runId)
      expect(found.compared.level).toBe('MILESTONE')
      expect(found.divergence).toMatchObject({ kind: 'state', turn: 4 })
    }))

  it('a branch differs from its origin where it was changed', () =>
    withRoot(async (root) => {
      const a = await runConfig(root, world([1]))
      const branch = await Orchestrator.fromCheckpoint(
        { runId: a.run.runId, turn: 2, changes: { agents: { bo: { wealth: 500 } } } },
        { outputRoot: root, logger: recorder().log },
      )
      await branch.run()
      const found = await compareRuns(new EventService({ outputRoot: root }), a.run.runId, branch.runId)
      expect(found.compared).toMatchObject({ from_turn: 2, to_turn: 6 })
      expect(found.divergence).toMatchObject({ kind: 'state', turn: 2, agent_id: 'bo', variable: 'wealth' })
      expect(found.variables[0]).toMatchObject({ name: 'bo.wealth', a: 55, b: 500 })
    }))
})

describe('repeating a run from its manifest', () => {
  const repeat = (root: string, runId: string) => repeatRun(runId, { outputRoot: root, logger: recorder().log })

  it('gives the same bytes of state, checkpoints and events, and leaves nothing behind', () =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, world([1, 2]))
      const report = await repeat(root, run.runId)
      expect(report).toMatchObject({ same: true, divergence: null })
      expect(report.checks.every(({ ok }) => ok)).toBe(true)
      expect(fs.readdirSync(root)).toEqual([run.runId])
    }))

  it('also of a branch with changed variables, from the state kept in its own folder', () =>
    withRoot(async (root) => {
      const a = await runConfig(root, world([1]))
      const branch = await Orchestrator.fromCheckpoint(
        { runId: a.run.runId, turn: 4, changes: { global_state: { total_wealth: 1 } } },
        { outputRoot: root, logger: recorder().log },
      )
      await branch.run()
      fs.rmSync(path.join(root, a.run.runId), { recursive: true })
      expect(await repeat(root, branch.runId)).toMatchObject({ same: true })
    }))

  it('replays what was asked of agents from outside, between turns and during them', () =>
    withRoot(async (root) => {
      const { log } = recorder()
      const run = new Orchestrator(world([1]), { outputRoot: root, logger: log })
      await run.initialize()
      await run.step()
      await run.addAgent({ name: 'kid', type: 'simple', initial_state: { wealth: 7 } })
      const step = run.step()
      await new Promise((resolve) => setImmediate(resolve))
      const paused = run.pauseAgent('bo', 2)
      await step
      expect(await paused).toBe(true)
      while (await run.step());
      await run.finish()
      const operations = fs
        .readFileSync(path.join(root, run.runId, 'operations.jsonl'), 'utf8')
        .trim()
        .split('\n')
      expect(operations.map((line) => JSON.parse(line))).toMatchObject([
        { turn: 1, when: 'after', operation: { operation: 'add_agent', target: 'kid' } },
        { turn: 2, when: 'in', operation: { operation: 'pause_agent', target: 'bo' } },
      ])
      expect(await repeat(root, run.runId)).toMatchObject({ same: true })
    }))

  it('replays the answers of models', () =>
    withRoot(async (root) => {
      let asked = 0
      const model: LlmTransport = {
        send: async () =>
          JSON.stringify({
            action: `raise the interest rate ${++asked}`,
            reasoning: 'It is the time to do so.',
            confidence: 0.9,
          }),
      }
      const config = configOf({
        engine: { type: 'economic' },
        validator: { type: 'always_valid' },
        agents: [{ name: 'north', type: 'econ_llm_agent', initial_state: { economic_strength: 10 } }],
        llm: { model: 'm', host: 'http://127.0.0.1:9/v1', api_key: 'secret-key' },
      })
      const { run, result } = await runConfig(root, config, { llmTransport: model })
      expect(result.status).toBe('completed')
      expect(asked).toBe(3)
      expect(await repeat(root, run.runId)).toMatchObject({ same: true })
      expect(fs.readFileSync(path.join(root, run.runId, 'manifest.json'), 'utf8')).not.toContain('secret-key')
    }))

  it('of an interrupted run stops where that stopped', () =>
    withRoot(async (root) => {
      const run = new Orchestrator(world([1]), { outputRoot: root, logger: recorder().log })
      await run.initialize()
      await run.step()
      await run.step()
      run.requestStop('interrupted')
      await run.step()
      await run.finish()
      expect(await repeat(root, run.runId)).toMatchObject({ same: true })
    }))

  it('says what differs when a component has changed since', () =>
    withRoot(async (root) => {
      const own = path.join(root, 'own')
      fs.mkdirSync(path.join(own, 'implementations/agents'), { recursive: true })
      const agent = (amount: number) => {
        fs.writeFileSync(
          path.join(own, 'implementations/agents/giver.ts'),
          `import { BaseAgent } from 'troupe/simulation'\nimport { amount } from './_amount.ts'\nexport class GiverAgent extends BaseAgent { decideAction() { return { actionName: 'trade', parameters: { amount } } } }\n`,
        )
        fs.writeFileSync(path.join(own, 'implementations/agents/_amount.ts'), `export const amount = ${amount}\n`)
      }
      agent(3)
      const out = path.join(root, 'out')
      const config = configOf({ agents: [{ name: 'ada', type: 'giver' }] })
      const { run } = await runConfig(out, config, { implementationsRoot: own })
      agent(4)
      const report = await repeat(out, run.runId)
      // The class is loaded once per process, so the repetition itself still is the same here; the manifest knows better.
      expect(report.checks.find(({ name }) => name === 'agent:ada')).toMatchObject({ ok: false })
    }))

  it('refuses what has no manifest', () =>
    withRoot(async (root) => {
      await expect(repeat(root, 'nothing')).rejects.toThrow(/no manifest of nothing/)
    }))
})

describe('the variables of a run', () => {
  it('as CSV have a row for every turn, wide or long', () =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, world([1, 0]))
      const service = new EventService({ outputRoot: root })
      expect(await text(metricsCsv(service, run.runId))).toBe(
        'turn,total_wealth,ada.wealth,bo.wealth\n0,150,100,50\n1,161,101,60\n2,156,101,55\n3,167,102,65\n4,162,102,60\n5,173,103,70\n6,168,103,65\n',
      )
      expect(await text(metricsCsv(service, run.runId, { shape: 'long', variables: ['ada.wealth'] }))).toContain(
        'turn,agent,variable,value\n0,ada,wealth,100\n1,ada,wealth,101\n',
      )
    }))

  it('of a run recorded coarsely come from its checkpoints', () =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, world([1], { event_stream: { verbosity: 'ACTION' } }))
      const rows = (await text(metricsCsv(new EventService({ outputRoot: root }), run.runId))).trim().split('\n')
      expect(rows.map((row) => row.split(',')[0])).toEqual(['turn', '0', '2', '4', '6'])
    }))

  it('of an agent that came and went stand in its turns only', () =>
    withRoot(async (root) => {
      const run = new Orchestrator(world([1]), { outputRoot: root, logger: recorder().log })
      await run.initialize()
      await run.step()
      await run.addAgent({ name: 'kid', type: 'simple', initial_state: { wealth: 7 } })
      await run.step()
      await run.step()
      await run.removeAgent('kid')
      while (await run.step());
      await run.finish()
      const service = new EventService({ outputRoot: root })
      const rows = (await text(metricsCsv(service, run.runId, { variables: ['kid.wealth'] }))).trim().split('\n')
      expect(rows.map((row) => row.split(',')[1])).toEqual(['kid.wealth', '', '', '2', '', '', '', ''])
    }))

  it('are drawn as SVG, the same numbers as the same bytes', () =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, world([1]))
      const service = new EventService({ outputRoot: root })
      const svg = await plotRuns(service, [run.runId], [['wealth'], ['total_wealth']], 'Wealth <1>')
      expect(svg).toContain('Wealth &lt;1&gt;')
      expect(svg.match(/<path /g)).toHaveLength(3)
      expect(await plotRuns(service, [run.runId], [['wealth'], ['total_wealth']], 'Wealth <1>')).toBe(svg)
      await expect(plotRuns(service, [run.runId], [['joy']])).rejects.toThrow(/named joy/)
    }))
})

describe('the trace of a run', () => {
  const trace = async (root: string, id: string, options = {}) =>
    JSON.parse(await text(traceOf(new EventService({ outputRoot: root }), id, options)))

  it('has a lane per agent, spans of turns and phases, counters and links', () =>
    withRoot(async (root) => {
      const { run, events } = await runConfig(root, world([1]))
      const { traceEvents, otherData } = await trace(root, run.runId)
      const of = (ph: string) => traceEvents.filter((entry: any) => entry.ph === ph)
      expect(
        of('M')
          .filter((entry: any) => entry.name === 'thread_name')
          .map((entry: any) => entry.args.name),
      ).toEqual(['world', 'ada', 'bo'])
      const turns = of('X').filter((entry: any) => entry.cat === 'turn')
      expect(turns.map((entry: any) => entry.name)).toEqual(['start', ...[1, 2, 3, 4, 5, 6].map((n) => `turn ${n}`)])
      expect(
        of('X')
          .filter((entry: any) => entry.cat === 'phase')
          .map((entry: any) => entry.name)
          .slice(0, 4),
      ).toEqual(['decide', 'validate', 'apply', 'rules'])
      expect(new Set(of('C').map((entry: any) => entry.name))).toEqual(
        new Set(['ada.wealth', 'bo.wealth', 'total_wealth']),
      )
      for (const entry of traceEvents) if (entry.ph !== 'M') expect(Number.isSafeInteger(entry.ts)).toBe(true)
      expect(otherData).toMatchObject({ run_id: run.runId, events: events.length, truncated: false, last_turn: 6 })
    }))

  it('says its limit and stops at a whole turn', () =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, world([1]))
      const { traceEvents, otherData } = await trace(root, run.runId, { limit: 60 })
      expect(traceEvents.length).toBeLessThanOrEqual(60)
      expect(otherData).toMatchObject({ limit: 60, truncated: true, last_turn: 3, entries: traceEvents.length })
    }))
})
