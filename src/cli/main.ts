import { ConfigError } from '../kernel/config/load-config.ts'
import { EmbeddedServerError } from '../kernel/db/embedded-server.ts'
import { AppError } from '../kernel/errors/app-error.ts'
import { closest } from './closest.ts'
import { CliError, processIo } from './io.ts'

type Command = { summary: string; load: () => Promise<(argv: string[], io: typeof processIo) => Promise<number>> }

/** Each command is loaded when called: `troupe agent` must stay small. */
const COMMANDS: Record<string, Command> = {
  up: {
    summary: 'start everything on this machine: database, server, agents, screens',
    load: async () => (await import('./up.ts')).up,
  },
  start: {
    summary: 'the same in the background: waits for health',
    load: async () => (await import('./start.ts')).start,
  },
  stop: {
    summary: 'stop the server of this folder; --volumes also drops its data',
    load: async () => (await import('./stop.ts')).stop,
  },
  worker: {
    summary: 'run stages and dispatch on another machine',
    load: async () => (await import('./worker.ts')).worker,
  },
  agent: { summary: 'run one agent process', load: async () => (await import('./agent.ts')).agent },
  task: { summary: 'submit a job in plain words and follow it', load: async () => (await import('./task.ts')).task },
  simulate: {
    summary: 'run, serve, validate and check simulations; needs no server',
    load: async () => (await import('./simulate.ts')).simulate,
  },
  plan: {
    summary: 'plan an event from a YAML file and follow the agents',
    load: async () => (await import('./plan.ts')).plan,
  },
  movie: {
    summary: 'make a film from a YAML file or a screenplay and follow the crew',
    load: async () => (await import('./movie.ts')).movie,
  },
  runs: {
    summary: 'list, show, pause, resume, cancel, retry, fork runs',
    load: async () => (await import('./runs.ts')).runs,
  },
  events: {
    summary: 'list and follow events, walk causes and effects',
    load: async () => (await import('./events.ts')).events,
  },
  decisions: {
    summary: 'list, show and answer questions',
    load: async () => (await import('./decisions.ts')).decisions,
  },
  agents: { summary: 'list agents, drain and resume them', load: async () => (await import('./agents.ts')).agents },
  key: { summary: 'create, list and revoke API keys', load: async () => (await import('./key.ts')).key },
  audit: {
    summary: 'list, verify, export and seal the audit',
    load: async () => (await import('./audit.ts')).audit,
  },
  db: { summary: 'back up, restore, stop the database', load: async () => (await import('./db.ts')).db },
  'test-system': {
    summary: 'run three jobs through a running server and check their results',
    load: async () => (await import('./test-system.ts')).testSystem,
  },
  'init-db': {
    summary: 'make the schemas and tables of a new database',
    load: async () => (await import('./operations/init-db.ts')).initDb,
  },
  migrate: {
    summary: 'apply pending migrations; safe to repeat',
    load: async () => (await import('./operations/init-db.ts')).initDb,
  },
  'check-db': {
    summary: 'round trip through the tables, with clean-up',
    load: async () => (await import('./operations/check-db.ts')).checkDb,
  },
  'check-coordination': {
    summary: 'round trip through queue, registry, state and locks',
    load: async () => (await import('./operations/check-coordination.ts')).checkCoordination,
  },
  'clean-db': {
    summary: 'empty tasks, subtask_results and agent_logs',
    load: async () => (await import('./operations/clean-db.ts')).cleanDb,
  },
  'reset-all': {
    summary: 'after a YES: empty everything of the tasks domain, files included',
    load: async () => (await import('./operations/reset-all.ts')).resetAll,
  },
  doctor: {
    summary: 'check this installation and say what to do',
    load: async () => (await import('./doctor.ts')).doctor,
  },
}

const usage = () =>
  `troupe <command>\n\n${Object.entries(COMMANDS)
    .map(([name, { summary }]) => `  ${name.padEnd(18)} ${summary}`)
    .join('\n')}\n\n"troupe <command> --help" says more. Exit codes: 0 done, 1 failed, 2 wrong use, 130 stopped.\n`

async function main(argv: string[]): Promise<number> {
  // `troupe help task` is `troupe task --help`.
  const [name = 'help', ...rest] = argv[0] === 'help' && argv[1] ? [argv[1], '--help'] : argv
  if (['help', '--help', '-h'].includes(name)) {
    process.stdout.write(usage())
    return 0
  }
  if (['--version', '-v', 'version'].includes(name)) {
    process.stdout.write(`${(await import('../server/version.ts')).VERSION}\n`)
    return 0
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) {
    const meant = closest(name, Object.keys(COMMANDS))
    process.stderr.write(
      `troupe: no command "${name}"${meant ? `: did you mean "${meant}"?` : ':'} "troupe --help" lists all\n`,
    )
    return 2
  }
  try {
    return await (await command.load())(rest, processIo)
  } catch (error) {
    if (error instanceof CliError) {
      process.stderr.write(`troupe ${name}: ${error.message}\n`)
      return error.exitCode
    }
    const known =
      error instanceof ConfigError ||
      error instanceof EmbeddedServerError ||
      error instanceof AppError ||
      (error as { expected?: boolean }).expected
    process.stderr.write(
      `troupe ${name}: ${known || !(error as Error).stack ? (error as Error).message : /^(Port|Migration|No embedded)/.test((error as Error).message) ? (error as Error).message : (error as Error).stack}\n`,
    )
    return 1
  }
}

// pg 8 announces what will change in pg 9 under DBOS; that version is pinned, so users need not read it. Other warnings stay.
process.removeAllListeners('warning')
process.on('warning', (warning) => {
  if (warning.name === 'DeprecationWarning' && warning.message.includes('client.query()')) return
  process.stderr.write(`${warning.name}: ${warning.message}\n`)
})

process.exitCode = await main(process.argv.slice(2))
