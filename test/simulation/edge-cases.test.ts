// The edge cases of the contract that need real processes, real files and a real lack of space. The others lie beside their code.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  eventsIn,
  MINIMAL,
  readJson,
  runCli,
  startCli,
  waitFor,
  withTemp,
  writeConfig,
} from '../../src/simulation/cli/_run-cli.ts'
import { loadConfigText } from '../../src/simulation/loop/config/load-config.ts'
import { createDetailEvent } from '../../src/simulation/loop/events/build-event.ts'
import { EventWriter } from '../../src/simulation/loop/writer/event-writer.ts'
import { createServer } from '../../src/simulation/routes/create-server.ts'
import { eventOf, finish, idOf, milestoneOf, writeLines } from '../../src/simulation/service/_service-helpers.ts'
import { EventService } from '../../src/simulation/service/event-service.ts'
import { RunScan } from '../../src/simulation/service/run-scan.ts'

const MAIN = path.resolve(import.meta.dirname, '../../src/simulation/cli/main.ts')

/** Runs the command where no file may grow beyond so many KiB: the disk is full for whoever writes more. */
function runLimited(dir: string, kib: number, args: readonly string[]): Promise<{ code: number | null; lines: any[] }> {
  return new Promise((resolve, reject) => {
    const script = `ulimit -f ${kib}; exec "$0" "$@"`
    const child = spawn('bash', ['-c', script, process.execPath, MAIN, ...args], {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let out = ''
    child.stdout.on('data', (text) => {
      out += text
    })
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({
        code,
        lines: out
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      }),
    )
  })
}

function withComponent(dir: string, kind: string, name: string, text: string): void {
  const folder = path.join(dir, 'implementations', kind)
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(
    path.join(folder, `${name}.ts`),
    `import { BaseAgent, BaseEngine } from 'troupe/simulation'\n${text}`,
  )
}

describe('a full disk', () => {
  it('loses events, counts them, and lets the run end well with a whole file', () =>
    withTemp(async (dir) => {
      const { code, lines } = await runLimited(dir, 64, [
        'run',
        writeConfig(dir, MINIMAL.replace('turns: 5', 'turns: 200')),
        ...['--output-dir', 'out', '--verbosity', 'DETAIL'],
      ])
      expect(code).toBe(0)
      const [first, last] = lines
      expect(last).toMatchObject({ status: 'completed', final_turn: 200 })
      expect(last.events_lost).toBeGreaterThan(100)
      const stored = fs.readFileSync(path.join(first.run_dir, 'events.jsonl'), 'utf8')
      expect(stored.length).toBeLessThanOrEqual(64 * 1024)
      expect(stored.endsWith('\n')).toBe(true)
      const stats = readJson(first.run_dir, 'result.json').event_stats
      expect(stats).toMatchObject({ written: last.events_written, lost: last.events_lost })
      expect(eventsIn(first.run_dir)).toHaveLength(stats.written + stats.warnings_written)
      expect(stats.accepted).toBe(stats.written + stats.lost)
      expect(stats.emitted).toBe(stats.accepted + stats.filtered + stats.invalid + stats.dropped)
      expect(stats.last_error).toContain('EFBIG')
    }))

  it('ends the run at once when it hits a checkpoint, with the error and nothing half-written', () =>
    withTemp(async (dir) => {
      withComponent(
        dir,
        'engines',
        'growing',
        `export class GrowingEngine extends BaseEngine {
  static variables = { agent_vars: { wealth: { type: 'float', default: 1 } }, global_vars: { memo: { type: 'str', default: '' } } }
  initializeState(ctx) { return ctx.initialState() }
  applyAction(state) { return state }
  applyEngineRules(state, ctx) { return { ...state, globalState: { memo: 'x'.repeat(ctx.turn * 3000) } } }
  checkTermination() { return false }
}\n`,
      )
      const file = writeConfig(dir, MINIMAL.replace('simple_economic', 'growing'))
      const args = ['run', file, '--output-dir', 'out', '--verbosity', 'MILESTONE']
      const { code, lines } = await runLimited(dir, 8, args)
      expect(code).toBe(1)
      const [{ run_dir }, last] = lines
      expect(last).toMatchObject({ status: 'failed', error: { type: 'CheckpointSaveError' } })
      const folder = path.join(run_dir, 'checkpoints')
      expect(fs.readdirSync(folder).sort()).toEqual(['last.json', 'turn_0.json'])
      expect(readJson(folder, 'last.json').state.turn).toBe(2)
    }))
})

describe('values JSON cannot hold', () => {
  it('from an agent are normalised, in the stream and in the state, and the run goes on', () =>
    withTemp(async (dir) => {
      withComponent(
        dir,
        'agents',
        'odd',
        `export class OddAgent extends BaseAgent {
  decideAction() {
    const circle: Record<string, unknown> = { deep: [] }
    circle['self'] = circle
    return { actionName: 'hold', parameters: { nan: Number.NaN, inf: -Infinity, big: 2n ** 70n, when: new Date(0), set: new Set([1]),
      map: new Map([['a', 1]]), none: undefined, call: () => 1, circle } }
  }
}\n`,
      )
      const file = writeConfig(dir, MINIMAL.replace('name: agent_alpha', 'name: agent_alpha\n    type: odd'))
      const result = await runCli(
        ['run', file, '--output-dir', 'out', '--turns', '2', '--verbosity', 'DETAIL'],
        {},
        dir,
      )
      expect(result.code).toBe(0)
      const actions = eventsIn(result.lines[0].run_dir).filter(({ event_type }) => event_type === 'ACTION')
      expect(actions).toHaveLength(2)
      expect(actions[0].details.action_payload).toEqual({
        ...{ nan: null, inf: null, big: '1180591620717411303424', when: '1970-01-01T00:00:00.000Z', set: [1] },
        ...{ map: { a: 1 }, circle: { deep: [], self: '[Circular]' } },
      })
      expect((await runCli(['check', result.lines[0].run_id, '--output-dir', 'out'], {}, dir)).code).toBe(0)
    }))

  it('from an engine are refused as values of variables and told', () =>
    withTemp(async (dir) => {
      withComponent(
        dir,
        'engines',
        'dizzy',
        `export class DizzyEngine extends BaseEngine {
  static variables = { agent_vars: { wealth: { type: 'float', default: 1 } }, global_vars: {} }
  initializeState(ctx) { return ctx.initialState() }
  applyAction(state) { return state }
  applyEngineRules(state, ctx) {
    ctx.detail('ratio', { ratio: 0 / 0, list: [1 / 0] })
    const agent = state.agents.agent_alpha
    return { ...state, agents: { agent_alpha: { ...agent, wealth: Number.NaN } } }
  }
  checkTermination() { return false }
}\n`,
      )
      const file = writeConfig(dir, MINIMAL.replace('simple_economic', 'dizzy'))
      const result = await runCli(
        ['run', file, '--output-dir', 'out', '--turns', '2', '--verbosity', 'DETAIL'],
        {},
        dir,
      )
      expect(result.code).toBe(0)
      const events = eventsIn(result.lines[0].run_dir)
      const violations = events.filter(({ details }) => details.system_event_type === 'state_violation')
      expect(violations).toHaveLength(2)
      expect(violations[0].details).toMatchObject({ status: 'failure', error_type: 'state_constraint_violation' })
      const ratio = events.find(({ details }) => details.calculation_type === 'ratio')
      expect(ratio.details.intermediate_values).toEqual({ ratio: null, list: [null] })
      expect(readJson(result.lines[0].run_dir, 'result.json').final_state.agents.agent_alpha.wealth).toBe(1000)
    }))

  it.each([
    ['.nan', 'interest_rate: .nan', 'engine.interest_rate'],
    ['.inf', 'interest_rate: -.inf', 'engine.interest_rate'],
  ])('in a configuration are refused with key and line: %s', async (_name, entry, at) => {
    const text = MINIMAL.replace('engine: { type: simple_economic }', `engine:\n  type: simple_economic\n  ${entry}`)
    const problems = await loadConfigText(text).then(
      () => [],
      (error) => error.problems,
    )
    expect(problems.map((problem: any) => [problem.path, problem.line])).toEqual([[at, 8]])
  })

  it.each([
    ['an initial value', 'wealth: 1000', 'wealth: .nan', 'agents[0].initial_state.wealth', 4],
    ['a number of turns', 'turns: 5', 'turns: .nan', 'simulation.turns', 1],
    [
      'a checkpoint interval',
      'checkpoint_interval: 999',
      'checkpoint_interval: .inf',
      'simulation.checkpoint_interval',
      1,
    ],
  ])('in a configuration are refused as %s', async (_name, from, to, at, line) => {
    const problems = await loadConfigText(MINIMAL.replace(from, to)).then(
      () => [],
      (error) => error.problems,
    )
    expect(problems.map((problem: any) => [problem.path, problem.line])).toEqual([[at, line]])
  })
})

describe('ids that climb out', () => {
  it('are refused by every command with exit 2, and nothing is made', () =>
    withTemp(async (dir) => {
      writeConfig(dir)
      writeLines(dir, 'secret', 'events.jsonl', [eventOf(1)])
      const commands = [
        ['check', '../secret'],
        ['check', '/etc'],
        ['--resume-from', '../secret'],
        ['run', 'sim.yaml', '--run-id', '../../escape'],
        ['run', 'sim.yaml', '--run-id', '.hidden'],
      ]
      const results = await Promise.all(commands.map((args) => runCli([...args, '--output-dir', 'out'], {}, dir)))
      expect(results.map(({ code, out }) => [code, out])).toEqual(commands.map(() => [2, '']))
      expect(fs.readdirSync(dir).sort()).toEqual(['secret', 'sim.yaml'])
    }))

  it.each([
    '..',
    '%2e%2e',
    '..%2fsecret',
    '%2e%2e%2fsecret',
    '....//secret',
    'link',
    '.',
    '%00',
    'a'.repeat(300),
    '~',
    '-x',
  ])('are answered 404: /simulations/%s/events', (id) =>
    withTemp(async (dir) => {
      writeLines(dir, 'secret', 'events.jsonl', [eventOf(1)])
      const root = path.join(dir, 'root')
      fs.mkdirSync(root)
      fs.symlinkSync(path.join(dir, 'secret'), path.join(root, 'link'))
      const app = await createServer(new EventService({ outputRoot: root }))
      const reply = await app.inject({ url: `/simulations/${id}/events` })
      await app.close()
      expect([reply.statusCode, reply.json().code]).toEqual([404, 'NOT_FOUND'])
      expect(reply.body).not.toContain(idOf(1))
    }),
  )
})

describe('files that change under the reader', () => {
  it('are read anew when they were rewritten in place while they were being read', () =>
    withTemp(async (root) => {
      const file = writeLines(root, 'run', 'events.jsonl', [])
      fs.writeFileSync(file, `${'garbage\n'.repeat(50)}unfinished`)
      const scan = new RunScan('run', path.join(root, 'run'))
      // Whether the run is going on is asked between reading the lines and being done with the file.
      const rewrite = () => {
        const lines = Array.from({ length: 20 }, (_, i) => milestoneOf(i, 1, 'turn_start'))
        writeLines(root, 'run', 'events.jsonl', lines)
        return true
      }
      await scan.refresh(rewrite)
      expect([scan.index.length, scan.corrupted]).toEqual([0, 50])
      await scan.refresh(() => true)
      expect([scan.index.length, scan.corrupted]).toEqual([20, 0])
    }))

  it('never make a request fail: truncated, replaced, deleted, rotated, again and again', () =>
    withTemp(async (root) => {
      const active = () => path.join(root, 'run', 'events.jsonl')
      const fill = (count: number) =>
        writeLines(
          root,
          'run',
          'events.jsonl',
          Array.from({ length: count }, (_, i) => milestoneOf(i, 1, 'turn_start')),
        )
      fill(3000)
      const app = await createServer(new EventService({ outputRoot: root }))
      const urls = [
        '/simulations',
        ...['/events?limit=3000', `/events/${idOf(7)}`, `/causality/${idOf(7)}`, '/turns', '/playback', '/facets'].map(
          (rest) => `/simulations/run${rest}`,
        ),
        ...['', '/state', '/integrity', '/export?format=csv', '/events?order=desc&limit=500'].map(
          (rest) => `/simulations/run${rest}`,
        ),
      ]
      let isOver = false
      const statuses = new Map<number, number>()
      const answered = () => [...statuses.values()].reduce((sum, count) => sum + count, 0)
      const askers = urls.map(async (url) => {
        while (!isOver) {
          const { statusCode } = await app.inject({ url })
          statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
          await new Promise((resolve) => setImmediate(resolve))
        }
      })
      const steps = [
        () => fs.truncateSync(active(), 10_000),
        () => fill(500),
        () => fs.rmSync(active()),
        () => fill(2000),
        () => fs.renameSync(active(), path.join(root, 'run', 'events_2025-01-01_10-00-00-000000.jsonl')),
        () => fill(100),
        () => fs.rmSync(path.join(root, 'run'), { recursive: true }),
        () => fill(3000),
        () => fs.writeFileSync(active(), 'garbage\n'.repeat(50)),
        () => fill(3000),
      ]
      for (const step of [...steps, ...steps]) {
        step()
        const before = answered()
        while (answered() < before + urls.length) await new Promise((resolve) => setTimeout(resolve, 5))
      }
      isOver = true
      await Promise.all(askers)
      const final = (await app.inject({ url: '/simulations/run/events?limit=1' })).json()
      await app.close()
      expect([...statuses.keys()].filter((status) => status !== 200 && status !== 404)).toEqual([])
      expect(statuses.get(200)).toBeGreaterThan(20)
      expect(final.total).toBe(3000)
    }))
})

describe('two servers on one folder', () => {
  it('give the same answers while a run writes and rotates, and after it', () =>
    withTemp(async (dir) => {
      const servers = [1, 2].map(() => startCli(['serve', '--port', '0', '--output-dir', 'out', '--json'], {}, dir))
      await waitFor(() => servers.every(({ stdout }) => stdout().includes('\n')), 'both addresses')
      const urls = servers.map(({ stdout }) => JSON.parse(stdout()).url as string)
      const writer = new EventWriter({
        outputDir: path.join(dir, 'out', 'shared'),
        simulationId: 'shared',
        verbosity: 'DETAIL',
        maxFileSize: 20_000,
      })
      await writer.start()
      const both = (rest: string) =>
        Promise.all(urls.map(async (url) => (await fetch(`${url}/simulations/shared${rest}`)).json() as any))
      let written = 0
      for (let turn = 1; turn <= 10; turn++) {
        for (let i = 0; i < 40; i++, written++)
          writer.emit(
            createDetailEvent({
              simulationId: 'shared',
              turnNumber: turn,
              calculationType: 'x',
              intermediateValues: { i },
            }),
          )
        await writer.flush()
        const [a, b] = await both('/events?limit=10000')
        expect(a).toEqual(b)
        expect(a.total).toBe(written)
      }
      const stats = await writer.stop()
      expect(stats.rotations).toBeGreaterThan(2)
      finish(path.join(dir, 'out'), 'shared')
      for (const rest of ['', '/events', '/turns', '/facets', '/integrity', '/playback?limit=5']) {
        const [a, b] = await both(rest)
        expect(a).toEqual(b)
      }
      for (const { child } of servers) child.kill('SIGTERM')
      expect((await Promise.all(servers.map(({ done }) => done))).map(({ code }) => code)).toEqual([0, 0])
    }))

  it('refuse the second of one port with exit 2 or 1 and a message, the first goes on', () =>
    withTemp(async (dir) => {
      const first = startCli(['serve', '--port', '0', '--output-dir', 'out', '--json'], {}, dir)
      await waitFor(() => first.stdout().includes('\n'), 'the address')
      const { url } = JSON.parse(first.stdout())
      const second = await runCli(['serve', '--port', new URL(url).port, '--output-dir', 'out'], {}, dir)
      expect(second.code).not.toBe(0)
      expect(second.err).toContain(new URL(url).port)
      expect((await fetch(`${url}/health`)).status).toBe(200)
      first.child.kill('SIGTERM')
      expect((await first.done).code).toBe(0)
    }))
})

describe('stored lines', () => {
  const good = milestoneOf(2, 1, 'turn_start')
  it.each<[string, unknown, string | undefined]>([
    ['V1 a list', '[]', 'not_an_object'],
    ['V2 no timestamp', { ...good, timestamp: undefined }, 'missing_field'],
    ['V3 a bad id', { ...good, event_id: 'I'.repeat(26) }, 'bad_event_id'],
    ['V3 a bad cause', { ...good, caused_by: ['x'] }, 'bad_event_id'],
    ['V4 a time without offset', { ...good, timestamp: '2025-10-08T10:30:45.000120' }, 'bad_timestamp'],
    ['V4 the 30th of February', { ...good, timestamp: '2025-02-30T10:30:45Z' }, 'bad_timestamp'],
    ['V5 half a turn', { ...good, turn_number: 0.5 }, 'bad_turn_number'],
    ['V6 an unknown type', { ...good, event_type: 'ENV' }, 'bad_event_type'],
    ['V7 no simulation', { ...good, simulation_id: '' }, 'bad_simulation_id'],
    ['V8 an empty agent', { ...good, agent_id: '' }, 'bad_agent_id'],
    ['V8 501 characters', { ...good, description: 'x'.repeat(501) }, 'description_too_long'],
    ['V9 details as text', { ...good, details: 'x' }, 'bad_details'],
    ['V9 causes as text', { ...good, caused_by: idOf(1) }, 'bad_caused_by'],
    ['a raw NaN', JSON.stringify(good).replace('"turn_number":1', '"turn_number":NaN'), 'not JSON'],
    ['V10 a milestone of an agent: typed rules are not asked of stored lines', { ...good, agent_id: 'ada' }, undefined],
    ['V11 an unknown milestone', { ...good, details: { milestone_type: 'party' } }, undefined],
    ['V14 a change without values', { ...good, event_type: 'STATE', details: {} }, undefined],
  ])('are served or counted as corrupted, with the reason: %s', (_name, line, reason) =>
    withTemp(async (root) => {
      writeLines(root, 'run', 'events.jsonl', [milestoneOf(1, 1, 'turn_start'), line, milestoneOf(3, 1, 'turn_end')])
      finish(root, 'run')
      const service = new EventService({ outputRoot: root })
      const { total, warnings } = await service.getFilteredEvents('run')
      const { problems } = await service.getIntegrity('run')
      expect(total).toBe(reason ? 2 : 3)
      expect(warnings?.corrupted_lines ?? 0).toBe(reason ? 1 : 0)
      expect(problems.map((problem) => [problem.file, problem.line, problem.reason.split(':')[0]])).toEqual(
        reason ? [['events.jsonl', 2, reason]] : [],
      )
    }),
  )
})
