import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { BaseAgent } from '../components/base-agent.ts'
import { BaseEngine } from '../components/base-engine.ts'
import { BaseValidator } from '../components/base-validator.ts'
import { SimpleEconomicEngine } from '../components/builtin/simple-economic-engine.ts'
import type { Registry } from '../components/discover.ts'
import { silentLogger } from '../logging/logger.ts'
import { updateAgent, updateGlobal } from '../state/state.ts'
import {
  byId,
  causesOf,
  checkpoint,
  configOf,
  eventsOf,
  ofType,
  runConfig,
  scripted,
  withRoot,
} from './_run-helpers.ts'
import { Orchestrator } from './orchestrator.ts'

const trade = (amount: number, partner?: string) => ({
  action_name: 'trade',
  parameters: partner ? { amount, partner } : { amount },
})
const hold = { action_name: 'hold' }
const poor = { initial_state: { wealth: 100 } }

describe('the loop', () => {
  it('emits the counts of the contract', () =>
    withRoot(async (root) => {
      const config = configOf({
        simulation: { max_turns: 5 },
        agents: [{ name: 'ada', initial_state: { wealth: 1000 } }],
        event_stream: { verbosity: 'STATE' },
      })
      const { events, result } = await runConfig(root, config)
      expect(ofType(events, 'MILESTONE')).toHaveLength(32)
      expect(ofType(events, 'STATE')).toHaveLength(10)
      expect(result.final_state?.agents['ada']?.['wealth']).toBe(1020)
      expect(result.final_state?.globalState['total_wealth']).toBe(1020)
      expect(result.history).toHaveLength(6)
      expect(result.stats).toMatchObject({
        total_turns: 5,
        final_turn: 5,
        termination_reason: 'max_turns',
        validation: { total_validated: 5, total_rejected: 0, acceptance_rate: 1 },
      })
    }))

  it('writes every event of a fast run: a thousand turns of synchronous components', () =>
    withRoot(async (root) => {
      const { result, events } = await runConfig(root, configOf({ simulation: { max_turns: 1000 } }), {
        historyLimit: 10,
      })
      expect(result.event_stats).toMatchObject({ dropped: 0, lost: 0, accepted: events.length, written: events.length })
      expect(result.history).toHaveLength(10)
      expect(result.history.at(-1)?.turn).toBe(1000)
    }))

  it('runs without agents and with all of them paused', () =>
    withRoot(async (root) => {
      const empty = await runConfig(root, configOf({ agents: [], event_stream: { verbosity: 'ACTION' } }))
      expect(empty.result).toMatchObject({ status: 'completed', stats: { validation: { acceptance_rate: 0 } } })
      expect(new Set(empty.events.map(({ event_type }) => event_type))).toEqual(new Set(['MILESTONE']))
      const run = new Orchestrator(configOf(), { outputRoot: root, logger: silentLogger })
      await run.initialize()
      expect(await run.pauseAgent('ada')).toBe(true)
      while (await run.step());
      await run.finish()
      expect(ofType(eventsOf(root, run.runId), 'DECISION')).toHaveLength(0)
      expect(run.state.turn).toBe(3)
    }))

  it('records an interaction once, found from both sides, and links what both felt', () =>
    withRoot(async (root) => {
      const agents = [
        scripted('ada', [trade(40, 'bo')], { initial_state: { wealth: 100 } }),
        scripted('bo', [hold], { initial_state: { wealth: 10 } }),
      ]
      const { events, result } = await runConfig(root, configOf({ simulation: { max_turns: 1 }, agents }))
      const action = ofType(events, 'ACTION').find(({ agent_id }) => agent_id === 'ada')
      expect(action.details).toMatchObject({
        interaction_type: 'trade',
        participating_agent_ids: ['ada', 'bo'],
        validated: true,
      })
      const changes = ofType(events, 'STATE').filter(({ details }) => details.phase === 'apply')
      expect(
        changes.map(({ agent_id, caused_by, details }) => [agent_id, caused_by, details.old_value, details.new_value]),
      ).toEqual([
        ['ada', [action.event_id], 100, 60],
        ['bo', [action.event_id], 10, 50],
      ])
      expect(result.final_state?.globalState['total_wealth']).toBe(110)
    }))

  it('links a response to the latest action it answers', () =>
    withRoot(async (root) => {
      const greet = {
        action_name: 'talk',
        action_id: 'greet-1',
        interaction: { type: 'communication', participants: ['bo', 'ada'] },
      }
      const answer = { action_name: 'reply', parameters: { in_response_to: 'greet-1' } }
      const agents = [scripted('ada', [greet]), scripted('bo', [answer])]
      const { events } = await runConfig(root, configOf({ simulation: { max_turns: 2 }, agents }))
      for (const turn of [1, 2]) {
        const [greeting, reply] = ofType(events, 'ACTION').filter(({ turn_number }) => turn_number === turn)
        expect(greeting.details.participating_agent_ids).toEqual(['ada', 'bo'])
        expect(
          causesOf(events, reply).map(({ event_type, agent_id, turn_number }) => [event_type, agent_id, turn_number]),
        ).toEqual([
          ['DECISION', 'bo', turn],
          ['ACTION', 'ada', turn],
        ])
      }
    }))

  it('tells rejected actions and never applies them', () =>
    withRoot(async (root) => {
      const agents = [
        scripted(
          'ada',
          [trade(-500), trade(5, 'nobody'), { action_name: 'trade', parameters: { amount: 'much' } }],
          poor,
        ),
      ]
      const { events, result, lines } = await runConfig(root, configOf({ agents }))
      expect(ofType(events, 'ACTION')).toHaveLength(0)
      const rejections = ofType(events, 'SYSTEM')
      expect(
        rejections.map(({ details }) => [
          details.system_event_type,
          details.status,
          details.error_type,
          details.agent_name,
          details.action_type,
        ]),
      ).toEqual(Array(3).fill(['validation_failure', 'warning', 'action_rejected', 'ada', 'trade']))
      expect(causesOf(events, rejections[0])[0]).toMatchObject({
        event_type: 'DECISION',
        agent_id: 'ada',
        turn_number: 1,
      })
      expect(result.stats.validation).toEqual({ total_validated: 0, total_rejected: 3, acceptance_rate: 0 })
      expect(
        lines.some(({ level, event }) => level === 'INFO' && event === 'SKIPPED Agent [ada] due to unvalidated Action'),
      ).toBe(true)
      expect(
        events
          .filter(({ details }) => details.milestone_type === 'turn_end')
          .map(({ details }) => [details.actions_applied, details.actions_rejected]),
      ).toEqual(Array(3).fill([0, 1]))
    }))

  it.each<[string, object, object, string, number]>([
    ['min_value', { min_value: 70, variable: 'wealth' }, {}, 'min_value', 2],
    ['max_value of the primary variable', { max_value: 1000 }, { wealth: 2000 }, 'max_value', 0],
    ['a global value', { min_value: 75, variable: 'total_wealth', scope: 'global' }, {}, 'min_value', 2],
  ])('ends by %s', (_name, termination, initial, reason, turns) =>
    withRoot(async (root) => {
      const agents = [scripted('ada', [trade(-20)], { initial_state: { wealth: 100, ...initial } })]
      const { result } = await runConfig(root, configOf({ simulation: { max_turns: 9, termination }, agents }))
      expect(result.stats).toMatchObject({ termination_reason: reason, total_turns: turns })
    }),
  )

  it('ends when the engine says so, and when asked to stop', () =>
    withRoot(async (root) => {
      class Stopping extends SimpleEconomicEngine {
        override checkTermination() {
          return { stop: this.getCurrentState().turn >= 2, reason: 'enough' } as never
        }
      }
      const registry: Registry = { engine: { stopping: Stopping } }
      const { result, events } = await runConfig(root, configOf({ engine: { type: 'stopping' } }), { registry })
      expect(result.stats).toMatchObject({ termination_reason: 'engine', total_turns: 2 })
      expect(events.at(-1).details).toMatchObject({ termination_reason: 'engine', engine_reason: 'enough' })
      const run = new Orchestrator(configOf(), { outputRoot: root, logger: silentLogger })
      await run.initialize()
      await run.step()
      run.requestStop()
      expect(await run.step()).toBe(false)
      expect(await run.finish()).toMatchObject({
        status: 'aborted',
        stats: { termination_reason: 'stopped', total_turns: 1 },
      })
      expect(eventsOf(root, run.runId).at(-1)).toMatchObject({ turn_number: 1, details: { outcome: 'aborted' } })
      expect(fs.existsSync(path.join(run.runDir, 'checkpoints/turn_1.json'))).toBe(true)
    }))

  it('lets agents decide side by side: DECISIONs as they come, actions in agent order', () =>
    withRoot(async (root) => {
      class Patient extends BaseAgent {
        async decideAction() {
          await new Promise((resolve) => setTimeout(resolve, Number(this.config['ms'])))
          return { actionName: 'hold' }
        }
      }
      const agents = [40, 20, 1].map((ms, i) => ({ name: `a${i}`, type: 'patient', ms }))
      const config = configOf({ simulation: { max_turns: 1, parallel_decisions: true }, agents })
      const { events } = await runConfig(root, config, { registry: { agent: { patient: Patient } } })
      expect(ofType(events, 'DECISION').map(({ agent_id }) => agent_id)).toEqual(['a2', 'a1', 'a0'])
      expect(ofType(events, 'ACTION').map(({ agent_id }) => agent_id)).toEqual(['a0', 'a1', 'a2'])
      const stamps = events.map(({ timestamp }) => timestamp)
      expect(new Set(stamps).size).toBe(stamps.length)
    }))

  it('corrects a wrong agent name and refuses what is no action', () =>
    withRoot(async (root) => {
      class Liar extends BaseAgent {
        decideAction(_: unknown, ctx: { turn: number }): never {
          return (ctx.turn === 1 ? { actionName: 'hold', agentName: 'bo' } : { parameters: {} }) as never
        }
      }
      const { events, error, lines } = await runConfig(root, configOf({ agents: [{ name: 'ada', type: 'liar' }] }), {
        registry: { agent: { liar: Liar } },
      })
      expect(ofType(events, 'ACTION').map(({ agent_id }) => agent_id)).toEqual(['ada'])
      expect(lines.some(({ level, event }) => level === 'WARNING' && event === 'action_agent_name_corrected')).toBe(
        true,
      )
      expect((error as Error).name).toBe('InvalidActionError')
    }))

  it('keeps the stream off when told so', () =>
    withRoot(async (root) => {
      const { result, run } = await runConfig(root, configOf({ event_stream: { enabled: false } }))
      expect(result).toMatchObject({ status: 'completed', event_stats: { emitted: 0, written: 0 } })
      expect(fs.readdirSync(run.runDir).sort()).toEqual(['checkpoints', 'config.json', 'manifest.json', 'result.json'])
    }))

  it('closes the stream of a run whose engine fails at the start', () =>
    withRoot(async (root) => {
      class Broken extends SimpleEconomicEngine {
        override initializeState(): never {
          throw new Error('no world')
        }
      }
      const { events, result, error } = await runConfig(root, configOf({ engine: { type: 'broken' } }), {
        registry: { engine: { broken: Broken } },
      })
      expect((error as Error).message).toBe('no world')
      expect(events.map(({ details }) => details.milestone_type ?? details.system_event_type)).toEqual([
        'simulation_start',
        'run_error',
        'simulation_end',
      ])
      expect(result).toMatchObject({ status: 'failed', final_state: null, stats: { total_turns: 0 } })
    }))
})

