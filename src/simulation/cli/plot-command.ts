import type { Config } from '../../kernel/config/load-config.ts'
import { plotRuns } from '../analysis/plot-run.ts'
import { EXIT } from './exit-code.ts'
import type { CommandIo } from './io.ts'
import { openRuns, textsOf, writeOut } from './open-runs.ts'
import { parseOptions, textOption } from './parse-options.ts'

export const plotOptions = {
  variables: { type: 'string', multiple: true },
  title: { type: 'string' },
  out: { type: 'string' },
  'output-dir': { type: 'string' },
} as const

async function* once(text: string): AsyncGenerator<string, void> {
  yield text
}

/** `troupe simulate plot`: variables of one or more runs over the turns, as SVG. */
export async function plotCommand(argv: readonly string[], io: CommandIo, config: Config): Promise<number> {
  const { values, positionals } = parseOptions(argv, plotOptions, { min: 1, max: 8 })
  const groups = textsOf(values, 'variables').map((names) => names.split(',').map((name) => name.trim()))
  const svg = await plotRuns(openRuns(values, io, config), positionals, groups, textOption(values, 'title'))
  await writeOut(values, io, once(svg))
  return EXIT.success
}
