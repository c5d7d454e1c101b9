import type { Config } from '../../kernel/config/load-config.ts'
import { TRACE_LIMIT, traceOf } from '../analysis/write-trace.ts'
import { EXIT } from './exit-code.ts'
import type { CommandIo } from './io.ts'
import { openRuns, writeOut } from './open-runs.ts'
import { intOption, parseOptions } from './parse-options.ts'

export const traceOptions = {
  'turn-start': { type: 'string' },
  'turn-end': { type: 'string' },
  limit: { type: 'string' },
  out: { type: 'string' },
  'output-dir': { type: 'string' },
} as const

/** `troupe simulate trace`: a run as a Chrome trace for ui.perfetto.dev. */
export async function traceCommand(argv: readonly string[], io: CommandIo, config: Config): Promise<number> {
  const { values, positionals } = parseOptions(argv, traceOptions, { min: 1, max: 1 })
  const limit = intOption(values, 'limit', 10) ?? TRACE_LIMIT
  const service = openRuns(values, io, config)
  await service.getSimulation(positionals[0]!)
  const options = { turnStart: intOption(values, 'turn-start', 0), turnEnd: intOption(values, 'turn-end', 0), limit }
  const { end } = await writeOut(values, io, traceOf(service, positionals[0]!, options))
  io.stderr.write(
    `${end.events} events up to turn ${end.last_turn ?? 0} as ${end.entries} entries${
      end.truncated ? `; the limit of ${limit} entries is reached: choose turns or raise --limit` : ''
    }\n`,
  )
  return EXIT.success
}
