import type { Config, Environment } from '../kernel/config/load-config.ts'
import type { Db } from '../kernel/db/database.ts'
import type { Log } from '../kernel/kernel.ts'
import type { Secrets } from '../kernel/telemetry/secrets.ts'

/** The service parts of the kernel, by the names of `kernel.use`. */
export async function buildParts(_from: {
  config: Config
  env: Environment
  log: Log
  secrets: Secrets
  db: Db
}): Promise<Record<string, unknown>> {
  return {}
}
