// The turn loop with and without its event stream: what an event costs inside a run. Checkpoints are thrown away, so that the
// disk's fsync and rename (about 1 ms a turn) do not drown the difference.
// Run: node bench/simulation/loop.ts [turns] [agents]     default 1000 20
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { silentLogger } from '../../src/simulation/loop/logging/logger.ts'
import { Orchestrator } from '../../src/simulation/loop/run/orchestrator.ts'

const turns = Number(process.argv[2] ?? 1000)
const agents = Number(process.argv[3] ?? 20)
const unsynced = {
  ...fs,
  fsyncSync: () => undefined,
  renameSync: (from: fs.PathLike, to: fs.PathLike) => {
    if (String(to).includes('checkpoints')) fs.unlinkSync(from)
    else fs.renameSync(from, to)
  },
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
  const started = performance.now()
  const { event_stats } = await orchestrator.run()
  return { ms: performance.now() - started, events: event_stats.written, dropped: event_stats.dropped }
}

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-bench-'))
const best = async (enabled: boolean, verbosity: string) => {
  const rounds = []
  for (let i = 0; i < 3; i++) rounds.push(await run(root, enabled, verbosity))
  return rounds.sort((a, b) => a.ms - b.ms)[0]!
}
for (const level of ['DETAIL', 'ACTION']) await run(root, true, level) // warm-up: the compiler, not the loop
const off = await best(false, 'DETAIL')
console.log(JSON.stringify({ stream: 'off', turns, agents, ms_per_turn: Number((off.ms / turns).toFixed(3)) }))
for (const level of ['MILESTONE', 'ACTION', 'DETAIL']) {
  const on = await best(true, level)
  console.log(
    JSON.stringify({
      stream: level,
      events: on.events,
      dropped: on.dropped,
      ms_per_turn: Number((on.ms / turns).toFixed(3)),
      us_per_event: Number((((on.ms - off.ms) * 1000) / on.events).toFixed(2)),
    }),
  )
}
fs.rmSync(root, { recursive: true })
