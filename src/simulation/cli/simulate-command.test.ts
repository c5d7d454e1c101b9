import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  eventsIn,
  linesSoFar,
  MINIMAL,
  readJson,
  runCli,
  startCli,
  waitFor,
  withTemp,
  writeConfig,
} from './_run-cli.ts'

const SLOW_AGENT = `import { BaseAgent } from 'troupe/simulation'
export class SlowAgent extends BaseAgent {
  async decideAction(state, ctx) {
    if (ctx.turn === 1) process.stderr.write('at work')
    await new Promise((resolve) => setTimeout(resolve, Number(this.config.ms ?? 20)))
    return { actionName: 'hold', parameters: { turn: ctx.turn } }
  }
}
`
const THROWING_AGENT = `export default class extends (await import('troupe/simulation')).BaseAgent {
  decideAction(state, ctx) {
    if (ctx.turn === 3) throw new RangeError('no more ideas')
    return { actionName: 'hold' }
  }
}
`

function withAgents(dir: string): void {
  const folder = path.join(dir, 'implementations/agents')
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'slow.js'), SLOW_AGENT)
  fs.writeFileSync(path.join(folder, 'throwing.mjs'), THROWING_AGENT)
}

/** False when something lies there already. */
function linkIfFree(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to)
    return true
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('EEXIST')
    return false
  }
}

const configOf = (agent: string, more = '') =>
  MINIMAL.replace('name: agent_alpha', `name: agent_alpha\n    type: ${agent}${more}`)

