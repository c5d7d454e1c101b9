import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { CheckpointLoadError, ResumeError, SchemaCompatibilityError } from '../core/errors.ts'
import { checkpoint, configOf, eventsOf, recorder, runConfig, withRoot } from '../run/_run-helpers.ts'
import { Orchestrator } from '../run/orchestrator.ts'
import { listCheckpoints, readCheckpoint } from './checkpoint-store.ts'

const turns = (max_turns: number, checkpoint_interval: number | null = null) => ({
  simulation: { max_turns, checkpoint_interval },
})
const quiet = () => ({ logger: recorder().log })

describe('checkpoints', () => {
  it.each<[number, number | null, number[]]>([
    [15, 5, [0, 5, 10, 15]],
    [20, null, [0, 20]],
    [7, 10, [0, 7]],
  ])('of %i turns with interval %s are %j', (max, interval, expected) =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, configOf(turns(max, interval)))
      expect(listCheckpoints(run.runDir)).toEqual(expected)
      expect(JSON.parse(fs.readFileSync(path.join(run.runDir, 'result.json'), 'utf8')).checkpoints).toEqual(expected)
      const types = expected.map((turn) => checkpoint(root, run.runId, `turn_${turn}`).metadata.checkpoint_type)
      expect(types[0]).toBe('initial')
      expect(types.at(-1)).toBe(interval !== null && max % interval === 0 ? 'interval' : 'final')
      expect(checkpoint(root, run.runId, 'last').metadata).toMatchObject({
        turn: max,
        checkpoint_type: 'last',
        run_id: run.runId,
      })
    }),
  )

  it('have the fields of the contract', () =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, configOf(turns(1)))
      const { metadata, state } = checkpoint(root, run.runId, 'turn_1')
      expect(Object.keys(metadata).sort()).toEqual([
        'checkpoint_type',
        'dynamic_agents',
        'rng_state',
        'run_id',
        'schema_hash',
        'timestamp',
        'turn',
      ])
      expect(Object.keys(state)).toEqual([
        'turn',
        'agents',
        'global_state',
        'reasoning_chains',
        'paused_agents',
        'auto_resume',
        'spatial_state',
      ])
    }))

  it('fail the run at once, leaving no part behind, when they cannot be saved', () =>
    withRoot(async (root) => {
      let saves = 0
      const full = {
        ...fs,
        writeSync: ((...args: Parameters<typeof fs.writeSync>) => {
          if (++saves > 6) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
          return fs.writeSync(...args)
        }) as typeof fs.writeSync,
      }
      const { run } = { run: new Orchestrator(configOf(turns(50)), { outputRoot: root, ...quiet(), fs: full }) }
      await expect(run.run()).rejects.toThrow(/ENOSPC/)
      const files = fs.readdirSync(path.join(run.runDir, 'checkpoints'))
      expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([])
      for (const name of files) JSON.parse(fs.readFileSync(path.join(run.runDir, 'checkpoints', name), 'utf8'))
      expect(eventsOf(root, run.runId).at(-1).details).toMatchObject({
        milestone_type: 'simulation_end',
        outcome: 'failed',
      })
    }))

  it.each<[string, (dir: string) => void, RegExp]>([
    ['is missing', (dir) => fs.rmSync(path.join(dir, 'turn_2.json')), /not found/],
    ['is no JSON', (dir) => fs.writeFileSync(path.join(dir, 'turn_2.json'), '{"a":'), /not valid JSON/],
    [
      'has another shape',
      (dir) => fs.writeFileSync(path.join(dir, 'turn_2.json'), '{"metadata":{},"state":{}}'),
      /not usable/,
    ],
    [
      'breaks its own variables',
      (dir) => {
        const file = path.join(dir, 'turn_2.json')
        fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/"wealth":\d+/, '"wealth":"lots"'))
      },
      /agents\.ada\.wealth must be a finite number/,
    ],
  ])('are refused when one %s', (_name, damage, message) =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, configOf(turns(2)))
      damage(path.join(run.runDir, 'checkpoints'))
      const resume = Orchestrator.fromCheckpoint({ runId: run.runId, turn: 2, outputRoot: root }, quiet())
      await expect(resume).rejects.toThrow(message)
      await expect(resume).rejects.toThrow(CheckpointLoadError)
    }),
  )

  it('are refused when the variables have changed', () =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, configOf(turns(2)))
      const file = path.join(run.runDir, 'config.json')
      const config = JSON.parse(fs.readFileSync(file, 'utf8'))
      config.state_variables = { agent_vars: { wealth: { type: 'float', max: 99999, default: 1000 } }, global_vars: {} }
      fs.writeFileSync(file, JSON.stringify(config))
      const resume = Orchestrator.fromCheckpoint({ runId: run.runId, turn: 'last', outputRoot: root }, quiet())
      await expect(resume).rejects.toThrow(SchemaCompatibilityError)
      await expect(resume).rejects.toThrow(/[0-9a-f]{64}.*[0-9a-f]{64}/s)
    }))
})

