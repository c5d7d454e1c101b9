import { loadConfig } from '../kernel/config/load-config.ts'
import { createLogger } from '../kernel/telemetry/logger.ts'
import { createSecrets } from '../kernel/telemetry/secrets.ts'
import { secretsOfConfig } from '../kernel/telemetry/secrets-of-config.ts'
import { startServer } from '../server/start-server.ts'
import { readArguments } from './arguments.ts'
import { giveBackStartMemory } from './give-back-memory.ts'
import { CliError, type Io } from './io.ts'

const HELP = `troupe worker

Runs stages, dispatch and in-process agents against the PostgreSQL of DATABASE_URL. Start as many as wanted, on any machine.
PUBLIC_URL names the address under which agents reach the API server.`

export async function worker(argv: string[], io: Io): Promise<number> {
  if (readArguments(argv, {}).values.help) {
    io.out(HELP)
    return 0
  }
  const config = loadConfig(io.env)
  if (!config.core.databaseUrl && !io.env['PGHOST'])
    throw new CliError('A worker shares the server’s database: set DATABASE_URL', 2)
  const secrets = createSecrets(secretsOfConfig(config as never))
  const log = createLogger({ level: config.core.logLevel, secrets })
  const server = await startServer({ config, env: io.env, log, secrets, roles: ['work'] })
  giveBackStartMemory()
  io.out('Worker is up')
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        void server.stop().then(() => resolve(0))
      })
  })
}
