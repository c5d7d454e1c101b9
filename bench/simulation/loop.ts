// The turn loop with and without its event stream: what an event costs inside a run. Checkpoints are thrown away, so that the
// disk's fsync and rename (about 1 ms a turn) do not drown the difference.
// Run: node bench/simulation/loop.ts [turns] [agents]     default 1000 20
import fs from 'node:fs'
import { silentLogger } from '../../src/simulation/loop/logging/logger.ts'
import { Orchestrator } from '../../src/simulation/loop/run/orchestrator.ts'
import { RunEvents } from '../../src/simulation/loop/run/run-events.ts'
import { loadPerCore, say, spread, tempFolder } from './_measure.ts'

const turns = Number(process.argv[2] ?? 1000)
const agents = Number(process.argv[3] ?? 20)
const ROUNDS = 7
const unsynced = {
  ...fs,
  fsyncSync: () => undefined,
  renameSync: (from: fs.PathLike, to: fs.PathLike) => {
    if (String(to).includes('checkpoints')) fs.unlinkSync(from)
    else fs.renameSync(from, to)
  },
}

/** Time inside the emission points themselves: build, check, serialise, queue. */
let inside = 0
const points = RunEvents.prototype as unknown as Record<string, (...args: unknown[]) => unknown>
for (const name of ['milestone', 'decision', 'action', 'state', 'detail', 'system']) {
  const original = points[name]!
  points[name] = function (this: unknown, ...args: unknown[]) {
    const from = performance.now()
    const ref = original.apply(this, args)
    inside += performance.now() - from
    return ref
  }
}

async function run(outputRoot: string, enabled: boolean, verbosity: string) {
  const config = {
    simulation: { name: 'loop', max_turns: turns, max_agents: agents },
    engine: { type: 'simple_economic' },
    validator: { type: 'basic' },
    agents: Array.from({ length: agents }, (_, i) => ({ name: `agent_${i}`, initial_state: { wealth: 100_000 } })),
    event_stream: { enabled, verbosity, max_queue_size: 50_000 },
  }
  const orchestrator = new Orchestrator(config, { outputRoot, fs: unsynced, logger: silentLogger, historyLimit: 10 })
  inside = 0
  const started = performance.now()
  const cpu = process.cpuUsage()
  const { event_stats } = await orchestrator.run()
  const { user, system } = process.cpuUsage(cpu)
  return { ms: performance.now() - started, cpuMs: (user + system) / 1000, insideMs: inside, stats: event_stats }
}

const root = tempFolder()
const LEVELS = ['off', 'MILESTONE', 'ACTION', 'DETAIL']
const rounds = new Map<string, Awaited<ReturnType<typeof run>>[]>(LEVELS.map((level) => [level, []]))
for (const level of LEVELS) await run(root, level !== 'off', level === 'off' ? 'ACTION' : level)
// Levels take turns, so that a busy minute of the machine falls on all of them.
for (let i = 0; i < ROUNDS; i++)
  for (const level of LEVELS)
    rounds.get(level)!.push(await run(root, level !== 'off', level === 'off' ? 'ACTION' : level))
// Processor time, not the clock: what others do on the machine would drown a difference of microseconds.
const off = spread(
  rounds.get('off')!.map(({ cpuMs }) => cpuMs / turns),
  4,
).median
for (const level of LEVELS) {
  const all = rounds.get(level)!
  const { written, dropped } = all[0]!.stats
  say({
    stream: level,
    turns,
    agents,
    ms_per_turn: spread(
      all.map(({ ms }) => ms / turns),
      3,
    ),
    ...(level === 'off'
      ? {}
      : {
          events: written,
          dropped,
          emit_in_loop_us: spread(all.map(({ insideMs }) => (insideMs * 1000) / written)),
          cpu_difference_us_per_event: spread(all.map(({ cpuMs }) => ((cpuMs / turns - off) * 1000 * turns) / written)),
        }),
    load_per_core: loadPerCore(),
  })
}
fs.rmSync(root, { recursive: true })