describe('troupe simulate run', { timeout: 120_000 }, () => {
  it('ends after the current turn on SIGINT and exits 130 with a whole stream', () =>
    withTemp(async (dir) => {
      withAgents(dir)
      const file = writeConfig(dir, configOf('slow'))
      const running = startCli(
        ['run', file, '--output-dir', 'out', '--turns', '1000', '--implementations', '.'],
        {},
        dir,
      )
      await waitFor(() => running.stdout().includes('\n'), 'the first line')
      const { run_dir } = JSON.parse(running.stdout())
      await waitFor(() => linesSoFar(run_dir) > 30, 'some turns')
      running.child.kill('SIGINT')
      const result = await running.done
      expect(result.code).toBe(130)
      const last = result.lines[1]
      expect(last).toMatchObject({ status: 'aborted', termination_reason: 'interrupted' })
      const events = eventsIn(run_dir)
      expect(events.at(-1).details).toMatchObject({
        milestone_type: 'simulation_end',
        outcome: 'aborted',
        termination_reason: 'interrupted',
      })
      expect(events.at(-2).details.milestone_type).toBe('turn_end')
      expect(fs.existsSync(path.join(run_dir, 'checkpoints', `turn_${last.final_turn}.json`))).toBe(true)
    }))

  it('writes the queue and exits on a second signal', () =>
    withTemp(async (dir) => {
      withAgents(dir)
      const file = writeConfig(dir, configOf('slow', '\n    ms: 60000'))
      const running = startCli(['run', file, '--output-dir', 'out', '--implementations', '.'], {}, dir)
      await waitFor(() => running.stderr().includes('at work'), 'the first turn')
      // Two signals that come before a busy process looks are one: it is asked again until it is over.
      const asking = setInterval(() => running.child.kill('SIGTERM'), 100)
      const result = await running.done
      clearInterval(asking)
      expect(result.code).toBe(130)
      const events = eventsIn(JSON.parse(result.out).run_dir)
      expect(events.map(({ details }) => details.milestone_type)).toEqual([
        'simulation_start',
        'turn_start',
        'phase_transition',
      ])
    }))

  it('fails with exit 1, the reason and a closed stream when an agent throws', () =>
    withTemp(async (dir) => {
      withAgents(dir)
      const result = await runCli(
        ['run', writeConfig(dir, configOf('throwing')), '--output-dir', 'out', '--verbosity', 'DETAIL'],
        {},
        dir,
      )
      expect(result.code).toBe(1)
      expect(result.lines[1]).toMatchObject({
        status: 'failed',
        termination_reason: 'error',
        total_turns: 2,
        final_turn: 2,
        error: { type: 'RangeError', message: 'no more ideas' },
      })
      const { run_dir } = result.lines[0]
      const events = eventsIn(run_dir)
      const [agentError, runError, end] = events.slice(-3)
      expect(agentError.details).toMatchObject({
        system_event_type: 'agent_error',
        error_type: 'RangeError',
        agent_name: 'agent_alpha',
      })
      expect(runError).toMatchObject({
        turn_number: 3,
        caused_by: [agentError.event_id],
        details: { system_event_type: 'run_error', status: 'failure' },
      })
      expect(end).toMatchObject({
        turn_number: 3,
        caused_by: [runError.event_id],
        details: { outcome: 'failed', total_turns: 2 },
      })
      expect(readJson(run_dir, 'result.json')).toMatchObject({ status: 'failed', final_state: { turn: 2 } })
      expect(readJson(run_dir, 'checkpoints/last.json').state.turn).toBe(2)
      expect(fs.existsSync(path.join(run_dir, 'checkpoints/turn_2.json'))).toBe(false)
    }))

  it('skips a throwing agent when told so', () =>
    withTemp(async (dir) => {
      withAgents(dir)
      const text = configOf('throwing').replace('turns: 5', 'turns: 5, on_agent_error: skip')
      const result = await runCli(
        ['run', writeConfig(dir, text), '--output-dir', 'out', '--verbosity', 'DETAIL'],
        {},
        dir,
      )
      expect(result.code).toBe(0)
      const events = eventsIn(result.lines[0].run_dir)
      expect(
        events.filter(({ event_type }) => event_type === 'DECISION').map(({ turn_number }) => turn_number),
      ).toEqual([1, 2, 4, 5])
      const error = events.find(({ details }) => details.system_event_type === 'agent_error')
      const phase = events.find(({ event_id }) => event_id === error.caused_by[0])
      expect(phase.details).toMatchObject({ milestone_type: 'phase_transition', phase_to: 'decide' })
    }))

  it('survives kill -9 in sync mode with everything emitted on disk, and resumes', () =>
    withTemp(async (dir) => {
      withAgents(dir)
      const file = writeConfig(dir, configOf('slow', '\n    ms: 5'))
      const running = startCli(['run', file, '--output-dir', 'out', '--turns', '1000', '--write-mode', 'sync'], {}, dir)
      await waitFor(() => running.stdout().includes('\n'), 'the first line')
      const { run_dir, run_id } = JSON.parse(running.stdout())
      await waitFor(() => linesSoFar(run_dir) > 40, 'some turns')
      running.child.kill('SIGKILL')
      await running.done
      const before = eventsIn(run_dir)
      const { turn } = readJson(run_dir, 'checkpoints/last.json').state
      expect(turn).toBeGreaterThan(2)
      expect(
        before.filter(({ details }) => details.milestone_type === 'turn_end').at(-1).turn_number,
      ).toBeGreaterThanOrEqual(turn)
      const resumed = await runCli(
        ['--resume-from', run_id, '--output-dir', 'out', '--turns', String(turn + 3)],
        {},
        dir,
      )
      expect(resumed.code).toBe(0)
      expect(resumed.lines[0].resumed_from).toEqual({ run_id, turn })
      expect(resumed.lines[1]).toMatchObject({ total_turns: 3, final_turn: turn + 3 })
      const events = eventsIn(resumed.lines[0].run_dir)
      expect(events[0]).toMatchObject({
        turn_number: turn,
        details: { milestone_type: 'simulation_start', resumed_from: { run_id, turn } },
      })
      expect(events.find(({ details }) => details.milestone_type === 'turn_start').turn_number).toBe(turn + 1)
      expect(fs.readdirSync(path.join(resumed.lines[0].run_dir, 'checkpoints')).sort()).toEqual(
        ['last.json', `turn_${turn}.json`, `turn_${turn + 3}.json`].sort(),
      )
    }))

  it('goes on when its folder is deleted under it', () =>
    withTemp(async (dir) => {
      withAgents(dir)
      const file = writeConfig(dir, configOf('slow', '\n    ms: 30'))
      const running = startCli(['run', file, '--output-dir', 'out', '--turns', '60'], {}, dir)
      await waitFor(() => running.stdout().includes('\n'), 'the first line')
      const { run_dir } = JSON.parse(running.stdout())
      await waitFor(() => fs.existsSync(path.join(run_dir, 'checkpoints/last.json')), 'a checkpoint')
      // Moved first: files the run makes while they are removed one by one would keep the folder alive.
      fs.renameSync(run_dir, path.join(dir, 'removed'))
      fs.rmSync(path.join(dir, 'removed'), { recursive: true })
      const result = await running.done
      expect(result.code).toBe(0)
      expect(readJson(run_dir, 'result.json').checkpoints).toEqual([60])
      expect(fs.existsSync(path.join(run_dir, 'config.json'))).toBe(true)
      expect(eventsIn(run_dir).at(-1).details.milestone_type).toBe('simulation_end')
    }))

  it('fails at once when a checkpoint cannot be saved', () =>
    withTemp(async (dir) => {
      withAgents(dir)
      const file = writeConfig(dir, configOf('slow', '\n    ms: 30'))
      const running = startCli(['run', file, '--output-dir', 'out', '--turns', '200'], {}, dir)
      await waitFor(() => running.stdout().includes('\n'), 'the first line')
      const { run_dir } = JSON.parse(running.stdout())
      // The run may be saving one at this moment: its folder is moved, and what is put in its place must be there first.
      const folder = path.join(run_dir, 'checkpoints')
      fs.writeFileSync(path.join(dir, 'in-the-way'), 'in the way')
      for (let placed = false; !placed; ) {
        if (fs.existsSync(folder)) fs.renameSync(folder, path.join(dir, `moved-${crypto.randomUUID()}`))
        placed = linkIfFree(path.join(dir, 'in-the-way'), folder)
      }
      const result = await running.done
      expect(result.code).toBe(1)
      expect(result.lines[1].error.type).toBe('CheckpointSaveError')
    }))

  it('gives two runs of the same second their own folders', () =>
    withTemp(async (dir) => {
      const file = writeConfig(dir)
      const results = await Promise.all([1, 2].map(() => runCli(['run', file, '--output-dir', 'out'], {}, dir)))
      const ids = results.map(({ lines }) => lines[0].run_id)
      expect(new Set(ids).size).toBe(2)
      expect(results.map(({ code }) => code)).toEqual([0, 0])
    }))

  it.each<[string, string[], string]>([
    ['no file', ['run'], 'configuration file is needed'],
    ['an unknown option', ['run', 'x.yaml', '--fast'], 'fast'],
    ['a missing file', ['run', 'missing.yaml'], 'cannot be read'],
    ['a wrong number', ['run', 'sim.yaml', '--turns', '0'], '--turns'],
    ['a malformed run id', ['run', 'sim.yaml', '--run-id', '../x'], '--run-id'],
    ['an unknown run', ['--resume-from', 'nope'], 'There is no run nope'],
    ['an unknown run to check', ['check', 'nope'], 'not found'],
    ['a wrong write mode', ['run', 'sim.yaml', '--write-mode', 'later'], 'async or sync'],
  ])('refuses %s with exit 2 and nothing on stdout', (_name, args, message) =>
    withTemp(async (dir) => {
      writeConfig(dir)
      const result = await runCli(args, {}, dir)
      expect(result.code).toBe(2)
      expect(result.out).toBe('')
      expect(result.err).toContain(message)
    }),
  )

  it('takes run id, folders and seed from options and environment', () =>
    withTemp(async (dir) => {
      writeConfig(dir)
      const result = await runCli(
        ['sim.yaml', '--run-id', 'mine', '--seed', '7'],
        { SIMULATION_OUTPUT_DIR: 'elsewhere' },
        dir,
      )
      expect(result.lines[0].run_dir).toBe(path.join(fs.realpathSync(dir), 'elsewhere/mine'))
      expect(readJson(result.lines[0].run_dir, 'config.json').simulation.seed).toBe(7)
      const again = await runCli(['sim.yaml', '--run-id', 'mine', '--output-dir', 'elsewhere'], {}, dir)
      expect(again.code).toBe(2)
      expect(again.err).toContain('exists already')
    }))
})

