import type { Config } from '../../kernel/config/load-config.ts'
import { metricsCsv } from '../analysis/metrics-csv.ts'
import { UsageError } from '../loop/core/errors.ts'
import { EXIT } from './exit-code.ts'
import type { CommandIo } from './io.ts'
import { openRuns, writeOut } from './open-runs.ts'
import { parseOptions, textOption } from './parse-options.ts'

export const metricsOptions = {
  variables: { type: 'string' },
  shape: { type: 'string' },
  out: { type: 'string' },
  'output-dir': { type: 'string' },
} as const

/** `troupe simulate metrics`: the variables of a run turn by turn as CSV. */
export async function metricsCommand(argv: readonly string[], io: CommandIo, config: Config): Promise<number> {
  const { values, positionals } = parseOptions(argv, metricsOptions, { min: 1, max: 1 })
  const shape = textOption(values, 'shape') ?? 'wide'
  if (shape !== 'wide' && shape !== 'long') throw new UsageError(`--shape must be wide or long, not ${shape}`)
  const variables = textOption(values, 'variables')
    ?.split(',')
    .map((name) => name.trim())
  const service = openRuns(values, io, config)
  await service.getSimulation(positionals[0]!)
  await writeOut(values, io, metricsCsv(service, positionals[0]!, { shape, variables }))
  return EXIT.success
}