describe('what an engine returns', () => {
  class Custom extends BaseEngine {
    static override variables = {
      agent_vars: {
        health: { type: 'int', min: 0, max: 10, default: 5 },
        mood: { type: 'categorical', values: ['good', 'bad'], default: 'good' },
        bag: { type: 'dict', key_type: 'str', value_type: 'int' },
        speed: { type: 'float', min: 0, max: 2, default: 1, on_violation: 'clamp' },
      },
      global_vars: { weather: { type: 'str', default: 'sun' }, count: { type: 'int', default: 0 } },
    }
    initializeState(ctx: any) {
      return ctx.initialState()
    }
    applyAction(state: any, action: any, ctx: any): any {
      const { kind, value } = action.parameters
      if (kind === 'mutate') state.agents.ada.health = 1
      if (kind === 'new-agent') return { ...state, agents: { ...state.agents, eve: { name: 'eve' } } }
      if (kind === 'drop-agent') return { ...state, agents: {} }
      if (kind === 'turn') return { ...state, turn: 99, pausedAgents: ['ada'] }
      if (kind === 'explicit') {
        ctx.change('weather', 'sun', 'rain', { causedBy: [ctx.detail('front', { weather: 'rain' })] })
        return updateGlobal(state, { weather: 'rain', count: 1 })
      }
      return updateAgent(state, 'ada', { [kind]: value })
    }
    applyEngineRules(state: any, ctx: any): any {
      if (ctx.turn === 1) {
        const named = ctx.detail('count', { count: 1 })
        ctx.detail('other', { x: 1 })
        ctx.milestone('peace', 'war', { outcome: 'conflict', causedBy: [named] })
      }
      return updateGlobal(state, { count: state.globalState.count + 1 })
    }
    checkTermination() {
      return false
    }
  }
  const run = (root: string, kind: string, value?: unknown) => {
    const agents = [scripted('ada', [{ action_name: 'act', parameters: { kind, value } }])]
    const config = configOf({
      simulation: { max_turns: 1 },
      engine: { type: 'custom' },
      validator: { type: 'always_valid' },
      agents,
    })
    return runConfig(root, config, { registry: { engine: { custom: Custom } } })
  }

  it.each<[string, unknown, string]>([
    ['health', 11, 'agents.ada.health must be a number of at most 10, but is 11'],
    ['health', 1.5, 'agents.ada.health must be a whole number, but is 1.5'],
    ['health', '3', 'agents.ada.health must be a finite number, but is "3"'],
    ['health', true, 'agents.ada.health must be a finite number, but is true'],
    ['mood', 'ugly', 'agents.ada.mood must be one of good, bad, but is "ugly"'],
    ['bag', { food: 'x' }, 'agents.ada.bag.food must be a finite number, but is "x"'],
    ['wings', 2, 'agents.ada.wings is not a defined variable: health, mood, bag, speed'],
  ])('is rejected where it breaks a rule: %s = %o', (kind, value, message) =>
    withRoot(async (root) => {
      const { events, result } = await run(root, kind, value)
      expect(result.status).toBe('completed')
      expect(result.final_state?.agents['ada']).toEqual({ name: 'ada', health: 5, mood: 'good', bag: {}, speed: 1 })
      const violation = ofType(events, 'SYSTEM').find(({ details }) => details.system_event_type === 'state_violation')
      expect(violation.details).toMatchObject({
        status: 'failure',
        error_type: 'state_constraint_violation',
        variable: kind,
        message,
      })
      expect(causesOf(events, violation)[0].event_type).toBe('ACTION')
    }),
  )

  it('is clamped where the definition says so', () =>
    withRoot(async (root) => {
      const { events, result } = await run(root, 'speed', 7)
      expect(result.final_state?.agents['ada']?.['speed']).toBe(2)
      const change = ofType(events, 'STATE').find(({ details }) => details.variable_name === 'speed')
      expect(change.details).toMatchObject({ old_value: 1, new_value: 2, clamped: true })
    }))

  it('is compared deeply, with changed paths for collections', () =>
    withRoot(async (root) => {
      const { events } = await run(root, 'bag', { food: 3, tools: 1 })
      const change = ofType(events, 'STATE').find(({ details }) => details.variable_name === 'bag')
      expect(change.details).toMatchObject({
        old_value: {},
        new_value: { food: 3, tools: 1 },
        changed_paths: ['food', 'tools'],
      })
      expect(
        ofType((await run(root, 'bag', {})).events, 'STATE').filter(({ details }) => details.variable_name === 'bag'),
      ).toEqual([])
    }))

  it.each(['new-agent', 'drop-agent'])('cannot change the population: %s', (kind) =>
    withRoot(async (root) => {
      const { result, events } = await run(root, kind)
      expect(Object.keys(result.final_state!.agents)).toEqual(['ada'])
      expect(ofType(events, 'SYSTEM').map(({ details }) => details.system_event_type)).toContain('state_violation')
    }),
  )

  it('cannot set the turn or pause agents', () =>
    withRoot(async (root) => {
      const { result } = await run(root, 'turn')
      expect(result.final_state).toMatchObject({ turn: 1, pausedAgents: [] })
    }))

  it('must not change the state it was given: states are frozen', () =>
    withRoot(async (root) => {
      const { error, result } = await run(root, 'mutate')
      expect((error as Error).name).toBe('TypeError')
      expect(result.status).toBe('failed')
    }))

  it('may report changes itself: those are not reported again', () =>
    withRoot(async (root) => {
      const { events } = await run(root, 'explicit')
      const changes = ofType(events, 'STATE')
      const weather = changes.filter(({ details }) => details.variable_name === 'weather')
      expect(weather).toHaveLength(1)
      expect(causesOf(events, weather[0]).map(({ event_type }) => event_type)).toEqual(['DETAIL'])
      const count = changes.filter(({ details }) => details.variable_name === 'count')
      expect(count.map(({ details }) => details.phase)).toEqual(['apply', 'rules'])
      expect(causesOf(events, count[0]).map(({ event_type }) => event_type)).toEqual(['ACTION', 'DETAIL'])
      const rules = causesOf(events, count[1])
      expect(
        rules.map(({ event_type, details }) => [event_type, details.calculation_type ?? details.phase_to]),
      ).toEqual([
        ['MILESTONE', 'rules'],
        ['DETAIL', 'count'],
      ])
    }))

  it('may raise milestones of its own', () =>
    withRoot(async (root) => {
      const { events } = await run(root, 'health', 4)
      const war = events.find(({ details }) => details.phase_to === 'war')
      expect(war.details).toMatchObject({
        milestone_type: 'phase_transition',
        phase_from: 'peace',
        outcome: 'conflict',
      })
      expect(causesOf(events, war).map(({ details }) => details.calculation_type)).toEqual(['count'])
    }))
})

