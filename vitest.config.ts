import path from 'node:path'
import { defineConfig } from 'vitest/config'

// Workers and the processes that tests start read compiled modules instead of compiling them again: half the time of a start.
process.env.NODE_COMPILE_CACHE ??= path.resolve(import.meta.dirname, '.cache/compiled')

const limits = { testTimeout: 30_000, hookTimeout: 60_000, teardownTimeout: 20_000, pool: 'forks' } as const

// A file that needs PostgreSQL asks test/_pg.ts for a database of its own, cloned from one migrated template.
export default defineConfig({
  test: {
    maxWorkers: Number(process.env.VITEST_MAX_WORKERS ?? 2),
    globalSetup: ['test/_global-setup.ts'],
    reporters: ['default'],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['**/*.test.ts'] },
    projects: [
      // Beside the code: they leave nothing behind in their process, so the next file runs in the same one.
      { test: { name: 'beside', include: ['src/**/*.test.ts', 'web/src/**/*.test.ts'], isolate: false, ...limits } },
      // Whole servers and processes: each file in a process of its own.
      { test: { name: 'whole', include: ['test/**/*.test.ts'], ...limits } },
    ],
  },
})
