import path from 'node:path'
import type { MigrationSet } from '../src/kernel/db/migrate.ts'

const root = path.resolve(import.meta.dirname, '..')
export const KERNEL_MIGRATIONS: MigrationSet = { schema: 'kernel', dir: path.join(root, 'src/kernel/db/migrations') }
export const domainMigrations = (name: string): MigrationSet => ({
  schema: name,
  dir: path.join(root, 'src', name, 'migrations'),
})
