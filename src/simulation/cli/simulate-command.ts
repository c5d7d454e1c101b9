import { type Config, ConfigError, loadConfig } from '../../kernel/config/load-config.ts'
import { messageOf } from '../loop/core/errors.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { HELP } from './help.ts'
import type { CommandIo } from './io.ts'
import { runCommand } from './run-command.ts'
import { validateCommand } from './validate-command.ts'

type Command = (argv: readonly string[], io: CommandIo, config: Config) => Promise<number>

const COMMANDS: Record<string, Command> = {
  run: runCommand,
  validate: validateCommand,
  // Loaded when asked for: they bring the HTTP server and the query service.
  serve: async (...args) => (await import('./serve-command.ts')).serveCommand(...args),
  check: async (...args) => (await import('./check-command.ts')).checkCommand(...args),
  branch: async (...args) => (await import('./branch-command.ts')).branchCommand(...args),
  compare: async (...args) => (await import('./compare-command.ts')).compareCommand(...args),
  sweep: async (...args) => (await import('./sweep-command.ts')).sweepCommand(...args),
  repeat: async (...args) => (await import('./repeat-command.ts')).repeatCommand(...args),
  metrics: async (...args) => (await import('./metrics-command.ts')).metricsCommand(...args),
  trace: async (...args) => (await import('./trace-command.ts')).traceCommand(...args),
  plot: async (...args) => (await import('./plot-command.ts')).plotCommand(...args),
}

/**
 * `troupe simulate <command>`; without a command word it means `run`. Returns the exit code; what was refused is told on
 * stderr.
 */
export async function simulateCommand(argv: readonly string[], io: CommandIo): Promise<number> {
  const [first, ...rest] = argv
  if (argv.length === 0 || argv.includes('--help') || argv.includes('-h')) {
    ;(argv.length === 0 ? io.stderr : io.stdout).write(HELP)
    return argv.length === 0 ? EXIT.usage : EXIT.success
  }
  const named = first !== undefined && Object.hasOwn(COMMANDS, first)
  try {
    return await COMMANDS[named ? first : 'run']!(named ? rest : argv, io, loadConfig(io.env))
  } catch (error) {
    io.stderr.write(`troupe simulate: ${messageOf(error)}\n`)
    return error instanceof ConfigError ? EXIT.usage : exitCodeOf(error)
  }
}
