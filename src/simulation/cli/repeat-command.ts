import type { Config } from '../../kernel/config/load-config.ts'
import { type RepeatReport, repeatRun } from '../analysis/repeat-run.ts'
import { configureLogging } from '../loop/logging/logger.ts'
import { EXIT } from './exit-code.ts'
import type { CommandIo } from './io.ts'
import { outputRootFrom } from './open-runs.ts'
import { parseOptions, textOption } from './parse-options.ts'

export const repeatOptions = {
  'output-dir': { type: 'string' },
  implementations: { type: 'string' },
  keep: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

function describe({ run_id: id, same, checks, run_dir: runDir }: RepeatReport): string {
  const lines = [`${id}: ${same ? 'repeated bit for bit' : 'the repetition differs'}`]
  for (const { name, ok, detail } of checks) lines.push(`  ${ok ? 'same   ' : 'differs'} ${name}: ${detail}`)
  if (!same) lines.push(`  the repetition is in ${runDir}`)
  return `${lines.join('\n')}\n`
}

/** `troupe simulate repeat`: runs a run again from its manifest and compares. Exit code 0 when the same, 1 when not. */
export async function repeatCommand(argv: readonly string[], io: CommandIo, config: Config): Promise<number> {
  const { values, positionals } = parseOptions(argv, repeatOptions, { min: 1, max: 1 })
  const report = await repeatRun(positionals[0]!, {
    outputRoot: outputRootFrom(values, io, config),
    implementationsRoot: textOption(values, 'implementations'),
    env: io.env,
    keep: values['keep'] === true,
    logger: configureLogging({ level: 'ERROR', format: 'json', sink: io.stderr }),
  })
  io.stdout.write(values['json'] ? `${JSON.stringify(report)}\n` : describe(report))
  return report.same ? EXIT.success : EXIT.differs
}
