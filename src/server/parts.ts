import path from 'node:path'
import { createEntraTokens } from '../kernel/access/entra-token.ts'
import type { Config } from '../kernel/config/load-config.ts'
import type { Db } from '../kernel/db/database.ts'
import { openFileStore } from '../kernel/files/open-file-store.ts'
import { createModelGateway } from '../kernel/models/gateway.ts'
import { recordTurns } from '../kernel/models/record-calls.ts'
import type { Log } from '../kernel/telemetry/logger.ts'
import type { Metrics } from '../kernel/telemetry/metrics.ts'

/** The service parts of the kernel, by the names of `kernel.use`. */
export async function buildParts({
  config,
  db,
  log,
  metrics,
  mask,
}: {
  db: Db
  config: Config
  log: Log
  mask: (text: string) => string
  metrics: Metrics
}): Promise<Record<string, unknown>> {
  return {
    metrics,
    models: createModelGateway({
      settings: config.models,
      log,
      metrics,
      mask,
      entraToken: createEntraTokens(config.entra),
      record: recordTurns(db, (error) => log.warn({ error: error.message }, 'a model call could not be recorded')),
    }),
    files: await openFileStore(config.files, path.resolve(config.core.dataDir, 'files')),
  }
}
