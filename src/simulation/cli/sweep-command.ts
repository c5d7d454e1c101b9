import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Config } from '../../kernel/config/load-config.ts'
import { readAssignment, readSeeds, readValues } from '../analysis/read-values.ts'
import { runSweep } from '../analysis/run-sweep.ts'
import { configOf, planSweep } from '../analysis/sweep-plan.ts'
import { groupRows, sweepCsv } from '../analysis/sweep-table.ts'
import { loadConfigObject } from '../loop/config/load-config.ts'
import { yamlMap } from '../loop/config/yaml-source.ts'
import { messageOf, UsageError } from '../loop/core/errors.ts'
import { VERBOSITY_LEVELS } from '../loop/events/event.ts'
import { parseVerbosity } from '../loop/events/verbosity.ts'
import { GIVEN_RUN_ID } from '../loop/run/run-id.ts'
import type { SweepGroup, SweepRow } from '../schema.ts'
import { EXIT } from './exit-code.ts'
import type { CommandIo } from './io.ts'
import { implementationsRootFrom, outputRootFrom, textsOf } from './open-runs.ts'
import { intOption, parseOptions, textOption } from './parse-options.ts'

export const sweepOptions = {
  vary: { type: 'string', multiple: true },
  seeds: { type: 'string' },
  measure: { type: 'string', multiple: true },
  workers: { type: 'string' },
  turns: { type: 'string' },
  verbosity: { type: 'string' },
  id: { type: 'string' },
  'output-dir': { type: 'string' },
  implementations: { type: 'string' },
  json: { type: 'boolean' },
} as const

const MAX_WORKERS = 64

const round = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(6))))

/** Groups as a table for people: parameters, number of runs, mean ± deviation of each measure. */
function table(paths: readonly string[], measures: readonly string[], groups: readonly SweepGroup[]): string {
  const head = [...paths, 'runs', ...measures]
  const rows = groups.map(({ parameters, runs, done, measures: found }) => [
    ...paths.map((name) => JSON.stringify(parameters[name])),
    done === runs ? String(runs) : `${done} of ${runs}`,
    ...measures.map((name) => {
      const { mean, sd } = found[name]!
      return sd ? `${round(mean)} ± ${round(sd)}` : round(mean)
    }),
  ])
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd()}\n`
  return line(head) + line(widths.map((width) => '-'.repeat(width))) + rows.map(line).join('')
}

/** `troupe simulate sweep`: every combination of parameters and seeds, spread over child processes; a table of results. */
export async function sweepCommand(argv: readonly string[], io: CommandIo, config: Config): Promise<number> {
  const { values, positionals } = parseOptions(argv, sweepOptions, { min: 1, max: 1 })
  const file = path.resolve(io.cwd, positionals[0]!)
  const parameters = textsOf(values, 'vary').map((text) => {
    const [name, list] = readAssignment(text, '--vary')
    return { path: name, values: readValues(list) }
  })
  const seedText = textOption(values, 'seeds')
  const members = planSweep({ parameters, seeds: seedText === undefined ? [] : readSeeds(seedText) })
  const outputRoot = outputRootFrom(values, io, config)
  const sweepId = textOption(values, 'id') ?? freeId(outputRoot, `sweep-${path.parse(file).name}`)
  if (!GIVEN_RUN_ID.test(sweepId)) throw new UsageError(`--id must match ${GIVEN_RUN_ID.source}, not ${sweepId}`)
  const given = withOptions(yamlMap(readText(file)), values)
  const implementationsRoot = implementationsRootFrom(values, io, config, file)
  const load = { env: io.env, baseDir: path.dirname(file), implementationsRoot }
  // All problems of a combination are told before anything runs; seeds do not change what is valid.
  for (const member of members.filter(({ seed }, i) => i === 0 || seed === members[0]!.seed))
    await loadConfigObject(configOf(given, member), load)
  const stop = new AbortController()
  const release = io.onSignal(() => stop.abort())
  const paths = parameters.map(({ path: name }) => name)
  fs.mkdirSync(outputRoot, { recursive: true })
  try {
    const { rows, measures } = await runSweep({
      sweepId,
      config: given,
      members,
      measures: textsOf(values, 'measure').flatMap((names) => names.split(',').map((name) => name.trim())),
      workers: intOption(values, 'workers', 1, MAX_WORKERS) ?? Math.max(1, os.availableParallelism()),
      baseDir: load.baseDir,
      outputRoot,
      implementationsRoot,
      env: io.env,
      signal: stop.signal,
      onRow: (row, done) => io.stderr.write(progressLine(row, done, members.length)),
    })
    const csvFile = path.join(outputRoot, `${sweepId}.sweep.csv`)
    const groups = groupRows(rows, measures)
    fs.writeFileSync(csvFile, sweepCsv(paths, measures, rows))
    const summary = { sweep_id: sweepId, runs: members.length, measures, parameters, rows, groups, csv: csvFile }
    if (values['json']) io.stdout.write(`${JSON.stringify(summary)}\n`)
    else io.stdout.write(`${table(paths, measures, groups)}\n${csvFile}\n`)
    if (stop.signal.aborted) return EXIT.interrupted
    return rows.every(({ status }) => status === 'completed') ? EXIT.success : EXIT.failed
  } finally {
    release()
  }
}

const progressLine = ({ run_id: id, status, error }: SweepRow, done: number, total: number): string =>
  `${done}/${total} ${id} ${status}${error ? `: ${error}` : ''}\n`

/** The configuration with the options that count for every run. */
function withOptions(given: Record<string, any>, values: Record<string, unknown>): Record<string, any> {
  const turns = intOption(values as never, 'turns', 1)
  const level = textOption(values as never, 'verbosity')
  const verbosity = level === undefined ? undefined : parseVerbosity(level)
  if (level !== undefined && !verbosity)
    throw new UsageError(`--verbosity must be one of ${VERBOSITY_LEVELS.join(', ')}, not ${level}`)
  const { turns: _, ...simulation } = given['simulation'] ?? {}
  return {
    ...given,
    ...(turns === undefined ? {} : { simulation: { ...simulation, max_turns: turns } }),
    ...(verbosity ? { event_stream: { ...given['event_stream'], verbosity } } : {}),
  }
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`The configuration file ${file} cannot be read: ${messageOf(error)}`)
  }
}

function freeId(outputRoot: string, name: string): string {
  const base = name.replace(/[^A-Za-z0-9_-]/g, '_')
  for (let n = 1; ; n++) {
    const id = `${base}-${n}`
    if (!fs.existsSync(path.join(outputRoot, `${id}.sweep.csv`))) return id
  }
}
