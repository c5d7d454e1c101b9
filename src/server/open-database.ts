import { createEntraTokens } from '../kernel/access/entra-token.ts'
import type { Config, Environment } from '../kernel/config/load-config.ts'
import { superviseServer } from '../kernel/db/supervise-server.ts'
import type { Log } from '../kernel/kernel.ts'

/** Scope of tokens for Azure Database for PostgreSQL. */
const DATABASE_SCOPE = 'https://ossrdbms-aad.database.windows.net/.default'

export type DatabaseAddress = {
  url: string
  password?: () => Promise<string>
  embedded: boolean
  /** Ends supervision, and the embedded server with it when asked. */
  close(stopServer: boolean): Promise<void>
}

/** libpq's variables as a URL, when PGHOST is set. */
function urlOfPgVariables(env: Environment): string | undefined {
  if (!env['PGHOST']) return undefined
  const url = new URL(`postgres://${env['PGHOST']}:${env['PGPORT'] ?? 5432}/${env['PGDATABASE'] ?? 'troupe'}`)
  if (env['PGUSER']) url.username = env['PGUSER']
  if (env['PGPASSWORD']) url.password = env['PGPASSWORD']
  if (env['PGSSLMODE']) url.searchParams.set('sslmode', env['PGSSLMODE'])
  return url.href
}

/** The configured PostgreSQL, or the embedded one, started and supervised. */
export async function openDatabase(config: Config, env: Environment, log: Log): Promise<DatabaseAddress> {
  const url = config.core.databaseUrl ?? urlOfPgVariables(env)
  const tokens = createEntraTokens(config.entra)
  if (url)
    return {
      url,
      embedded: false,
      ...(config.core.databaseAuth === 'entra' ? { password: () => tokens(DATABASE_SCOPE) } : {}),
      close: async () => undefined,
    }
  const server = await superviseServer(config.core.dataDir, {}, (event) =>
    event.kind === 'failed'
      ? log.error({ error: event.message }, 'PostgreSQL could not be started again')
      : log.warn({}, event.message),
  )
  return { url: server.url, embedded: true, close: (stopServer) => server.close(stopServer) }
}

/** The configured external PostgreSQL with the password in its URL, for one-off commands; undefined when none is configured. */
export async function externalDatabaseUrl(config: Config, env: Environment): Promise<string | undefined> {
  const given = config.core.databaseUrl ?? urlOfPgVariables(env)
  if (!given || config.core.databaseAuth !== 'entra') return given
  const url = new URL(given)
  url.password = encodeURIComponent(await createEntraTokens(config.entra)(DATABASE_SCOPE))
  return url.href
}
