import { DBOS } from '@dbos-inc/dbos-sdk'

/** Makes the engine's own tables in a database, for a restore. Runs nothing. */
export async function prepareEngineSchema(databaseUrl: string): Promise<void> {
  DBOS.setConfig({
    name: 'troupe',
    systemDatabaseUrl: databaseUrl,
    systemDatabasePoolSize: 2,
    applicationVersion: 'troupe',
    executorID: 'schema',
    logLevel: 'error',
  })
  await DBOS.launch()
  await DBOS.shutdown()
}
