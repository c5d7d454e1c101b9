// All tables of a server in an empty database, as its first start makes them: node test/_migrate-all.ts DATABASE_URL
import { loadConfig } from '../src/kernel/config/load-config.ts'
import { openDb } from '../src/kernel/db/database.ts'
import { migrate } from '../src/kernel/db/migrate.ts'
import { prepareEngineSchema } from '../src/kernel/runs/engine-schema.ts'
import { loadModules } from '../src/server/compose.ts'
import { KERNEL_MIGRATIONS } from './_migrations.ts'

const url = process.argv[2]!
const db = openDb({ url, max: 2, applicationName: 'troupe-test' })
const modules = await loadModules(loadConfig({ DATABASE_URL: url }))
await migrate(db, [KERNEL_MIGRATIONS, ...modules.flatMap(({ migrations }) => migrations ?? [])])
await db.close()
await prepareEngineSchema(url)