describe('troupe simulate validate and check', { timeout: 120_000 }, () => {
  it('prints all problems with path and line', () =>
    withTemp(async (dir) => {
      const text = `simulation:
  name: x
  max_turns: 0
  checkpoint_interval: 0
engine: { type: economic, interest_rate: 2 }
validator: { type: always_valid }
agents:
  - { name: a, type: nation }
  - { name: a, type: nation }
`
      const result = await runCli(['validate', writeConfig(dir, text), '--json'], {}, dir)
      expect(result.code).toBe(2)
      expect(result.lines[0].valid).toBe(false)
      expect(result.lines[0].problems.map((p: any) => [p.path, p.line])).toEqual([
        ['simulation.max_turns', 3],
        ['simulation.checkpoint_interval', 4],
        ['engine.interest_rate', 5],
        ['agents[1].name', 9],
      ])
      for (const problem of result.lines[0].problems)
        expect(Object.keys(problem).sort()).toEqual(['actual', 'expected', 'line', 'message', 'path', 'remedy'])
      const plain = await runCli(['validate', path.join(dir, 'sim.yaml')], {}, dir)
      expect(plain.out.split('\n')).toHaveLength(5)
    }))

  it('says when a file is valid and creates nothing', () =>
    withTemp(async (dir) => {
      const result = await runCli(['validate', writeConfig(dir), '--json'], {}, dir)
      expect(result.code).toBe(0)
      expect(result.lines).toEqual([{ valid: true, problems: [] }])
      expect(fs.readdirSync(dir)).toEqual(['sim.yaml'])
    }))

  it('finds the components of an example from another folder', () =>
    withTemp(async (dir) => {
      const example = path.resolve(import.meta.dirname, '../../../examples/epidemic.yaml')
      expect((await runCli(['validate', example, '--json'], {}, dir)).lines).toEqual([{ valid: true, problems: [] }])
      fs.mkdirSync(path.join(dir, 'implementations'))
      expect((await runCli(['validate', example, '--json'], {}, dir)).code).toBe(2)
    }))

  it('reports integrity and exits 3 for problems', () =>
    withTemp(async (dir) => {
      const { lines } = await runCli(['run', writeConfig(dir), '--output-dir', 'out'], {}, dir)
      const good = await runCli(['check', lines[0].run_id, '--output-dir', 'out', '--json'], {}, dir)
      expect(good.code).toBe(0)
      expect(good.lines[0]).toMatchObject({ ok: true, order_violations: 0, dropped_total: 0 })
      const file = path.join(lines[0].run_dir, 'events.jsonl')
      const stored = fs.readFileSync(file, 'utf8').split('\n')
      stored.splice(3, 0, 'not an event')
      fs.writeFileSync(file, stored.join('\n'))
      const bad = await runCli(['check', lines[0].run_id, '--output-dir', 'out', '--json'], {}, dir)
      expect(bad.code).toBe(3)
      expect(bad.lines[0].problems).toMatchObject([{ file: 'events.jsonl', line: 4, reason: 'not JSON' }])
    }))

  it('serves an output folder and ends on SIGTERM', () =>
    withTemp(async (dir) => {
      await runCli(['run', writeConfig(dir), '--output-dir', 'out', '--run-id', 'one'], {}, dir)
      const server = startCli(['serve', '--port', '0', '--output-dir', 'out', '--json'], {}, dir)
      await waitFor(() => server.stdout().includes('\n'), 'the address')
      const { url, output_dir } = JSON.parse(server.stdout())
      expect(output_dir).toBe(path.join(fs.realpathSync(dir), 'out'))
      const list = (await (await fetch(`${url}/simulations`)).json()) as any
      expect(list.simulations.map(({ id }: any) => id)).toEqual(['one'])
      expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'healthy' })
      server.child.kill('SIGTERM')
      expect((await server.done).code).toBe(0)
    }))
})
