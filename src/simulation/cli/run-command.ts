import path from 'node:path'
import type { Config } from '../../kernel/config/load-config.ts'
import type { Override } from '../loop/config/load-config.ts'
import { UsageError } from '../loop/core/errors.ts'
import { VERBOSITY_LEVELS } from '../loop/events/event.ts'
import { parseVerbosity } from '../loop/events/verbosity.ts'
import { configureLogging } from '../loop/logging/logger.ts'
import { Orchestrator } from '../loop/run/orchestrator.ts'
import type { OrchestratorOptions } from '../loop/run/orchestrator-options.ts'
import type { StateChanges } from '../loop/run/resume.ts'
import { GIVEN_RUN_ID } from '../loop/run/run-id.ts'
import { drainActiveWriters } from '../loop/writer/active-writers.ts'
import { EXIT } from './exit-code.ts'
import type { CommandIo } from './io.ts'
import { implementationsRootFrom } from './open-runs.ts'
import { intOption, type Options, parseOptions, textOption } from './parse-options.ts'
import { Progress } from './progress.ts'

const HISTORY_LIMIT = 1000

export const runOptions = {
  verbosity: { type: 'string' },
  turns: { type: 'string' },
  'output-dir': { type: 'string' },
  'run-id': { type: 'string' },
  seed: { type: 'string' },
  'write-mode': { type: 'string' },
  implementations: { type: 'string' },
  'resume-from': { type: 'string' },
  'resume-turn': { type: 'string' },
  debug: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/** Options that win over the file, checked as the file's own values are. */
function overridesOf(values: Options): Override[] {
  const overrides: Override[] = []
  const turns = intOption(values, 'turns', 1)
  const seed = intOption(values, 'seed', Number.MIN_SAFE_INTEGER)
  const mode = textOption(values, 'write-mode')
  const level = textOption(values, 'verbosity')
  if (turns !== undefined) overrides.push({ path: ['simulation', 'max_turns'], value: turns, option: '--turns' })
  if (seed !== undefined) overrides.push({ path: ['simulation', 'seed'], value: seed, option: '--seed' })
  if (mode !== undefined) {
    if (mode !== 'async' && mode !== 'sync') throw new UsageError(`--write-mode must be async or sync, not ${mode}`)
    overrides.push({ path: ['event_stream', 'mode'], value: mode, option: '--write-mode' })
  }
  if (level !== undefined) {
    const known = parseVerbosity(level)
    if (!known) throw new UsageError(`--verbosity must be one of ${VERBOSITY_LEVELS.join(', ')}, not ${level}`)
    overrides.push({ path: ['event_stream', 'verbosity'], value: known, option: '--verbosity' })
  }
  if (values['debug']) overrides.push({ path: ['logging', 'level'], value: 'DEBUG', option: '--debug' })
  return overrides
}

function resumeTurn(values: Options): number | 'last' {
  const text = textOption(values, 'resume-turn')
  return text === undefined || text === 'last' ? 'last' : intOption(values, 'resume-turn', 0)!
}

async function prepare(
  values: Options,
  file: string | undefined,
  io: CommandIo,
  config: Config,
  progress: Progress | undefined,
  changes: StateChanges | undefined,
) {
  const runId = textOption(values, 'run-id')
  if (runId !== undefined && !GIVEN_RUN_ID.test(runId))
    throw new UsageError(`--run-id must match ${GIVEN_RUN_ID.source}, not ${runId}`)
  const sink = {
    isTTY: io.stderr.isTTY === true,
    write: (text: string) => {
      progress?.clear()
      io.stderr.write(text)
    },
  }
  const options: OrchestratorOptions = {
    outputRoot: path.resolve(io.cwd, textOption(values, 'output-dir') ?? config.simulation.outputDir),
    implementationsRoot: implementationsRootFrom(values, io, config, file),
    env: io.env,
    overrides: overridesOf(values),
    historyLimit: HISTORY_LIMIT,
    makeLogger: (logging) =>
      configureLogging({
        ...logging,
        level: progress ? 'WARNING' : logging.level,
        environment: config.core.environment,
        sink,
      }),
    ...(runId === undefined ? {} : { runId }),
  }
  const from = textOption(values, 'resume-from')
  const configFile = file === undefined ? undefined : path.resolve(io.cwd, file)
  if (from !== undefined)
    return Orchestrator.fromCheckpoint(
      {
        runId: from,
        turn: resumeTurn(values),
        ...(configFile ? { configFile } : {}),
        ...(changes ? { changes } : {}),
      },
      options,
    )
  if (values['resume-turn'] !== undefined) throw new UsageError('--resume-turn needs --resume-from')
  if (configFile === undefined)
    throw new UsageError('A configuration file is needed: troupe simulate run <config.yaml>')
  return Orchestrator.fromYaml(configFile, options)
}

/** First signal: an orderly end after the current turn. Second: the queue is written and the process ends. */
function obeySignals(run: Orchestrator, io: CommandIo): () => void {
  let signals = 0
  return io.onSignal(() => {
    signals++
    if (signals === 1) return run.requestStop('interrupted')
    drainActiveWriters()
    io.exit(EXIT.interrupted)
  })
}

/** `troupe simulate run`: one simulation in this process; two JSON lines on stdout. */
export async function runCommand(argv: readonly string[], io: CommandIo, config: Config): Promise<number> {
  const { values, positionals } = parseOptions(argv, runOptions, { min: 0, max: 1 })
  return perform(values, positionals[0], io, config)
}

/** Runs what the options of `run` describe, from a file or a checkpoint with changed variables. */
export async function perform(
  values: Options,
  file: string | undefined,
  io: CommandIo,
  config: Config,
  changes?: StateChanges,
): Promise<number> {
  const withProgress = io.stderr.isTTY === true && !values['json'] && !values['debug']
  const progress = withProgress ? new Progress(io.stderr) : undefined
  const run = await prepare(values, file, io, config, progress, changes)
  const print = (line: Record<string, unknown>) => io.stdout.write(`${JSON.stringify(line)}\n`)
  let release: () => void = () => undefined
  const startedMs = performance.now()
  try {
    release = obeySignals(run, io)
    await run.initialize()
    print({
      run_id: run.runId,
      run_dir: run.runDir,
      status: 'running',
      ...(run.resumedFrom ? { resumed_from: run.resumedFrom } : {}),
    })
    while (await run.step())
      progress?.show({
        turn: run.state.turn,
        maxTurns: run.maxTurns,
        agents: Object.keys(run.state.agents).length,
        events: run.eventWriter?.stats.accepted ?? 0,
        startedMs,
      })
    await run.finish()
  } catch (error) {
    if (!run.result) throw error
  } finally {
    progress?.end()
    release()
  }
  return printResult(run, print)
}

function printResult(run: Orchestrator, print: (line: Record<string, unknown>) => void): number {
  const result = run.result!
  const { stats, event_stats: events } = result
  print({
    run_id: result.run_id,
    run_dir: run.runDir,
    status: result.status,
    termination_reason: stats.termination_reason,
    total_turns: stats.total_turns,
    final_turn: stats.final_turn,
    elapsed_time_seconds: stats.elapsed_time_seconds,
    events_written: events.written,
    events_dropped: events.dropped,
    events_lost: events.lost,
    ...(result.error ? { error: result.error } : {}),
  })
  if (result.status === 'failed') return EXIT.failed
  return stats.termination_reason === 'interrupted' ? EXIT.interrupted : EXIT.success
}
