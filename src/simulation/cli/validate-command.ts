import path from 'node:path'
import type { Config } from '../../kernel/config/load-config.ts'
import { loadConfigFile } from '../loop/config/load-config.ts'
import type { Problem } from '../loop/config/problem.ts'
import { ConfigurationError } from '../loop/core/errors.ts'
import { EXIT } from './exit-code.ts'
import type { CommandIo } from './io.ts'
import { implementationsRootFrom } from './open-runs.ts'
import { parseOptions } from './parse-options.ts'

export const validateOptions = { implementations: { type: 'string' }, json: { type: 'boolean' } } as const

/** `troupe simulate validate`: all problems of a file; nothing is created. */
export async function validateCommand(argv: readonly string[], io: CommandIo, config: Config): Promise<number> {
  const { values, positionals } = parseOptions(argv, validateOptions, { min: 1, max: 1 })
  let problems: Problem[] = []
  try {
    const loaded = await loadConfigFile(path.resolve(io.cwd, positionals[0]!), {
      env: io.env,
      implementationsRoot: implementationsRootFrom(values, io, config, positionals[0]!),
    })
    if (!values['json']) for (const warning of loaded.warnings) io.stderr.write(`warning: ${warning.message}\n`)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    problems = error.problems
  }
  const valid = problems.length === 0
  if (values['json']) io.stdout.write(`${JSON.stringify({ valid, problems })}\n`)
  else if (valid) io.stdout.write(`${positionals[0]} is valid\n`)
  else for (const { line, message } of problems) io.stdout.write(`${line === null ? '' : `line ${line}: `}${message}\n`)
  return valid ? EXIT.success : EXIT.usage
}
