// A child process of a sweep: runs the simulations it is handed, one after the other.
import fs from 'node:fs'
import { loadConfigObject } from '../loop/config/load-config.ts'
import { messageOf } from '../loop/core/errors.ts'
import { configureLogging } from '../loop/logging/logger.ts'
import { Orchestrator } from '../loop/run/orchestrator.ts'
import { stateToDisk } from '../loop/state/state.ts'

export type SweepTask = {
  position: number
  runId: string
  config: Record<string, unknown>
  baseDir: string
  outputRoot: string
  implementationsRoot: string
  env: Record<string, string | undefined>
}
export type SweepDone = {
  position: number
  status: 'completed' | 'failed' | 'aborted'
  finalTurn: number | null
  state: Record<string, unknown> | null
  error: string | null
}

let stop: (() => void) | undefined

async function perform(task: SweepTask): Promise<SweepDone> {
  const { position, runId, config, outputRoot, implementationsRoot, baseDir, env } = task
  const load = { env, baseDir, implementationsRoot }
  const logger = configureLogging({ level: 'ERROR', format: 'json', sink: { write: (text) => fs.writeSync(2, text) } })
  try {
    const loaded = await loadConfigObject(config, load)
    const options = { ...load, outputRoot, runId, logger, historyLimit: 1 }
    const run = new Orchestrator(undefined, options, { loaded, resume: undefined })
    stop = () => run.requestStop('interrupted')
    try {
      await run.run()
    } catch (error) {
      if (!run.result) throw error
    }
    const { status, stats, final_state: state, error } = run.result!
    const last = state && { ...stateToDisk(state), reasoning_chains: [], spatial_state: null }
    return { position, status, finalTurn: stats.final_turn, state: last, error: error?.message ?? null }
  } catch (error) {
    return { position, status: 'failed', finalTurn: null, state: null, error: messageOf(error) }
  }
}

process.on('message', (task: SweepTask) => {
  void perform(task).then((done) => process.send?.(done))
})
process.on('disconnect', () => process.exit(0))
// The terminal's Ctrl-C reaches the whole group: the run in progress ends in order, the parent hands out no more.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop?.())
