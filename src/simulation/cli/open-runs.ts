import fs from 'node:fs'
import path from 'node:path'
import type { Config } from '../../kernel/config/load-config.ts'
import { EventService } from '../service/event-service.ts'
import type { CommandIo } from './io.ts'
import { type Options, textOption } from './parse-options.ts'

export const outputRootFrom = (values: Options, io: CommandIo, config: Config): string =>
  path.resolve(io.cwd, textOption(values, 'output-dir') ?? config.simulation.outputDir)

/**
 * The folder that holds `implementations/`: as given, else the current one; when that has none, the one of the configuration file, so that an
 * example runs from anywhere.
 */
export function implementationsRootFrom(values: Options, io: CommandIo, config: Config, file?: string): string {
  const given = textOption(values, 'implementations')
  const root = path.resolve(io.cwd, given ?? config.simulation.implementationsDir)
  if (given !== undefined || file === undefined || root !== path.resolve(io.cwd)) return root
  const holds = (folder: string) => fs.existsSync(path.join(folder, 'implementations'))
  const beside = path.dirname(path.resolve(io.cwd, file))
  return !holds(root) && holds(beside) ? beside : root
}

/** The runs of the output folder a command reads. */
export const openRuns = (values: Options, io: CommandIo, config: Config): EventService =>
  new EventService({ outputRoot: outputRootFrom(values, io, config) })

/** Texts of an option that may be repeated. */
export const textsOf = (values: Options, name: string): string[] => {
  const found = values[name]
  return Array.isArray(found) ? found.map(String) : found === undefined ? [] : [String(found)]
}

/** Writes pieces to the file of `--out`, or to stdout. */
export async function writeOut<R>(
  values: Options,
  io: CommandIo,
  pieces: AsyncGenerator<string, R>,
): Promise<{ file: string | undefined; end: R }> {
  const given = textOption(values, 'out')
  const file = given === undefined ? undefined : path.resolve(io.cwd, given)
  const fd = file === undefined ? undefined : fs.openSync(file, 'w')
  try {
    for (;;) {
      const { value, done } = await pieces.next()
      if (done) return { file, end: value }
      if (fd === undefined) io.stdout.write(value)
      else fs.writeSync(fd, value)
    }
  } finally {
    if (fd !== undefined) fs.closeSync(fd)
  }
}