const CONFIG = {
  simulation: { max_turns: 15, checkpoint_interval: 5 },
  engine: { type: 'simple_economic' },
  agents: [
    { name: 'ada', initial_state: { wealth: 100 } },
    {
      name: 'bo',
      type: 'scripted',
      config: {
        actions: [{ action_name: 'trade', parameters: { amount: 3, partner: 'ada' } }, { action_name: 'hold' }],
      },
    },
    { name: 'cy' },
  ],
  spatial: { topology: { type: 'grid', width: 3, height: 3 } },
}

describe('resuming', () => {
  it('goes on to the same final state as a run that was never stopped', () =>
    withRoot(async (root) => {
      const straight = await runConfig(root, configOf(CONFIG))
      const resumed = await Orchestrator.fromCheckpoint(
        { runId: straight.run.runId, turn: 10, outputRoot: root },
        quiet(),
      )
      const result = await resumed.run()
      expect(resumed.runId).not.toBe(straight.run.runId)
      expect(result.final_state).toEqual(straight.result.final_state)
      expect(result.stats).toMatchObject({ total_turns: 5, final_turn: 15 })
      expect(listCheckpoints(resumed.runDir)).toEqual([10, 15])
      const events = eventsOf(root, resumed.runId)
      expect(events[0]).toMatchObject({
        turn_number: 10,
        details: { milestone_type: 'simulation_start', resumed_from: { run_id: straight.run.runId, turn: 10 } },
      })
      expect(events[1]).toMatchObject({
        turn_number: 11,
        details: { milestone_type: 'turn_start' },
        caused_by: [events[0].event_id],
      })
      const first = readCheckpoint(resumed.runDir, 10)
      expect(first.metadata).toMatchObject({ run_id: resumed.runId, checkpoint_type: 'initial' })
      expect(first.state).toEqual(readCheckpoint(straight.run.runDir, 10).state)
    }))

  it('keeps pauses, counters, added agents, positions and the generator', () =>
    withRoot(async (root) => {
      const options = { outputRoot: root, ...quiet() }
      const play = async (run: Orchestrator, until: number) => {
        while (run.state.turn < until && (await run.step()));
      }
      const first = new Orchestrator(configOf(CONFIG), options)
      await first.initialize()
      await play(first, 3)
      await first.addAgent({
        name: 'kid',
        type: 'scripted',
        initial_state: { wealth: 5 },
        config: { actions: [{ action_name: 'move', parameters: { target: '1,1' } }] },
        location: '0,0',
      })
      await first.pauseAgent('cy', 4)
      await first.pauseAgent('bo')
      await first.removeAgent('ada')
      await play(first, 5)
      const second = await Orchestrator.fromCheckpoint({ runId: first.runId, turn: 'last', outputRoot: root }, options)
      await second.initialize()
      expect(second.state).toEqual(first.state)
      await play(first, 12)
      await play(second, 12)
      expect(second.state).toEqual(first.state)
      expect(second.state).toMatchObject({ pausedAgents: ['bo'], spatialState: { agentPositions: { kid: '1,1' } } })
      expect(
        eventsOf(root, second.runId)
          .filter(({ event_type }) => event_type === 'DECISION')
          .every(({ agent_id }) => ['kid', 'cy'].includes(agent_id)),
      ).toBe(true)
      await first.finish()
      await second.finish()
    }))

  it('is refused for unknown runs and other components, and takes new settings of a matching file', () =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, configOf(turns(2)))
      await expect(Orchestrator.fromCheckpoint({ runId: 'nope', turn: 1, outputRoot: root }, quiet())).rejects.toThrow(
        ResumeError,
      )
      await expect(Orchestrator.fromCheckpoint({ runId: '../x', turn: 1, outputRoot: root }, quiet())).rejects.toThrow(
        ResumeError,
      )
      const configFile = path.join(root, 'given.yaml')
      const write = (agent: string, max: number) =>
        fs.writeFileSync(
          configFile,
          `simulation: { name: test, max_turns: ${max} }\nengine: { type: simple_economic }\nvalidator: { type: basic }\nagents: [{ name: ${agent} }]\n`,
        )
      write('eve', 9)
      const source = { runId: run.runId, turn: 'last' as const, outputRoot: root, configFile }
      await expect(Orchestrator.fromCheckpoint(source, quiet())).rejects.toThrow(/another agents/)
      write('ada', 4)
      const result = await (await Orchestrator.fromCheckpoint(source, quiet())).run()
      expect(result.stats).toMatchObject({ total_turns: 2, final_turn: 4 })
    }))

  it('needs a secret again that was not stored', () =>
    withRoot(async (root) => {
      const { run } = await runConfig(root, configOf({ llm: { api_key: 'sk-1' } }))
      await expect(
        Orchestrator.fromCheckpoint({ runId: run.runId, turn: 'last', outputRoot: root }, quiet()),
      ).rejects.toThrow('supply it again')
      expect(fs.readFileSync(path.join(run.runDir, 'config.json'), 'utf8')).not.toContain('sk-1')
    }))
})
