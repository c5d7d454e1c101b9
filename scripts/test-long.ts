// The long form of tests that are short in `npm test`: 1,000 crossings of each kind, a database that is gone for 60 s, each kind
// of process killed during a job, all 240 cases of prompt injection, more values for each route, the large event with a model,
// and the pictures of the planning screens.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'

const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    'test/chaos',
    'test/kernel/crossings.test.ts',
    'test/trust',
    'test/planning-team',
    'test/browser',
    'src/planning/runs/acceptance.test.ts',
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, CROSSINGS: '1000', CHAOS_LONG: '1', INJECTION_ALL: '1', FUZZ_CASES: '20', LOOKS: '1' },
  },
)
process.exit(status ?? 1)