describe('an engine that applies all actions at once', () => {
  it('gets one comparison; changes cite the actions of their owner, global ones all', () =>
    withRoot(async (root) => {
      class AllAtOnce extends SimpleEconomicEngine {
        override applyActions = (state: any, actions: readonly any[]) => {
          let next = updateGlobal(state, { total_wealth: -1 })
          for (const { agentName } of actions)
            next = updateAgent(next, agentName, { wealth: state.agents[agentName].wealth + 1 })
          return next
        }
      }
      const agents = [scripted('ada', [hold]), scripted('bo', [hold])]
      const { events } = await runConfig(
        root,
        configOf({ simulation: { max_turns: 1 }, engine: { type: 'all' }, agents }),
        { registry: { engine: { all: AllAtOnce as never } } },
      )
      const [first, second] = ofType(events, 'ACTION')
      const applied = ofType(events, 'STATE').filter(({ details }) => details.phase === 'apply')
      const causes = Object.fromEntries(applied.map(({ agent_id, caused_by }) => [agent_id ?? 'global', caused_by]))
      expect(causes).toEqual({
        ada: [first.event_id],
        bo: [second.event_id],
        global: [first.event_id, second.event_id],
      })
      expect(byId(events).size).toBe(events.length)
    }))
})

describe('components', () => {
  it('may cite causes, emit system events and see whether a type is wanted', () =>
    withRoot(async (root) => {
      let seen: boolean[] = []
      class Citing extends BaseAgent {
        decideAction(state: any, ctx: any) {
          seen = [
            ctx.wants('DETAIL'),
            ctx.wants('ACTION'),
            typeof ctx.random() === 'number',
            this.getCurrentState() === state,
          ]
          ctx.cite({ id: null, causeIds: ['01K71NZ5080V8M3N4P5Q6R7S8T'] })
          return { actionName: 'hold' }
        }
      }
      class Telling extends BaseValidator {
        async validateAction(_a: any, _s: any, ctx: any) {
          ctx.system('warning', { errorType: 'odd', message: 'looks odd' })
          await ctx.yield()
          return true
        }
      }
      const config = configOf({
        simulation: { max_turns: 1 },
        agents: [{ name: 'ada', type: 'citing' }],
        validator: { type: 'telling' },
      })
      const { events } = await runConfig(root, config, {
        registry: { agent: { citing: Citing }, validator: { telling: Telling } },
      })
      expect(seen).toEqual([true, true, true, true])
      expect(ofType(events, 'DECISION')[0].caused_by[1]).toBe('01K71NZ5080V8M3N4P5Q6R7S8T')
      const odd = ofType(events, 'SYSTEM')[0]
      expect(odd.details).toMatchObject({ status: 'warning', error_type: 'odd', message: 'looks odd' })
      expect(causesOf(events, odd)[0].details.phase_to).toBe('validate')
    }))

  it('that return the wrong number of verdicts fail the run', () =>
    withRoot(async (root) => {
      class Short extends BaseValidator {
        validateAction() {
          return true
        }
        override async validateActions() {
          return []
        }
      }
      const { error } = await runConfig(root, configOf({ validator: { type: 'short' } }), {
        registry: { validator: { short: Short } },
      })
      expect((error as Error).message).toContain('0 verdicts for 1 actions')
    }))
})

describe('deterministic runs', () => {
  it('repeat bit for bit with the same seed and differ with another', () =>
    withRoot(async (root) => {
      class Gambler extends BaseAgent {
        decideAction(_: unknown, ctx: any) {
          return { actionName: 'trade', parameters: { amount: Math.round(ctx.random() * 100) } }
        }
      }
      const run = async (seed: number, runId: string) => {
        const config = configOf({ simulation: { max_turns: 10, seed }, agents: [{ name: 'ada', type: 'gambler' }] })
        const { result } = await runConfig(root, config, { registry: { agent: { gambler: Gambler } }, runId })
        return [result.final_state, checkpoint(root, runId, 'last').metadata.rng_state]
      }
      expect(await run(1, 'a')).toEqual(await run(1, 'b'))
      expect(await run(2, 'c')).not.toEqual(await run(1, 'd'))
    }))
})
