// The long form of tests that are short in `npm test`: 1,000 crossings of each kind, a database that is gone for 60 s, and each kind
// of process killed during a job.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'

const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', 'test/chaos', 'test/kernel/crossings.test.ts', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, CROSSINGS: '1000', CHAOS_LONG: '1' } },
)
process.exit(status ?? 1)
